import type { NativeAddon } from './addon';

/** Memory for the native kernels, and where each part of it begins, in float64 numbers. */
export interface AlignedMemory<Part extends string> {
  memory: Float64Array;
  places: Record<Part, number>;
}

/** Makes room for parts of so many float64 numbers. Each begins at a boundary of 64 bytes, so that no vector lies in two cache lines. */
export function alignedMemory<Part extends string>(addon: NativeAddon, sizes: Record<Part, number>): AlignedMemory<Part> {
  const parts = Object.entries<number>(sizes) as [Part, number][];
  const padded = (size: number) => (size + 7) & ~7;
  const memory = new Float64Array(parts.reduce((sum, [, size]) => sum + padded(size), 7));
  let end = addon.misalignment(memory);
  const places: Partial<Record<Part, number>> = {};
  for (const [part, size] of parts) {
    places[part] = end;
    end += padded(size);
  }
  return { memory, places: places as Record<Part, number> };
}
