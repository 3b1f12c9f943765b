import type { Backend } from '../kernels/backend';
import type { BoundModel } from '../models/model';
import { EngineError } from '../errors';
import { absent, loadTensorFlow, prepareTensorFlow } from './load';
import { findTensorFlow } from './location';
import { isNetworkProblem, multiplications, tensorNetwork, type NetworkProblem } from './network';
import { TensorFlowTraining } from './tensorFlowTraining';

type Trainable = Pick<BoundModel, 'kernelProblem'>;

/**
 * TensorFlow, where an experiment asks for it. Loads nothing: that is done by the first training of each thread.
 *
 * @throws EngineError where it is not installed, or trains no such model.
 */
export function tensorFlowBackend(bound: Trainable): Backend {
  if (!problemOf(bound)) throw unsupported();
  const location = findTensorFlow(process.env);
  if (location.folder === undefined) throw absent(location.reason);
  return BACKEND;
}

/** Whether TensorFlow is there and faster than our kernels for a step of this training, as far as float32 will do. */
export function isFasterInTensorFlow(bound: Trainable): boolean {
  const problem = problemOf(bound);
  return (
    problem !== undefined &&
    multiplications(problem) >= FASTER_FROM[problem.family] &&
    findTensorFlow(process.env).folder !== undefined
  );
}

const BACKEND: Backend = {
  name: 'TensorFlow (float32)',
  exact: false,
  prepare: (workers) => prepareTensorFlow(process.env, workers),
  train(bound, ...training) {
    const problem = problemOf(bound);
    if (!problem) throw unsupported();
    return new TensorFlowTraining(loadTensorFlow(), tensorNetwork(problem), bound, ...training);
  },
};

/** Multiplications of a forward pass from which on TensorFlow was the faster one, by bench/results/tensorflow.md. */
const FASTER_FROM = { twoLayer: 1e8, layers: 2e7 } as const;

function problemOf(bound: Trainable): NetworkProblem | undefined {
  const problem = bound.kernelProblem?.();
  return problem && isNetworkProblem(problem) ? problem : undefined;
}

function unsupported(): EngineError {
  return new EngineError('no-backend', 'TensorFlow trains two-layer, deep and convolutional networks only.', undefined, {
    path: ['training', 'backend'],
  });
}
