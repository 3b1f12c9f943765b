import type { ResolvedConvolution } from '../../experiment/resolved';
import type { TeacherTargetConfig } from '../../experiment/schema';
import { convolutionShapeOf } from '../../experiment/sizes';
import { convolutionOffsets } from '../models/convolution';
import { randomStream } from '../random/stream';

/** One kernel Σ_p a_p σ(K·x_p + b) that all positions share. */
export interface SharedKernel {
  readonly weights: readonly number[];
  readonly outputWeights: readonly number[];
  readonly bias: number;
}

/**
 * The kernels of the teacher: as given, or random with K ~ N(0, I) (for exp N(0, I/s)), b ~ N(0, 1) where the model has hidden
 * biases, and output weights of size U[0.5, 1.5] with random signs.
 */
export function teacherKernels(model: ResolvedConvolution, target: TeacherTargetConfig): SharedKernel[] {
  if (target.kernels) return target.kernels.map(({ weights, outputWeights, bias = 0 }) => ({ weights, outputWeights, bias }));
  const { positions, weights: s } = convolutionShapeOf(model);
  const stream = randomStream(target.seed ?? 1, 'target', 'teacher');
  const scale = model.activation === 'exp' ? 1 / Math.sqrt(s) : 1;
  return Array.from({ length: target.width ?? 1 }, () => ({
    weights: Array.from({ length: s }, () => scale * stream.normal()),
    outputWeights: Array.from({ length: positions }, () => (0.5 + stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1)),
    bias: model.hiddenBias ? stream.normal() : 0,
  }));
}

/** One hidden neuron at a position; without sharing each has weights of its own. */
export interface PlacedNeuron {
  readonly position: number;
  readonly outputWeight: number;
  readonly weights: readonly number[];
  readonly bias: number;
}

/** Writes shared kernels into a model with sharing; the others are zero. */
export function sharedParameters(model: ResolvedConvolution, kernels: readonly SharedKernel[]): Float64Array {
  const { positions, weights: s } = convolutionShapeOf(model);
  const offsets = convolutionOffsets(model);
  const parameters = new Float64Array(offsets.parameterCount);
  kernels.forEach(({ weights, outputWeights, bias }, k) => {
    parameters.set(outputWeights, k * positions);
    parameters.set(weights, offsets.weights + k * s);
    if (offsets.biases >= 0) parameters[offsets.biases + k] = bias;
  });
  return parameters;
}

/** Writes neurons into a model without sharing, each into the first kernel that is free at its position; the others are zero. */
export function placedParameters(model: ResolvedConvolution, neurons: readonly PlacedNeuron[]): Float64Array {
  const { positions, weights: s } = convolutionShapeOf(model);
  const offsets = convolutionOffsets(model);
  const parameters = new Float64Array(offsets.parameterCount);
  const used = new Int32Array(positions);
  for (const { position, outputWeight, weights, bias } of neurons) {
    const k = used[position]++;
    if (k >= model.kernels) throw new Error(`More than ${model.kernels} neurons at position ${position}.`);
    const at = k * positions + position;
    parameters[at] = outputWeight;
    parameters.set(weights, offsets.weights + at * s);
    if (offsets.biases >= 0) parameters[offsets.biases + at] = bias;
  }
  return parameters;
}

/** The kernels at all their positions. */
export function placed(kernels: readonly SharedKernel[]): PlacedNeuron[] {
  return kernels.flatMap(({ weights, outputWeights, bias }) =>
    outputWeights.map((outputWeight, position) => ({ position, outputWeight, weights, bias })),
  );
}
