import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromWire, toWire, type WireArray } from '../harness/arrays';
import { fastest, interleave, type Contender } from '../harness/contender';
import { runEngine, workerFile } from '../harness/engine';
import type { Peer } from '../harness/peer';
import type { Report } from '../harness/report';
import { median } from '../harness/statistics';
import { buildNative } from '../../src/engine/native/build';
import { nativeFile } from '../../src/engine/native/location';
import { runSession } from '../../src/engine/session';
import {
  LEARNING_RATE,
  STEP_LIMIT,
  sweepCells,
  sweepText,
  TARGET,
  TRAIN_LOSS,
  type EntryOrder,
  type SweepCells,
} from './sweepProblem';

const ORDERS: readonly { order: EntryOrder; title: string }[] = [
  { order: 'random', title: 'Entries in random order: some trainings are long' },
  { order: 'bestConditioned', title: 'Entries in the best-conditioned order: all trainings are short' },
];

/** A peer takes up to 50 steps too many, which moves errors that are on their way to zero. */
const RECOVERED = 1e-4;

export async function sweep(report: Report, quick: boolean): Promise<void> {
  const peers: Peer[] = [];
  for (const [script, python] of [
    ['sweep_torch', 'torch'],
    ['sweep_jax', 'science'],
  ] as const) {
    const peer = await report.peer(script, { python, threads: 2 });
    if (peer) peers.push(peer);
  }
  const trials = quick ? 3 : 50;
  buildNativeKernels(report);
  report.text(
    `Completion of a 4×4 matrix of rank 1 as a product of 4×4 matrices: n = 1 … 16, ${trials} trials, gradient descent at rate 0.05 from scale 1e-4 to training loss 1e-9, 200,000 steps at most; float64, two threads each. Peers get samples and starts from us, are timed from arrays to arrays, and look at the loss every 50 steps; their first run, in which they compile, does not count, nor does ours. Our runs of the command line are whole processes, with start, events and end. \`same medians\`: of the test error for each n, to 1 %, or both below 1e-4: recovered.`,
  );
  for (const { order, title } of ORDERS) await compare(report, order, title, trials, peers, quick);
}

