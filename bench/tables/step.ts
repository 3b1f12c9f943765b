import { toWire, fromWire, type WireArray } from '../harness/arrays';
import { fastest, interleave, type Contender } from '../harness/contender';
import { duration, magnitude, ratio } from '../harness/markdown';
import type { Peer } from '../harness/peer';
import type { Report } from '../harness/report';
import { largestDifference } from '../harness/statistics';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import { Training } from '../../src/engine/training/train';
import { limits } from './limits';
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
const TWIN = 'our TypeScript twin';

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
  for (const each of CASES) await compare(report, each, peers, quick);
}

async function compare(report: Report, each: Case, peers: readonly Peer[], quick: boolean): Promise<void> {
  const { width, dimension, count, checkedSteps, goals } = each;
  const title = `m=${width}, d=${dimension}, n=${count}`;
  report.section(title);
  const problem = networkProblem({ width, dimension, count, seeds: SEEDS });
  const expected = problem.starts.map((start) => trained(KernelTraining, problem, start, checkedSteps));
  const chunk = { seconds: quick ? 0.002 : 0.02, count: quick ? 2 : 5 };
  const twin = trained(Training, problem, problem.starts[0], checkedSteps);
  const contenders: Contender[] = [
    { ...engineContender(KERNEL, KernelTraining, problem, chunk), result: 'reference' },
    {
      ...engineContender(TWIN, Training, problem, chunk),
      result: twin.every((value, i) => Object.is(value, expected[0][i])) ? 'same bits' : 'DIFFERS',
    },
  ];
  for (const peer of peers) contenders.push(...(await peerContenders(peer, problem, expected, checkedSteps, chunk)));
  const timings = await interleave(contenders, { rounds: quick ? 1 : 9, secondsEach: quick ? 1 : 30 });
  report.timings(timings, 'median', 'result');

  const [kernel] = timings;
  const { webAssembly, chip } = limits(width, dimension, count);
  report.text(
    `The limits of arithmetic (numbers of an EPYC Zen 4 at 3.6 GHz): ${duration(webAssembly)} with the two lanes of WebAssembly, ${duration(chip)} with AVX-512. Our best is ${ratio(kernel.best / webAssembly)} the first and ${ratio(kernel.best / chip)} the second.`,
  );
  const torch = fastest(timings, 'PyTorch');
  const jax = fastest(timings, 'JAX');
  report.goalFaster(`${title}: than PyTorch's best form (${torch?.name})`, kernel, torch, goals.torchBest);
  const autograd = timings.find(({ name }) => name === 'PyTorch, autograd');
  report.goalFaster(`${title}: than PyTorch autograd, one network`, kernel, autograd, goals.torchAutograd);
  report.goalFaster(`${title}: than JAX's best form (${jax?.name})`, kernel, jax, 1);
}

type TrainingKind = typeof KernelTraining | typeof Training;

function createTraining(kind: TrainingKind, problem: NetworkProblem, start: Float64Array): KernelTraining | Training {
  const config = {
    optimizer: { kind: 'gradientDescent', learningRate: LEARNING_RATE },
    stop: { trainLoss: 0, steps: Infinity, gradientNorm: 0 },
  } as const;
  const parameters = Float64Array.from(start);
  const bound = problem.model.bind(problem.inputs);
  if (kind === Training) return new Training(bound, problem.targets, parameters, config);
  const kernel = bound.kernelProblem?.();
  if (!kernel) throw new Error('two-layer networks have no kernel');
  return new KernelTraining(kernel, problem.targets, parameters, config);
}

function trained(kind: TrainingKind, problem: NetworkProblem, start: Float64Array, steps: number): Float64Array {
  const training = createTraining(kind, problem, start);
  training.advance(steps);
  return training.parameters;
}

interface Chunk {
  seconds: number;
  count: number;
}

function engineContender(name: string, kind: TrainingKind, problem: NetworkProblem, chunk: Chunk): Contender {
  let steps = 1;
  const secondsOf = (training: KernelTraining | Training, count: number): number => {
    const started = performance.now();
    training.advance(count);
    return (performance.now() - started) / 1000;
  };
  return {
    name,
    async sample() {
      const training = createTraining(kind, problem, problem.starts[0]);
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
