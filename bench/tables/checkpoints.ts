import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { writeCheckpoint } from '../../src/engine/store/checkpoint';
import { interleave, type Contender } from '../harness/contender';
import { runEngine } from '../harness/engine';
import { digits, duration, ratio } from '../harness/markdown';
import { progress, type Report } from '../harness/report';
import { median } from '../harness/statistics';

/** Two-layer tanh networks with Adam: three vectors of as many numbers as there are parameters are saved. */
const SIZES = [
  { width: 50, inputs: 5, steps: 600_000 },
  { width: 1000, inputs: 98, steps: 1200 },
  { width: 10_000, inputs: 98, steps: 60 },
];

const parametersOf = ({ width, inputs }: { width: number; inputs: number }) => width * (inputs + 2);

export async function checkpoints(report: Report, quick: boolean): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-bench-'));
  try {
    await wholeRuns(report, folder, quick);
    single(report, folder, quick);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function wholeRuns(report: Report, folder: string, quick: boolean): Promise<void> {
  report.section(
    'Long trainings with and without checkpoints',
    'One training with Adam at 50 samples (`--workers 0`), processor time of the whole process: without checkpoints (`--checkpoint 0`) and with one a second, sixty times as many as by default. Runs take turns. What a disk takes is in the next table.',
  );
  const rows: string[][] = [];
  for (const size of SIZES) {
    const parameters = parametersOf(size);
    progress(`${parameters} parameters`);
    const file = path.join(folder, `${parameters}.recovery.json`);
    fs.writeFileSync(file, JSON.stringify(experiment({ ...size, steps: quick ? Math.ceil(size.steps / 100) : size.steps })));
    let run = 0;
    const every = (seconds: string): Contender => ({
      name: seconds,
      async sample() {
        const out = path.join(folder, `run-${run++}`);
        const before = childrenSeconds();
        const args = ['run', file, '--workers', '0', '--no-report', '--events', '--out', out, '--checkpoint', seconds];
        const { exitCode } = await runEngine(args, {});
        if (exitCode !== 0) throw new Error(`exit code ${exitCode}`);
        fs.rmSync(out, { recursive: true });
        return [childrenSeconds() - before];
      },
    });
    const timings = await interleave(['0', '1'].map(every), { rounds: quick ? 1 : 7, secondsEach: 150 });
    for (const { name, failure } of timings) if (failure !== null) report.note(`--checkpoint ${name} failed: ${failure}.`);
    const [none, second] = timings;
    rows.push([
      digits(parameters),
      duration(none.median),
      duration(second.median),
      ratio(second.median / none.median),
      ratio(second.best / none.best),
    ]);
  }
  report.table(['parameters', 'without', 'one a second', 'median of median', 'best of best'], rows);
}

/** Processor time of all processes that this one has waited for, in hundredths of a second (Linux). */
function childrenSeconds(): number {
  // After the name, which may have blanks: cutime and cstime are fields 16 and 17.
  const fields = fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** In this process: what a training waits for each time. */
function single(report: Report, folder: string, quick: boolean): void {
  report.section(
    'One checkpoint',
    'Encoding the state of such a training, writing it, bringing it to the disk and renaming it; median of 21. The part is that of a minute.',
  );
  const rows = SIZES.map((size) => {
    const parameters = parametersOf(size);
    const vector = () => Float64Array.from({ length: parameters }, (_, i) => Math.sin(i));
    const state = { step: 1, parameters: vector(), divergenceLoss: 1e12, first: vector(), second: vector() };
    const file = path.join(folder, 'checkpoints', '0-0.json');
    const head = { engine: '0', experiment: '0', run: 0, place: 0, job: '0' };
    const times = Array.from({ length: quick ? 3 : 21 }, () => {
      const before = performance.now();
      writeCheckpoint(file, head, state);
      return (performance.now() - before) / 1000;
    });
    const each = median(times);
    return [
      digits(parameters),
      `${(fs.statSync(file).size / 1e6).toFixed(3)} MB`,
      duration(each),
      `${((100 * each) / 60).toFixed(3)} %`,
    ];
  });
  report.table(['parameters', 'file', 'time', 'of a minute'], rows);
}

function experiment({ width, inputs, steps }: (typeof SIZES)[number]): object {
  return {
    experiment: 'recovery',
    model: { kind: 'twoLayer', activation: 'tanh', inputs, width, hiddenBias: true },
    target: {
      kind: 'teacher',
      neurons: [{ outputWeight: 1, inputWeights: Array.from({ length: inputs }, (_, i) => (i < 5 ? 1 : 0)) }],
    },
    data: { sampleSizes: [50], inputs: { kind: 'normal' }, testSamples: 100 },
    training: {
      optimizer: { kind: 'adam', learningRate: 1e-6 },
      initialization: { kind: 'normal', scale: 0.01 },
      stop: { trainLoss: 0, steps },
      trials: 1,
    },
    analysis: { rank: false, hessian: 'none' },
  };
}
