import { fromWire, toWire, type WireArray } from '../harness/arrays';
import { digits, duration, magnitude } from '../harness/markdown';
import type { Peer } from '../harness/peer';
import type { Report } from '../harness/report';
import { largestDifference, median } from '../harness/statistics';
import { integrateGradientFlow } from '../../src/engine/flow/gradientFlow';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import { createModel } from '../../src/engine/models/registry';
import type { Inputs } from '../../src/engine/models/model';
import { randomStream } from '../../src/engine/random/stream';

const SIZES = [2, 3, 4, 6, 8, 12, 16, 20];
const DIMENSION = 3;
const WIDTH = 3;
const TEACHER = Float64Array.of(1, 2, 1, -1);
const LEARNING_RATE = 0.3;
const TRAIN_LOSS = 1e-9;
const FLOW_TIME = 1e8;
/** Our own gradient descent stops here; a step of it takes a third of a microsecond. */
const STEP_LIMIT = 3e7;
const RECOVERED = 1e-4;
const CHECKED_STEPS = 500;
const TEST_SAMPLES = 1000;

const network = (width: number) =>
  createModel({ kind: 'twoLayer', activation: 'tanh', inputs: DIMENSION, width, hiddenBias: false, outputBias: false });
const student = network(WIDTH);
const teacher = network(1);

interface Cell {
  sampleSize: number;
  inputs: Inputs;
  targets: Float64Array;
  start: Float64Array;
}

interface Outcome {
  seconds: number;
  /** Parameters of every cell. */
  parameters: Float64Array[];
  /** Gradients of the flow, or steps of descent, of every cell. */
  evaluations: number[];
  /** Cells whose loss did not get below the limit. */
  unfinished: number;
}

/** The sweep of a small network that learns one neuron, to its verdict: by gradient flow, and what gradient descent would take. */
export async function neuralSweep(report: Report, quick: boolean): Promise<void> {
  const trials = quick ? 2 : 10;
  report.section(
    'A neural sweep to its verdict',
    `A tanh network of three neurons learns tanh(2x₁ + x₂ − x₃) from scale 1e-8 to training loss 1e-9: n = ${SIZES.join(', ')}, ${trials} trials, one thread. An n is recovered when its median test error is below 1e-4 (in the manner of "Linear Stability Hypothesis and Rank Stratification", arXiv 2211.11623, Fig. 6). PyTorch's gradient descent (rate 0.3, all cells batched, those that have ended taken out) is not run to its end: its time is the number of steps that our own descent needed in each cell, at the time that PyTorch takes for a step of as many cells as are left.`,
  );
  const cells = SIZES.flatMap((sampleSize) => Array.from({ length: trials }, (_, trial) => createCell(sampleSize, trial)));
  const flow = repeatedly(quick ? 1 : 5, () => byFlow(cells));
  const descent = byDescent(cells, quick ? 1e6 : STEP_LIMIT);
  const peer = await report.peer('network_torch', { python: 'torch', threads: 1 });
  const torch = peer && (await estimate(peer, cells, descent, quick));
  const rows = [
    ['our gradient flow', duration(flow.seconds), evaluations(flow), String(flow.unfinished), verdict(cells, flow)],
    [
      'our gradient descent',
      duration(descent.seconds),
      evaluations(descent),
      String(descent.unfinished),
      verdict(cells, descent),
    ],
  ];
  if (torch)
    rows.push([
      'PyTorch, gradient descent, batched',
      `about ${duration(torch.seconds)}`,
      evaluations(descent),
      '',
      `after ${CHECKED_STEPS} steps as ours to ${magnitude(torch.difference)}`,
    ]);
  report.table(['who', 'time', 'gradients in all', 'not at 1e-9', 'recovered at n'], rows);
  if (descent.unfinished > 0)
    report.note(`Where our gradient descent stopped at ${digits(quick ? 1e6 : STEP_LIMIT)} steps, PyTorch's time is too short.`);
  if (torch) {
    const reached = torch.seconds / flow.seconds;
    const same = verdict(cells, flow) === verdict(cells, descent);
    report.goal(
      "neural sweep than PyTorch's gradient descent, same verdicts",
      'at least 100×',
      `${digits(reached)}×, ${same ? 'same' : 'other'} verdicts`,
      reached >= 100 && same,
    );
  }
}

function createCell(sampleSize: number, trial: number): Cell {
  const inputs = { count: sampleSize, dimension: DIMENSION, values: new Float64Array(sampleSize * DIMENSION) };
  randomStream(1, 'inputs', trial).fillNormal(inputs.values);
  const targets = new Float64Array(sampleSize);
  teacher.bind(inputs).evaluate(TEACHER, targets);
  const start = new Float64Array(student.parameterCount);
  randomStream(1, 'start', sampleSize, trial).fillNormal(start, 1e-8);
  return { sampleSize, inputs, targets, start };
}

/** The first run lets compilers compile, as for the peers; the median of the time of the others. */
function repeatedly(rounds: number, run: () => Outcome): Outcome {
  run();
  const outcomes = Array.from({ length: rounds }, run);
  return { ...outcomes[0], seconds: median(outcomes.map(({ seconds }) => seconds)) };
}