/** In a cache folder of this table, from which this process and those that it starts take them. */
function buildNativeKernels(report: Report): void {
  process.env['XDG_CACHE_HOME'] = path.resolve(process.env['BENCH_ROOT'] ?? '.', '.build', 'cache');
  try {
    buildNative(nativeFile(process.env), process.env);
  } catch (error) {
    report.note(`Without native kernels: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}

async function compare(
  report: Report,
  order: EntryOrder,
  title: string,
  trials: number,
  peers: readonly Peer[],
  quick: boolean,
): Promise<void> {
  report.section(title);
  const training = sweepText(order, trials, false);
  const cells = sweepCells(order, trials);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-bench-'));
  const file = (name: string, text: string): string => {
    const whole = path.join(folder, `${name}.recovery.json`);
    fs.writeFileSync(whole, text);
    return whole;
  };
  try {
    const trainingFile = file('training', training);
    const wholeFile = file('whole', sweepText(order, trials, true));
    const reference = await inProcess(training, 0);
    const expected = medians(cells, reference);
    const trainingWords = [trainingFile, '--workers', '2', '--events', '--no-report'];
    const contenders: Contender[] = [
      commandLine('`recovery run`, training alone', trainingWords, folder),
      commandLine('the same without native kernels', trainingWords, folder, { RECOVERY_NATIVE: 'off' }),
      commandLine('`recovery run` with ranks, report and run folder', [wholeFile, '--workers', '2'], folder),
      ...[2, 0].map((workers) =>
        session(`our engine, training alone, ${workersName(workers)}`, training, workers, cells, expected),
      ),
      ...(await Promise.all(peers.map((peer) => peerContenders(peer, cells, expected)))).flat(),
    ];
    const timings = await interleave(contenders, { rounds: quick ? 2 : 5, secondsEach: quick ? 20 : 120 });
    report.timings(timings, 'median', 'same medians');
    if (order !== 'random') return;
    const [ours] = timings;
    const byTrials = timings.find(({ name }) => name.startsWith('PyTorch, trials batched'));
    const [torch, jax] = [fastest(timings, 'PyTorch'), fastest(timings, 'JAX')];
    report.goalFaster('whole process than PyTorch, batched over trials', ours, byTrials, 20);
    report.goalFaster("from arrays to arrays than PyTorch's best form", fastest(timings, 'our engine'), torch, 20);
    report.goalFaster("whole process than PyTorch's best form, without its start", ours, torch, 20);
    report.goalFaster("whole process than JAX's best form, without its start", ours, jax, 3);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const workersName = (workers: number) => (workers < 2 ? 'in this thread' : `${workers} threads where worth it`);

function commandLine(name: string, words: string[], folder: string, env: NodeJS.ProcessEnv = {}): Contender {
  let run = 0;
  const start = () => runEngine(['run', ...words, '--out', path.join(folder, `${name.length}-${run++}`)], { env });
  return {
    name,
    result: '',
    async sample() {
      // The first one compiles the engine and keeps what it compiled.
      if (run === 0) await start();
      const { seconds, exitCode } = await start();
      this.result = exitCode === 0 ? '' : `exit ${exitCode}`;
      return [seconds];
    },
  };
}

/** Test errors by cell key, and the time. */
interface Outcome {
  seconds: number;
  errors: { sampleSize: number; testError: number }[];
}

async function inProcess(text: string, workers: number): Promise<Outcome> {
  const errors: Outcome['errors'] = [];
  const started = performance.now();
  await runSession({
    text,
    fileName: 'sweep.recovery.json',
    outFolder: null,
    workers,
    workerFile: workerFile(),
    report: false,
    signal: new AbortController().signal,
    emit(event) {
      if (event.type === 'cell') errors.push({ sampleSize: event.cell.sampleSize, testError: event.cell.testError ?? Infinity });
    },
    log: (words) => process.stderr.write(`${words}\n`),
  });
  return { seconds: (performance.now() - started) / 1000, errors };
}

function session(name: string, text: string, workers: number, cells: SweepCells, expected: number[]): Contender {
  return {
    name,
    result: '',
    async sample() {
      const outcome = await inProcess(text, workers);
      this.result = agreement(medians(cells, outcome), expected);
      return [outcome.seconds];
    },
  };
}

async function peerContenders(peer: Peer, cells: SweepCells, expected: number[]): Promise<Contender[]> {
  const names = await peer.call<string[]>('prepare', {
    masks: toWire(cells.masks, cells.count, 16),
    target: toWire(Float64Array.from(TARGET.flat()), 4, 4),
    starts: toWire(cells.starts, cells.count, 32),
    rank: 4,
    rate: LEARNING_RATE,
    loss: TRAIN_LOSS,
    limit: STEP_LIMIT,
  });
  const run = (form: number) => peer.call<{ seconds: number; errors: WireArray }>('run', { form });
  return names.map((name, form) => {
    let warm = false;
    return {
      name,
      result: '',
      async sample() {
        if (!warm) await run(form);
        warm = true;
        const { seconds, errors } = await run(form);
        const outcome = Array.from(fromWire(errors), (testError, c) => ({ sampleSize: cells.sampleSizes[c], testError }));
        this.result = agreement(medians(cells, { seconds, errors: outcome }), expected);
        return [seconds];
      },
    };
  });
}

/** Median test error for each n from 1. */
function medians(cells: SweepCells, { errors }: Outcome): number[] {
  const sizes = [...new Set(cells.sampleSizes)].sort((a, b) => a - b);
  return sizes.map((size) => median(errors.filter(({ sampleSize }) => sampleSize === size).map(({ testError }) => testError)));
}

function agreement(actual: readonly number[], expected: readonly number[]): string {
  const differing = expected
    .map((value, i) => ({
      n: i + 1,
      same: Math.abs(actual[i] - value) <= 0.01 * value || Math.max(actual[i], value) < RECOVERED,
    }))
    .filter(({ same }) => !same);
  return differing.length === 0 ? 'yes' : `not at n = ${differing.map(({ n }) => n).join(', ')}`;
}
