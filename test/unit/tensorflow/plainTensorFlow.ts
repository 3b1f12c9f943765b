import type { Tensor, TensorFlow } from '../../../src/engine/tensorflow/library';

/** What happens to the result of every elementary operation. */
export type Rounding = (exact: number) => number;

/** float64 as it is. */
export const EXACT: Rounding = (value) => value;

/**
 * Monte Carlo arithmetic (D. S. Parker, UCLA CSD-970002, 1997): every result is off by a random relative error of up to one unit in the
 * last place of float32, so that the spread of several runs shows what float32 can tell.
 */
export function randomRounding(uniform: () => number): Rounding {
  const ulp = 1 / (1 << 23);
  return (value) => value * (1 + ulp * (2 * uniform() - 1));
}

class PlainTensor implements Tensor {
  disposed = false;

  constructor(
    readonly shape: readonly number[],
    readonly values: Float64Array,
    private readonly owner: PlainTensorFlow,
  ) {
    owner.numTensors++;
  }

  dataSync(): Float32Array {
    if (this.disposed) throw new Error('this tensor was disposed');
    // The tests want all digits.
    return this.values as unknown as Float32Array;
  }

  dispose(): void {
    if (this.disposed) throw new Error('this tensor was disposed twice');
    this.disposed = true;
    this.owner.numTensors--;
  }
}

/** The part of TensorFlow.js that the engine uses, in plain loops over float64. */
export class PlainTensorFlow implements TensorFlow {
  readonly version = {};
  numTensors = 0;
  private scopes: PlainTensor[][] = [];

  constructor(private readonly round: Rounding = EXACT) {}

  enableProdMode(): void {}
  memory = () => ({ numTensors: this.numTensors });
  tensor = (values: Float32Array, shape: readonly number[]) => this.make(shape, Float64Array.from(values));
  scalar = (value: number) => this.make([], Float64Array.of(value));
  reshape = (x: Tensor, shape: readonly number[]) => this.make(shape, read(x).slice());
  add = (a: Tensor, b: Tensor | number) => this.combine(a, b, (p, q) => p + q);
  sub = (a: Tensor | number, b: Tensor) => this.combine(a, b, (p, q) => p - q);
  mul = (a: Tensor, b: Tensor | number) => this.combine(a, b, (p, q) => p * q);
  div = (a: Tensor, b: Tensor) => this.combine(a, b, (p, q) => p / q);
  square = (x: Tensor) => this.map(x, (z) => z * z);
  sqrt = (x: Tensor) => this.map(x, Math.sqrt);
  tanh = (x: Tensor) => this.map(x, Math.tanh);
  sigmoid = (x: Tensor) => this.map(x, (z) => 1 / (1 + Math.exp(-z)));
  exp = (x: Tensor) => this.map(x, Math.exp);
  softplus = (x: Tensor) => this.map(x, (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  relu = (x: Tensor) => this.map(x, (z) => (z > 0 ? z : z === z ? 0 : z));
  step = (x: Tensor) => this.map(x, (z) => (z > 0 ? 1 : z === z ? 0 : z));
  sin = (x: Tensor) => this.map(x, Math.sin);
  cos = (x: Tensor) => this.map(x, Math.cos);

  matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
    const batches = a.shape.slice(0, -2);
    const [rows, inner] = transposeA ? [...a.shape.slice(-2)].reverse() : a.shape.slice(-2);
    const [innerB, columns] = transposeB ? [...b.shape.slice(-2)].reverse() : b.shape.slice(-2);
    if (inner !== innerB || String(batches) !== String(b.shape.slice(0, -2))) throw new Error(`${a.shape} × ${b.shape}`);
    const x = read(a);
    const y = read(b);
    const count = batches.reduce((product, size) => product * size, 1);
    const out = new Float64Array(count * rows * columns);
    for (let batch = 0; batch < count; batch++) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            const p = x[batch * rows * inner + (transposeA ? k * rows + i : i * inner + k)];
            const q = y[batch * inner * columns + (transposeB ? j * inner + k : k * columns + j)];
            sum = this.round(sum + this.round(p * q));
          }
          out[(batch * rows + i) * columns + j] = sum;
        }
      }
    }
    return this.make([...batches, rows, columns], out);
  }

  /** Over everything, or over the last axis. */
  sum(x: Tensor, axis?: number, keepDims = false): Tensor {
    const { shape } = x;
    if (axis !== undefined && (axis !== shape.length - 1 || !keepDims)) throw new Error('only the last axis, which is kept');
    const values = read(x);
    const length = axis === undefined ? values.length : shape[axis];
    const out = Float64Array.from({ length: values.length / length }, (_, row) => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum = this.round(sum + values[row * length + i]);
      return sum;
    });
    return this.make(axis === undefined ? [] : [...shape.slice(0, -1), 1], out);
  }

  tidy<Result extends Tensor | Tensor[]>(compute: () => Result): Result {
    const scope: PlainTensor[] = [];
    this.scopes.push(scope);
    const result = compute();
    this.scopes.pop();
    const kept: Tensor[] = Array.isArray(result) ? result : [result];
    for (const tensor of scope) if (!kept.includes(tensor) && !tensor.disposed) tensor.dispose();
    return result;
  }

  private map(x: Tensor, value: (z: number) => number): Tensor {
    return this.make(
      x.shape,
      read(x).map((z) => this.round(value(z))),
    );
  }

  /** Numbers, tensors of one shape, or a second one that has 1 for the last size. */
  private combine(a: Tensor | number, b: Tensor | number, value: (p: number, q: number) => number): Tensor {
    if (typeof b === 'number') return this.map(a as Tensor, (p) => value(p, b));
    if (typeof a === 'number') return this.map(b, (q) => value(a, q));
    const x = read(a);
    const y = read(b);
    const last = a.shape[a.shape.length - 1] ?? 1;
    const wide = String(a.shape) === String(b.shape) ? 1 : last;
    if (wide !== 1 && String(b.shape) !== String([...a.shape.slice(0, -1), 1])) throw new Error(`${a.shape} with ${b.shape}`);
    return this.make(
      a.shape,
      x.map((p, i) => this.round(value(p, y[Math.floor(i / wide)]))),
    );
  }

  private make(shape: readonly number[], values: Float64Array): PlainTensor {
    const size = shape.reduce((product, each) => product * each, 1);
    if (size !== values.length) throw new Error(`${values.length} numbers for ${shape}`);
    const tensor = new PlainTensor(shape, values, this);
    this.scopes[this.scopes.length - 1]?.push(tensor);
    return tensor;
  }
}

function read(x: Tensor): Float64Array {
  return x.dataSync() as unknown as Float64Array;
}