function byFlow(cells: readonly Cell[]): Outcome {
  const started = performance.now();
  const results = cells.map(({ inputs, targets, start }) =>
    integrateGradientFlow(student.bind(inputs), targets, start, {
      stop: { trainLoss: TRAIN_LOSS, time: FLOW_TIME },
      trajectoryBytes: 0,
    }),
  );
  return {
    seconds: (performance.now() - started) / 1000,
    parameters: results.map(({ parameters }) => parameters),
    evaluations: results.map(({ statistics }) => statistics.gradients),
    unfinished: results.filter(({ stopReason }) => stopReason !== 'trainLoss').length,
  };
}

function descend({ inputs, targets, start }: Cell, trainLoss: number, steps: number): KernelTraining {
  const kernel = student.bind(inputs).kernelProblem?.();
  if (!kernel) throw new Error('two-layer networks have no kernel');
  const training = new KernelTraining(kernel, targets, Float64Array.from(start), {
    optimizer: { kind: 'gradientDescent', learningRate: LEARNING_RATE },
    stop: { trainLoss, steps, gradientNorm: 0 },
  });
  while (training.stopReason === null) training.advance(10_000);
  return training;
}

function byDescent(cells: readonly Cell[], limit: number): Outcome {
  const started = performance.now();
  const trainings = cells.map((cell) => descend(cell, TRAIN_LOSS, limit));
  return {
    seconds: (performance.now() - started) / 1000,
    parameters: trainings.map(({ parameters }) => parameters),
    evaluations: trainings.map(({ step }) => step),
    unfinished: trainings.filter(({ stopReason }) => stopReason !== 'trainLoss').length,
  };
}

const evaluations = (outcome: Outcome) => digits(outcome.evaluations.reduce((sum, count) => sum + count, 0));

/** Sample sizes whose median test error says that the target was found. */
function verdict(cells: readonly Cell[], { parameters }: Outcome): string {
  const inputs = { count: TEST_SAMPLES, dimension: DIMENSION, values: new Float64Array(TEST_SAMPLES * DIMENSION) };
  randomStream(1, 'test').fillNormal(inputs.values);
  const truth = new Float64Array(TEST_SAMPLES);
  teacher.bind(inputs).evaluate(TEACHER, truth);
  const bound = student.bind(inputs);
  const outputs = new Float64Array(TEST_SAMPLES);
  const errors = parameters.map((values) => {
    bound.evaluate(values, outputs);
    return outputs.reduce((sum, output, i) => sum + (output - truth[i]) ** 2, 0) / TEST_SAMPLES;
  });
  return SIZES.filter((size) => median(errors.filter((_, c) => cells[c].sampleSize === size)) < RECOVERED).join(', ');
}

/** The time that PyTorch would take: its time for a step at several batch sizes, between them by straight lines. */
async function estimate(
  peer: Peer,
  cells: readonly Cell[],
  descent: Outcome,
  quick: boolean,
): Promise<{ seconds: number; difference: number }> {
  await peer.call('prepare', batched(cells));
  const actual = fromWire(await peer.call<WireArray>('check', { steps: CHECKED_STEPS }));
  const expected = Float64Array.from(cells.flatMap((cell) => Array.from(descend(cell, 0, CHECKED_STEPS).parameters)));
  const times: { size: number; seconds: number }[] = [];
  for (const size of [1, Math.ceil(cells.length / 4), cells.length]) {
    const runs: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++)
      runs.push(await peer.call<number>('run', { size, steps: quick ? 200 : 2000 }));
    times.push({ size, seconds: median(runs) });
  }
  const stepTime = (size: number): number => {
    const after = Math.max(
      1,
      times.findIndex((time) => time.size >= size),
    );
    const [low, high] = [times[after - 1], times[after]];
    return low.seconds + ((size - low.size) / (high.size - low.size)) * (high.seconds - low.seconds);
  };
  const sorted = [...descent.evaluations].sort((a, b) => a - b);
  const seconds = sorted.reduce((sum, steps, i) => sum + (steps - (sorted[i - 1] ?? 0)) * stepTime(sorted.length - i), 0);
  return { seconds, difference: largestDifference(actual, expected) };
}

function batched(cells: readonly Cell[]): Record<string, unknown> {
  const n = Math.max(...SIZES);
  const x = new Float64Array(cells.length * n * DIMENSION);
  const y = new Float64Array(cells.length * n);
  const weights = new Float64Array(cells.length * n);
  cells.forEach(({ sampleSize, inputs, targets }, c) => {
    x.set(inputs.values, c * n * DIMENSION);
    y.set(targets, c * n);
    weights.fill(2 / sampleSize, c * n, c * n + sampleSize);
  });
  const starts = Float64Array.from(cells.flatMap(({ start }) => Array.from(start)));
  return {
    x: toWire(x, cells.length, n, DIMENSION),
    y: toWire(y, cells.length, n),
    weights: toWire(weights, cells.length, n),
    starts: toWire(starts, cells.length, student.parameterCount),
    width: WIDTH,
    rate: LEARNING_RATE,
  };
}
