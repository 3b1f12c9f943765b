import type { ExperimentFile } from '../../experiment';

type SampleSizes = number | number[] | { from: number; to: number; step?: number };

/** The sample sizes of a file, begun at a size: a range from it, the sizes of a list from it on, or the size alone. */
export function sampleSizesFrom(file: ExperimentFile, size: number): SampleSizes | undefined {
  const sizes = 'data' in file && file.data && 'sampleSizes' in file.data ? file.data.sampleSizes : undefined;
  if (sizes === undefined) return undefined;
  if (typeof sizes === 'number') return sizes === size ? undefined : size;
  if (Array.isArray(sizes)) {
    if (Math.min(...sizes) === size) return undefined;
    return [size, ...sizes.filter((each) => each > size)];
  }
  if (sizes.from === size) return undefined;
  return { ...sizes, from: size, to: Math.max(sizes.to, size) };
}
