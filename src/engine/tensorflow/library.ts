/**
 * What is used of TensorFlow.js (`@tensorflow/tfjs-node`). Written down here because the package is not there when this project is
 * compiled: https://js.tensorflow.org/api/4.22.0.
 */
export interface TensorFlow {
  readonly version: Readonly<Record<string, string>>;
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  scalar(value: number): Tensor;
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  add(a: Tensor, b: Tensor | number): Tensor;
  sub(a: Tensor | number, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor | number): Tensor;
  div(a: Tensor, b: Tensor): Tensor;
  square(x: Tensor): Tensor;
  sqrt(x: Tensor): Tensor;
  sum(x: Tensor, axis?: number, keepDims?: boolean): Tensor;
  tanh(x: Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  exp(x: Tensor): Tensor;
  softplus(x: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  sin(x: Tensor): Tensor;
  cos(x: Tensor): Tensor;
  /** 0 for x ≤ 0, 1 for x > 0, NaN for NaN. */
  step(x: Tensor): Tensor;
  /** Frees all tensors that `compute` makes but those in what it returns. */
  tidy<Result extends Tensor | Tensor[]>(compute: () => Result): Result;
  enableProdMode(): void;
  memory(): { readonly numTensors: number };
}

/** An array of float32 in the library's memory; `dispose` frees it. */
export interface Tensor {
  readonly shape: readonly number[];
  dataSync(): Float32Array;
  dispose(): void;
}
