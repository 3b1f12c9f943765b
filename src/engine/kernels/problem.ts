import type { Factor } from '../models/deepFactorization';
import type { Tape } from '../models/expression/tape';
import type { LayeredNetwork } from '../models/layers/layered';
import type { Inputs } from '../models/model';

/** What a training kernel must know of a model at fixed inputs: plain numbers and arrays, as the kernels lay them out. */
export type KernelProblem =
  TwoLayerProblem | MatrixFactorizationProblem | TapeProblem | LayersProblem | DeepFactorizationProblem | DiagonalProblem;

export interface TwoLayerProblem {
  family: 'twoLayer';
  activation: KernelActivation;
  /** Added to the argument of `shiftedTanh`. */
  shift: number;
  width: number;
  dimension: number;
  /** The inputs feature by feature: dimension × count numbers. */
  features: Float64Array;
  count: number;
  hiddenBias: boolean;
  outputBias: boolean;
}

export interface MatrixFactorizationProblem {
  family: 'matrixFactorization';
  rows: number;
  columns: number;
  inner: number;
  /** Row and column of every sampled entry, from 0. */
  rowOf: Int32Array;
  columnOf: Int32Array;
  /** The entries row by row: the order in which the loss and its gradient are added up. */
  order: Int32Array;
}

export interface TapeProblem {
  family: 'formula';
  tape: Tape;
  /** The inputs feature by feature. */
  features: Float64Array;
  count: number;
}

export interface LayersProblem {
  family: 'layers';
  network: LayeredNetwork;
  inputs: Inputs;
}

export interface DeepFactorizationProblem {
  family: 'deepFactorization';
  /** W_1, …, W_L. */
  factors: readonly Factor[];
  /** Row and column of every sampled entry, from 0. */
  rowOf: Int32Array;
  columnOf: Int32Array;
}

export interface DiagonalProblem {
  family: 'diagonal';
  inputs: number;
  depth: number;
  /** The inputs feature by feature: inputs × count numbers. */
  features: Float64Array;
  count: number;
}

/** In the order of their numbers in assembly/vectorActivation.ts. */
export const KERNEL_ACTIVATIONS = ['tanh', 'shiftedTanh', 'sigmoid', 'exp', 'softplus', 'relu', 'sin'] as const;
export type KernelActivation = (typeof KERNEL_ACTIVATIONS)[number];
