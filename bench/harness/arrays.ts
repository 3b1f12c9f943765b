/** A float64 array as it goes to a peer and comes back. */
export interface WireArray {
  float64: string;
  shape: number[];
}

export function toWire(values: Float64Array, ...shape: number[]): WireArray {
  return { float64: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'), shape };
}

export function fromWire({ float64 }: WireArray): Float64Array {
  // Copied, because a view must begin at a multiple of eight bytes.
  return new Float64Array(Uint8Array.from(Buffer.from(float64, 'base64')).buffer);
}
