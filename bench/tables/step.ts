import path from 'node:path';
import { toWire, fromWire, type WireArray } from '../harness/arrays';
import { fastest, interleave, type Contender } from '../harness/contender';
import { duration, magnitude, ratio } from '../harness/markdown';
import type { Peer } from '../harness/peer';
import type { Report } from '../harness/report';
import { largestDifference } from '../harness/statistics';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import type { TwoLayerProblem } from '../../src/engine/kernels/problem';
import type { NativeAddon } from '../../src/engine/native/addon';
import { buildNative } from '../../src/engine/native/build';
import { load, nativeName } from '../../src/engine/native/load';
import { NativeTraining } from '../../src/engine/native/nativeTraining';
import { Training, type StepRules, type TrainingRun } from '../../src/engine/training/train';
import { factorStep } from './factorStep';
import { networkStepLimits } from './limits';
import { stepProfile } from './stepProfile';
import { networkProblem, type NetworkProblem } from './networkProblem';

interface Case {
  width: number;
  dimension: number;
  count: number;
  /** Steps after which results are compared. */
  checkedSteps: number;
  goals: { torchBest: number; torchAutograd: number };
}

const CASES: readonly Case[] = [
  { width: 50, dimension: 5, count: 50, checkedSteps: 200, goals: { torchBest: 1.6, torchAutograd: 6 } },
  { width: 10, dimension: 1, count: 8, checkedSteps: 200, goals: { torchBest: 4.5, torchAutograd: 180 } },
  { width: 500, dimension: 20, count: 200, checkedSteps: 10, goals: { torchBest: 1, torchAutograd: 1.1 } },
];
const SEEDS = 32;
const LEARNING_RATE = 0.01;
const KERNEL = 'our kernels (WebAssembly)';
const RELAXED = 'our kernels (WebAssembly, relaxed SIMD)';
const TWIN = 'our TypeScript twin';

/** Begins a training of the problem from a start. */
type Begin = (problem: NetworkProblem, start: Float64Array) => TrainingRun;

export async function step(report: Report, quick: boolean): Promise<void> {
  const peers: Peer[] = [];
  for (const [script, python] of [
    ['step_numpy', 'science'],
    ['step_torch', 'torch'],
    ['step_jax', 'science'],
  ] as const) {
    const peer = await report.peer(script, { python, threads: 1 });
    if (peer) peers.push(peer);
  }
  report.text(
    'Full-batch gradient descent on the mean squared error of a two-layer tanh network with hidden biases, float64, one thread. Times are for one step of one network; forms that train 32 networks at once share their time among them. `result`: largest difference to the parameters of our kernels after the same steps from the same starts, relative to the largest parameter.',
  );
  const native = nativeKernels(report);
  for (const each of CASES) await compare(report, each, peers, native, quick);
  await factorStep(report, native, quick);
}

async function compare(
  report: Report,
  each: Case,
  peers: readonly Peer[],
  native: NativeAddon | undefined,
  quick: boolean,
): Promise<void> {
  const { width, dimension, count, checkedSteps, goals } = each;
  const title = `m=${width}, d=${dimension}, n=${count}`;
  report.section(title);
  const problem = networkProblem({ width, dimension, count, seeds: SEEDS });
  const expected = problem.starts.map((start) => trained(webAssembly, problem, start, checkedSteps));
  const chunk = { seconds: quick ? 0.002 : 0.02, count: quick ? 2 : 5 };
  const ours = (name: string, begin: Begin): Contender => ({
    ...engineContender(name, begin, problem, chunk),
    result: comparison(trained(begin, problem, problem.starts[0], checkedSteps), expected[0]),
  });
  const contenders: Contender[] = [{ ...ours(KERNEL, webAssembly), result: 'reference' }];
  if (native) contenders.push(ours(`our kernels, ${nativeName(native)}`, nativeWith(native)));
  contenders.push(ours(RELAXED, relaxed), ours(TWIN, typeScript));
  for (const peer of peers) contenders.push(...(await peerContenders(peer, problem, expected, checkedSteps, chunk)));
  const timings = await interleave(contenders, { rounds: quick ? 1 : 9, secondsEach: quick ? 1 : 30 });
  report.timings(timings, 'median', 'result');

  const [kernel] = timings;
  const best = native ? timings[1] : kernel;
  const bounds = networkStepLimits(width, dimension, count);
  const { forward, backward, tanh, update } = stepProfile(problem, quick ? 0.05 : 0.5);
  const share = (part: number) => `${duration(part)} (${Math.round((100 * part) / (forward + backward + update))} %)`;
  report.text(
    `Where the time goes in WebAssembly, each part alone, best of many: forward ${share(forward)}, of which tanh ${share(tanh)}; backward ${share(backward)}; update of the parameters ${share(update)}.`,
  );
  report.text(
    `The limits of arithmetic (numbers of an EPYC Zen 4 at 3.6 GHz): ${duration(bounds.webAssembly)} with the two lanes of WebAssembly, ${duration(bounds.chip)} with AVX-512. Our best in WebAssembly is ${ratio(kernel.best / bounds.webAssembly)} the first${native ? `, the native one ${ratio(best.best / bounds.chip)} the second` : ''}.`,
  );
  const torch = fastest(timings, 'PyTorch');
  const jax = fastest(timings, 'JAX');
  const autograd = timings.find(({ name }) => name === 'PyTorch, autograd');
  for (const [form, timing] of [['', best] as const, ...(native ? ([[', in WebAssembly', kernel]] as const) : [])]) {
    report.goalFaster(`${title}${form}: than PyTorch's best form (${torch?.name})`, timing, torch, goals.torchBest);
    report.goalFaster(`${title}${form}: than PyTorch autograd, one network`, timing, autograd, goals.torchAutograd);
    report.goalFaster(`${title}${form}: than JAX's best form (${jax?.name})`, timing, jax, 1);
  }
}

