import binary from 'linalg:wasm';
import { compiledModule } from '../kernels/compiledModules';

/** What assembly/index.ts exports. Pointers are byte offsets into `memory`. */
export interface LinalgExports {
  readonly memory: WebAssembly.Memory;
  start(): void;
  take(count: number): number;
  rowDistance(count: number): number;
  multiply(m: number, k: number, n: number, a: number, b: number, c: number): void;
  multiplyBlock(
    k: number,
    n: number,
    a: number,
    b: number,
    c: number,
    top: number,
    bottom: number,
    left: number,
    right: number,
  ): void;
  gramBlock(m: number, n: number, a: number, c: number, top: number, bottom: number, left: number, right: number): void;
  gram(m: number, n: number, a: number, c: number): void;
  symmetricValues(n: number, a: number, lda: number, values: number): number;
  beginSymmetric(n: number, a: number, lda: number, values: number, vectors: number): number;
  symmetricPiece(): number;
  singularValues(m: number, n: number, a: number, ldm: number, values: number): number;
  singularVectors(m: number, n: number, a: number, ldm: number, values: number, left: number, right: number): number;
  jacobiValues(m: number, n: number, a: number, ldm: number, values: number): number;
  jacobiVectors(m: number, n: number, a: number, ldm: number, values: number, left: number, right: number): number;
  getKnownLeft(): number;
  pivotedQr(m: number, n: number, a: number, ldm: number, tau: number, permutation: number): number;
  luFactorize(n: number, a: number, lda: number, pivots: number): number;
}

/** An instance that has grown beyond this is not kept for the next call: memory of WebAssembly never shrinks. */
const KEPT_BYTES = 64 * 1024 * 1024;

let idle: LinalgMemory | undefined;

/** The module's memory as seen from here: places for numbers, which stay valid until the call that took them ends. */
export class LinalgMemory {
  readonly exports: LinalgExports;

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as LinalgExports;
  }

  /**
   * Byte offset of a place for this many numbers.
   *
   * @throws RangeError when the matrix does not fit into 4 GiB
   */
  take(count: number): number {
    const place = this.exports.take(count) >>> 0;
    if (place === 0) throw new RangeError(OUT_OF_MEMORY);
    return place;
  }

  /** `count` numbers at a byte offset; to be asked for anew after every call of the module, which may move its memory. */
  numbers(place: number, count: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, place, count);
  }

  /** Where this copy of the numbers begins. */
  put(values: Float64Array): number {
    const place = this.take(values.length);
    this.numbers(place, values.length).set(values);
    return place;
  }
}

export const OUT_OF_MEMORY = 'The matrix is too large: its computation does not fit into memory.';

/** The linear algebra, compiled once for all threads. */
export function linalgModule(): WebAssembly.Module {
  return compiledModule('linalg', () => new WebAssembly.Module(binary));
}

/**
 * Runs `work` with this thread's linear algebra, compiled at the first call: an instance and a memory of its own, apart from those
 * of the training kernels, so that it never disturbs a training.
 */
export function withLinalg<Result>(work: (memory: LinalgMemory) => Result): Result {
  const memory = borrow();
  const result = work(memory);
  giveBack(memory);
  return result;
}

/** The same for work with pauses, in which others may compute: with another instance. */
export function* withLinalgInSteps<Result>(work: (memory: LinalgMemory) => Generator<void, Result>): Generator<void, Result> {
  const memory = borrow();
  const result = yield* work(memory);
  giveBack(memory);
  return result;
}

/** While somebody has it, the instance is not idle: a call inside a call gets another one. */
function borrow(): LinalgMemory {
  const memory = idle ?? new LinalgMemory(linalgModule());
  idle = undefined;
  memory.exports.start();
  return memory;
}

function giveBack(memory: LinalgMemory): void {
  if (memory.exports.memory.buffer.byteLength <= KEPT_BYTES) idle = memory;
}
