/** Hands out 16-byte aligned places in the kernels' memory, one behind the other, and grows it to hold them. */
export class MemoryLayout {
  private end: number;

  constructor(
    private readonly memory: WebAssembly.Memory,
    base: number,
  ) {
    this.end = (base + 15) & ~15;
  }

  /** Byte offset of a place for this many float64 numbers. */
  float64(count: number): number {
    return this.take(8 * count);
  }

  /** Byte offset of a place for this many 32-bit integers. */
  int32(count: number): number {
    return this.take(4 * count);
  }

  private take(bytes: number): number {
    const at = this.end;
    this.end = (at + bytes + 15) & ~15;
    const missing = this.end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    return at;
  }
}
