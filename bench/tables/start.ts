import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { interleave, type Contender } from '../harness/contender';
import { runEngine, type EngineRunOptions } from '../harness/engine';
import { digits, duration, ratio } from '../harness/markdown';
import { progress, type Report } from '../harness/report';
import { median } from '../harness/statistics';
import { RUN_FILES } from '../../src/engine/store/runFiles';

const MEBIBYTE = 1024 ** 2;
const MEMORY_LIMIT = 300e6;

export async function start(report: Report, quick: boolean): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-bench-'));
  try {
    await startTimes(report, folder, quick);
    await scaling(report, folder, quick);
    await memory(report, folder, quick);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, name: string, experiment: object): string {
  const file = path.join(folder, `${name}.recovery.json`);
  fs.writeFileSync(file, JSON.stringify(experiment));
  return file;
}

async function startTimes(report: Report, folder: string, quick: boolean): Promise<void> {
  report.section(
    'Start',
    'From starting the process to its first event (`serve`), to its end (`check`); a bare `node -e ""` for comparison.',
  );
  const file = write(folder, 'check', {
    experiment: 'recovery',
    model: { kind: 'matrixFactorization', rows: 4, columns: 4 },
    target: { kind: 'matrix', values: Array.from({ length: 4 }, (_, i) => [i + 1, 2 * i + 2, -i - 1, 0.5 * i + 0.5]) },
    data: { sampleSizes: { from: 1, to: 16 } },
  });
  const contenders = [
    engine('`recovery serve` to hello', ['serve'], { untilFirstOutput: true }),
    engine('`recovery check`', ['check', file], {}),
    engine('`recovery --version`', ['--version'], {}),
    engine('`node -e ""`', ['-e', ''], { bare: true }),
  ];
  const timings = await interleave(contenders, { rounds: quick ? 3 : 21, secondsEach: 30 });
  report.table(
    ['what', 'median', 'best'],
    timings.map((timing) => [timing.name, duration(timing.median), duration(timing.best)]),
  );
  for (const { name, failure } of timings) if (failure !== null) report.note(`${name} failed: ${failure}.`);
  const [hello, check] = timings;
  report.goalBelow('engine start to first event', hello.median, 0.15, duration);
  report.goalBelow('`recovery check`', check.median, 0.3, duration);
}

function engine(name: string, words: string[], options: EngineRunOptions): Contender {
  return {
    name,
    async sample() {
      const { seconds, firstOutput, exitCode } = await runEngine(words, options);
      if (exitCode !== 0) throw new Error(`exit code ${exitCode}`);
      return [options.untilFirstOutput ? firstOutput : seconds];
    },
  };
}

/** Long trainings of even length, so that what is measured is the computing and not the start or the last straggler. */
async function scaling(report: Report, folder: string, quick: boolean): Promise<void> {
  report.section(
    'Workers',
    'A sweep of 64 equal trainings of a tanh network (m = 50, d = 5, n = 50), the time of its training phase as its own events tell it; so long that starting the workers, some 0.2 s, hardly counts.',
  );
  const file = write(folder, 'scaling', {
    experiment: 'recovery',
    model: { kind: 'twoLayer', activation: 'tanh', inputs: 5, width: 50, hiddenBias: true },
    target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [1, 1, -1, 0.5, 2] }] },
    data: { sampleSizes: [50], inputs: { kind: 'normal' }, testSamples: 100 },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate: 0.01 },
      initialization: { kind: 'normal', scale: 0.1 },
      stop: { trainLoss: 0, steps: quick ? 200 : 40_000 },
      trials: 64,
    },
    analysis: { rank: false, hessian: 'none' },
  });
  let run = 0;
  const withWorkers = (workers: number): Contender => ({
    name: `${workers} worker${workers > 1 ? 's' : ''}`,
    async sample() {
      const out = path.join(folder, `scaling-${run++}`);
      const { exitCode } = await runEngine(['run', file, '--workers', String(workers), '--no-report', '--events', '--out', out]);
      if (exitCode !== 0) throw new Error(`exit code ${exitCode}`);
      return [trainingSeconds(path.join(out, RUN_FILES.events))];
    },
  });
  const timings = await interleave([1, 2, 3].map(withWorkers), { rounds: quick ? 1 : 5, secondsEach: 40 });
  report.table(
    ['workers', 'median', 'best', 'faster than 1', 'best than best'],
    timings.map(({ name, median, best }) => [
      name,
      duration(median),
      duration(best),
      ratio(timings[0].median / median),
      ratio(timings[0].best / best),
    ]),
  );
  for (const { name, failure } of timings) if (failure !== null) report.note(`${name} failed: ${failure}.`);
  const reached = timings[0].median / timings[1].median;
  report.goal('2 workers than 1', 'at least 1.9×', ratio(reached), reached >= 1.9);
}

/** The last progress event counts from the first job. */
function trainingSeconds(events: string): number {
  const lines = fs.readFileSync(events, 'utf8').trimEnd().split('\n');
  for (const line of lines.reverse()) {
    const event = JSON.parse(line) as { type: string; elapsedMs?: number };
    if (event.type === 'progress' && event.elapsedMs !== undefined) return event.elapsedMs / 1000;
  }
  throw new Error('the run told no progress');
}

async function memory(report: Report, folder: string, quick: boolean): Promise<void> {
  report.section(
    'Memory',
    'Most resident memory (VmHWM) of `recovery run --workers 2 --events --no-report` on tiny cells: a 2×2 matrix of rank 1, n = 1 … 4, up to 200 steps each, no ranks.',
  );
  const rows: string[][] = [];
  for (const cells of quick ? [1e3, 1e4] : [1e3, 1e4, 1e5]) {
    const file = write(folder, `memory-${cells}`, {
      experiment: 'recovery',
      model: { kind: 'matrixFactorization', rows: 2, columns: 2 },
      target: {
        kind: 'matrix',
        values: [
          [1, 2],
          [2, 4],
        ],
      },
      data: { sampleSizes: [1, 2, 3, 4], inputs: { kind: 'entries', order: 'random' } },
      training: { stop: { trainLoss: 1e-6, steps: 200 }, initialization: { kind: 'normal', scale: 0.1 }, trials: cells / 4 },
      analysis: { rank: false, hessian: 'none' },
    });
    progress(`${cells} cells`);
    const out = path.join(folder, `memory-run-${cells}`);
    const runs = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      fs.rmSync(out, { recursive: true, force: true });
      runs.push(await runEngine(['run', file, '--workers', '2', '--events', '--no-report', '--out', out], { watchMemory: true }));
    }
    const peak = Math.max(...runs.map(({ peakMemory }) => peakMemory));
    const seconds = median(runs.map((run) => run.seconds));
    const folderBytes = fs.readdirSync(out).reduce((sum, name) => sum + fs.statSync(path.join(out, name)).size, 0);
    rows.push([
      digits(cells, 6),
      `${(peak / 1e6).toFixed(0)} MB`,
      duration(seconds),
      duration(seconds / cells),
      `${(folderBytes / MEBIBYTE).toFixed(1)} MiB`,
      String(runs[0].exitCode),
    ]);
    if (cells === 1e5)
      report.goalBelow('memory of 100,000 cells', peak, MEMORY_LIMIT, (bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
  }
  report.table(['cells', 'most memory', 'time', 'per cell', 'run folder', 'exit code'], rows);
}