function comparison(parameters: Float64Array, expected: Float64Array): string {
  if (parameters.every((value, i) => Object.is(value, expected[i]))) return 'same bits';
  return magnitude(largestDifference(parameters, expected));
}

const RULES: StepRules = {
  optimizer: { kind: 'gradientDescent', learningRate: LEARNING_RATE },
  stop: { trainLoss: 0, steps: Infinity, gradientNorm: 0 },
};

function kernelProblem(problem: NetworkProblem): TwoLayerProblem {
  const kernel = problem.model.bind(problem.inputs).kernelProblem?.();
  if (kernel?.family !== 'twoLayer') throw new Error('two-layer networks have no kernel');
  return kernel;
}

const webAssembly: Begin = (problem, start) =>
  new KernelTraining(kernelProblem(problem), problem.targets, Float64Array.from(start), RULES);
const relaxed: Begin = (problem, start) =>
  new KernelTraining(kernelProblem(problem), problem.targets, Float64Array.from(start), RULES, true);
const typeScript: Begin = (problem, start) =>
  new Training(problem.model.bind(problem.inputs), problem.targets, Float64Array.from(start), RULES);
const nativeWith =
  (addon: NativeAddon): Begin =>
  (problem, start) =>
    new NativeTraining(addon, kernelProblem(problem), problem.targets, Float64Array.from(start), RULES);

/** The native kernels, compiled for this table; undefined, and told, where they cannot be. */
export function nativeKernels(report: Report): NativeAddon | undefined {
  const file = path.join(process.env['BENCH_ROOT'] ?? '.', '.build', 'kernels.node');
  try {
    buildNative(file, process.env);
  } catch (error) {
    report.note(`Without native kernels: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return undefined;
  }
  const native = load(file, undefined);
  if (!native.addon) report.note(`Without native kernels: ${native.reason}.`);
  return native.addon;
}

function trained(begin: Begin, problem: NetworkProblem, start: Float64Array, steps: number): Float64Array {
  const training = begin(problem, start);
  training.advance(steps);
  return training.parameters;
}

interface Chunk {
  seconds: number;
  count: number;
}

function engineContender(name: string, begin: Begin, problem: NetworkProblem, chunk: Chunk): Contender {
  let steps = 1;
  const secondsOf = (training: TrainingRun, count: number): number => {
    const started = performance.now();
    training.advance(count);
    return (performance.now() - started) / 1000;
  };
  return {
    name,
    async sample() {
      const training = begin(problem, problem.starts[0]);
      // The first call also compiles.
      secondsOf(training, steps);
      while (secondsOf(training, steps) < chunk.seconds / 2) steps *= 2;
      return Array.from({ length: chunk.count }, () => secondsOf(training, steps) / steps);
    },
  };
}

async function peerContenders(
  peer: Peer,
  problem: NetworkProblem,
  expected: readonly Float64Array[],
  checkedSteps: number,
  chunk: Chunk,
): Promise<Contender[]> {
  const { inputs, targets, starts, width } = problem;
  const all = Float64Array.from(starts.flatMap((start) => Array.from(start)));
  const forms = await peer.call<{ name: string; trials: number }[]>('prepare', {
    x: toWire(inputs.values, inputs.count, inputs.dimension),
    y: toWire(targets, inputs.count),
    starts: toWire(all, starts.length, starts[0].length),
    width,
    rate: LEARNING_RATE,
  });
  return forms.map(({ name, trials }, form) => {
    let steps = 0;
    const run = (count: number, chunks: number) => peer.call<number[]>('run', { form, steps: count, chunks });
    return {
      name,
      result: '',
      async sample() {
        if (steps === 0) {
          const answer = fromWire(await peer.call<WireArray>('check', { form, steps: checkedSteps }));
          const truth = Float64Array.from(expected.slice(0, trials).flatMap((values) => Array.from(values)));
          this.result = magnitude(largestDifference(answer, truth));
          const [pilot] = await run(10, 1);
          // Tens of steps, because compiled forms take ten in one call.
          steps = Math.max(1, Math.round(chunk.seconds / (pilot * trials)));
          if (steps > 10) steps = 10 * Math.round(steps / 10);
        }
        return run(steps, chunk.count);
      },
    };
  });
}
