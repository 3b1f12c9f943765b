import { interleave, type Contender, type Timing } from '../harness/contender';
import { digits, duration, ratio } from '../harness/markdown';
import type { Report } from '../harness/report';
import type { ResolvedModel } from '../../src/experiment/resolved';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import { createModel } from '../../src/engine/models/registry';
import type { BoundModel } from '../../src/engine/models/model';
import type { NativeAddon } from '../../src/engine/native/addon';
import { NativeTraining } from '../../src/engine/native/nativeTraining';
import { randomStream } from '../../src/engine/random/stream';
import { loadTensorFlow, prepareTensorFlow } from '../../src/engine/tensorflow/load';
import { findTensorFlow } from '../../src/engine/tensorflow/location';
import { isNetworkProblem, multiplications, tensorNetwork } from '../../src/engine/tensorflow/network';
import { TensorFlowTraining } from '../../src/engine/tensorflow/tensorFlowTraining';
import type { StepRules, TrainingRun } from '../../src/engine/training/train';
import { nativeKernels } from './step';

const network = (width: number, inputs: number): ResolvedModel => ({
  kind: 'twoLayer',
  activation: 'tanh',
  inputs,
  width,
  hiddenBias: true,
  outputBias: false,
});
const deep = (inputs: number, ...widths: number[]): ResolvedModel => ({
  kind: 'deepNetwork',
  activation: 'tanh',
  inputs,
  widths,
  outputs: 1,
  bias: true,
});
const convolution = (side: number, kernel: number, kernels: number, sharing: boolean): ResolvedModel => ({
  kind: 'convolution',
  activation: 'tanh',
  inputs: [side, side],
  kernel,
  kernels,
  sharing,
  hiddenBias: true,
});

const CASES: readonly { name: string; model: ResolvedModel; count: number }[] = [
  { name: 'two layers, m=50, d=5, n=50', model: network(50, 5), count: 50 },
  { name: 'two layers, m=200, d=20, n=100', model: network(200, 20), count: 100 },
  { name: 'two layers, m=500, d=20, n=200', model: network(500, 20), count: 200 },
  { name: 'two layers, m=2000, d=2, n=500', model: network(2000, 2), count: 500 },
  { name: 'two layers, m=500, d=100, n=200', model: network(500, 100), count: 200 },
  { name: 'two layers, m=2000, d=20, n=500', model: network(2000, 20), count: 500 },
  { name: 'two layers, m=1000, d=100, n=1000', model: network(1000, 100), count: 1000 },
  { name: 'deep, 5-50-50, n=50', model: deep(5, 50, 50), count: 50 },
  { name: 'deep, 10-100-100, n=100', model: deep(10, 100, 100), count: 100 },
  { name: 'deep, 10-200-200, n=100', model: deep(10, 200, 200), count: 100 },
  { name: 'deep, 20-300-300-300, n=200', model: deep(20, 300, 300, 300), count: 200 },
  { name: 'deep, 20-1000-1000, n=500', model: deep(20, 1000, 1000), count: 500 },
  { name: 'convolution, 12×12, 8 kernels of 3×3, n=100', model: convolution(12, 3, 8, true), count: 100 },
  { name: 'convolution, 28×28, 16 kernels of 5×5, n=100', model: convolution(28, 5, 16, true), count: 100 },
  { name: 'convolution without sharing, 12×12, 8 kernels of 3×3, n=100', model: convolution(12, 3, 8, false), count: 100 },
];

const RULES: readonly { name: string; rules: StepRules }[] = [
  {
    name: 'Gradient descent',
    rules: {
      optimizer: { kind: 'gradientDescent', learningRate: 1e-3 },
      stop: { trainLoss: 0, steps: Infinity, gradientNorm: 0 },
    },
  },
  {
    name: 'Adam',
    rules: { optimizer: { kind: 'adam', learningRate: 1e-4 }, stop: { trainLoss: 0, steps: Infinity, gradientNorm: 0 } },
  },
];

export async function tensorflow(report: Report, quick: boolean): Promise<void> {
  const location = findTensorFlow(process.env);
  if (location.folder === undefined) {
    report.text(`TensorFlow is not there, nothing was measured: ${location.reason}. See docs/tensorflow.md.`);
    return;
  }
  // As in a run in which every processor has a training of its own.
  prepareTensorFlow(process.env, Infinity);
  const native = nativeKernels(report);
  report.text(
    `One step of full-batch training, one thread: TensorFlow (@tensorflow/tfjs-node ${loadTensorFlow().version['tfjs-node']}) in float32 against our kernels in float64. Medians. \`multiplications\`: of a forward pass. \`TensorFlow gains\`: the time of our fastest kernels divided by TensorFlow's, so more than 1 means that TensorFlow is faster.`,
  );
  for (const { name, rules } of quick ? RULES.slice(0, 1) : RULES) {
    report.section(name);
    const rows: string[][] = [];
    for (const each of quick ? CASES.slice(0, 2) : CASES) rows.push(await row(each, rules, native, quick));
    report.table(['network', 'multiplications', 'WebAssembly', 'native', 'TensorFlow', 'TensorFlow gains'], rows);
  }
}

async function row(
  { name, model: config, count }: (typeof CASES)[number],
  rules: StepRules,
  native: NativeAddon | undefined,
  quick: boolean,
): Promise<string[]> {
  const { bound, targets, start } = problemOf(config, count);
  const problem = bound.kernelProblem?.();
  if (!problem || !isNetworkProblem(problem)) throw new Error(`${name}: no network`);
  const seconds = quick ? 0.01 : 0.1;
  const contenders: Contender[] = [
    steps('WebAssembly', () => new KernelTraining(problem, targets, start(), rules), seconds),
    steps(
      'TensorFlow',
      () => new TensorFlowTraining(loadTensorFlow(), tensorNetwork(problem), bound, targets, start(), rules),
      seconds,
    ),
  ];
  if (native && problem.family === 'twoLayer')
    contenders.push(steps('native', () => new NativeTraining(native, problem, targets, start(), rules), seconds));
  const timings = await interleave(contenders, { rounds: quick ? 1 : 5, secondsEach: quick ? 1 : 10 });
  const time = (who: string): Timing | undefined => timings.find((timing) => timing.name === who);
  const ours = Math.min(time('WebAssembly')!.median, time('native')?.median ?? Infinity);
  return [
    name,
    digits(multiplications(problem)),
    ...['WebAssembly', 'native', 'TensorFlow'].map((who) => duration(time(who)?.median ?? NaN)),
    ratio(ours / time('TensorFlow')!.median),
  ];
}

/** Samples of the time of one step, in portions that last about so long. */
function steps(name: string, begin: () => TrainingRun, seconds: number): Contender {
  return {
    name,
    async sample() {
      const training = begin();
      const secondsOf = (count: number): number => {
        const started = performance.now();
        training.advance(count);
        return (performance.now() - started) / 1000;
      };
      // The first calls also compile.
      secondsOf(1);
      let count = 1;
      while (secondsOf(count) < seconds / 2) count *= 2;
      return Array.from({ length: 3 }, () => secondsOf(count) / count);
    },
  };
}

/** Normal inputs and targets, and a start at which activations are neither flat nor linear. */
function problemOf(
  config: ResolvedModel,
  count: number,
): { bound: BoundModel; targets: Float64Array; start: () => Float64Array } {
  const model = createModel(config);
  const { inputDimension: dimension, parameterCount } = model;
  const normal = (name: string, length: number, scale: number) => {
    const values = new Float64Array(length);
    randomStream(1, name).fillNormal(values, scale);
    return values;
  };
  return {
    bound: model.bind({ count, dimension, values: normal('inputs', count * dimension, 1) }),
    targets: normal('targets', count, 1),
    start: () => normal('start', parameterCount, 0.1),
  };
}
