import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseExperiment } from '../../../src/experiment';
import type { ExperimentKindName, ExperimentOf } from '../../../src/experiment/kinds';
import { EngineError } from '../../../src/engine/errors';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import { functionTask } from '../../../src/engine/meanField/task';
import { createModel } from '../../../src/engine/models/registry';
import { ThreadCheckpoints } from '../../../src/engine/schedule/checkpoints';
import { checkedLine } from '../../../src/engine/store/checkedLine';
import { CHECKPOINT_VERSION, CHECKPOINTS } from '../../../src/engine/store/checkpoint';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { hashValue } from '../../../src/engine/store/hashValue';
import { goOn, readProgress, type JobCheckpoint } from '../../../src/engine/studies/jobCheckpoint';
import { takeLocalRecovery } from '../../../src/engine/studies/localRecovery/measure';
import { prepare } from '../../../src/engine/studies/preparation';
import { convexityOf, distill, trainNet } from '../../../src/engine/studies/repopulation/jobs';
import { trainCell } from '../../../src/engine/studies/trainCell';
import { Workbench } from '../../../src/engine/studies/workbench';
import { FlowTraining } from '../../../src/engine/training/flowTraining';
import { Training, type TrainingRun } from '../../../src/engine/training/train';
import { ENGINE_VERSION } from '../../../src/engine/version';
import type { FuzzRandom } from '../random';
import { touchedOutside } from '../sandbox';
import type { FuzzTarget } from '../target';
import { mutateBytes, mutateText } from '../texts';
import { mutateValue } from '../values';
import { Escape } from './runFolders';

/** A checkpoint's bytes, or null for a symbolic link out of the folder, and whose training is to go on from it. */
interface CheckpointInput {
  content: Uint8Array | null;
  kind: Kind;
}

type Kind = 'kernel' | 'typescript' | 'flow' | keyof typeof JOBS;

const TRAININGS = ['kernel', 'typescript', 'flow'] as const;
const resolved = <K extends ExperimentKindName>(file: { experiment: K } & Record<string, unknown>) =>
  parseExperiment(JSON.stringify(file)).resolved as unknown as ExperimentOf<K>;

const SMALL = {
  experiment: 'recovery' as const,
  model: { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 4 },
  target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [0.7] }] },
  data: { sampleSizes: [5], inputs: { kind: 'normal' } },
  analysis: { rank: false, hessian: { kind: 'density', count: 2, probes: 2, steps: 4 }, hessianEvery: 20 },
};
const START = { initialization: { kind: 'normal', scale: 0.5 }, trials: 1 };
const CELL = resolved({ ...SMALL, training: { ...START, stop: { steps: 60, trainLoss: 0 } } });
const FLOW = { optimizer: { kind: 'gradientFlow', polish: true }, stop: { steps: 30, trainLoss: 1e-9 } };
const POLISHED = resolved({ ...SMALL, training: { ...START, ...FLOW } });
const FITS = resolved({
  experiment: 'rank',
  model: SMALL.model,
  target: SMALL.target,
  data: { inputs: { kind: 'normal' }, sampleSizes: [2] },
  analysis: { localRecovery: { draws: 2, perturbation: { epsilons: [1e-2, 1e-3], trials: 2 } } },
});
const NET = resolved({
  experiment: 'repopulation',
  task: { kind: 'function', expression: 'cos(x)', samples: 30, testSamples: 10 },
  network: { widths: [4, 3] },
  training: { epochs: 4, batch: 10, learningRate: 0.01, gradientNoise: 0.1, decays: [0, 0.01, 1] },
  repopulation: { epochs: [2] },
  analysis: { every: 1, segments: 4, neurons: [2], draws: 2 },
});
if (NET.task.kind !== 'function') throw new Error('a function is learnt here');
const TASK = functionTask(NET.task, 1);
const NEURONS = Float64Array.from({ length: 4 * 1 + 4 + 3 * 4 + 3 + 3 + 1 }, (_, i) => Math.sin(i + 1));

const JOB = { kind: 'cell' };
const HASH = 'ab'.repeat(32);

/** Jobs that are saved part by part. */
const JOBS = {
  cell(checkpoint?: JobCheckpoint) {
    const bench = new Workbench(CELL);
    bench.share({ modelRank: null, entryOrder: null });
    return trainCell(bench, CELL, { sampleSize: 5, trial: 0 }, { followed: true, traced: true, checkpoint });
  },
  polished(checkpoint?: JobCheckpoint) {
    const bench = new Workbench(POLISHED);
    bench.share({ modelRank: null, entryOrder: null });
    return trainCell(bench, POLISHED, { sampleSize: 5, trial: 0 }, { followed: true, traced: true, checkpoint });
  },
  net: (checkpoint?: JobCheckpoint) => trainNet(NET, TASK, 'repopulated', checkpoint),
  distillation: (checkpoint?: JobCheckpoint) => distill(NET, TASK, NEURONS, checkpoint),
  convexity: (checkpoint?: JobCheckpoint) => convexityOf(NET, TASK, NEURONS, checkpoint),
  fits(checkpoint?: JobCheckpoint) {
    const bench = new Workbench(FITS);
    bench.share(prepare(FITS).preparation);
    return takeLocalRecovery(bench, FITS, 0, checkpoint);
  },
};

/** A network of two neurons at three samples, for a few steps. */
function begin(kind: (typeof TRAININGS)[number]): TrainingRun {
  const model = createModel({ kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 2, hiddenBias: true, outputBias: false });
  const bound = model.bind({ count: 3, dimension: 1, values: Float64Array.of(-1, 0.5, 2) });
  const targets = Float64Array.of(0.3, -0.2, 0.9);
  const start = Float64Array.of(0.5, -0.3, 0.8, 0.1, -0.7, 0.2);
  const stop = { trainLoss: 0, gradientNorm: 0, steps: 60 };
  if (kind === 'flow') return new FlowTraining(bound, targets, start, { optimizer: { kind: 'gradientFlow' }, stop });
  const rules = { optimizer: { kind: 'adam', learningRate: 0.01 }, stop } as const;
  return kind === 'kernel'
    ? new KernelTraining(bound.kernelProblem!(), targets, start, rules)
    : new Training(bound, targets, start, rules);
}

const KINDS: readonly Kind[] = [...TRAININGS, ...(Object.keys(JOBS) as (keyof typeof JOBS)[])];

/** What each saves on its way. */
const STATES = new Map<Kind, string[]>();
for (const kind of TRAININGS) {
  const training = begin(kind);
  training.advance(25);
  STATES.set(kind, [encodeExact({ training: training.save?.(), spectra: [] })]);
}
for (const [kind, job] of Object.entries(JOBS)) {
  const states: string[] = [];
  const write = (state: object) => void states.push(encodeExact(state));
  atEverySlice(() => toEnd(job({ read: () => undefined, refuse: () => undefined, due: () => true, write })));
  STATES.set(kind as Kind, states);
}

/** With a clock by which each slice ends at once, so that jobs save as often as they can. */
function atEverySlice<T>(act: () => T): T {
  const { now } = performance;
  let time = 0;
  performance.now = () => (time += 20);
  try {
    return act();
  } finally {
    performance.now = now;
  }
}

/** What a job returns, and where it does not come to an end. */
function toEnd(work: Generator<unknown, unknown>): unknown {
  for (let pauses = 0; pauses < 100_000; pauses++) {
    const { done, value } = work.next();
    if (done) return value;
  }
  throw new Error('it comes to no end');
}

/** Right checksums, most of them, over content that may be anything: as JSON says it, with its typed arrays. */
function forged(kind: Kind, random: FuzzRandom): Uint8Array {
  const state: unknown = JSON.parse(random.pick(STATES.get(kind)!));
  const content: unknown = {
    checkpoint: CHECKPOINT_VERSION,
    engine: ENGINE_VERSION,
    experiment: HASH,
    run: 0,
    place: 3,
    job: hashValue(JOB, hashValue(1)).slice(0, 32),
    state: random.chance(0.8) ? mutateValue(state, random) : state,
  };
  const json = JSON.stringify(random.chance(0.2) ? mutateValue(content, random) : content);
  const line = checkedLine(random.chance(0.1) ? mutateText(json, random) : json);
  return random.chance(0.2) ? mutateBytes(line, random) : line;
}

/** Trainings that go on from what stands in a file of a run folder. */
export const checkpointTarget: FuzzTarget<CheckpointInput> = {
  name: 'checkpoints',
  make(random) {
    const kind = random.pick(KINDS);
    return { kind, content: random.chance(0.03) ? null : forged(random.chance(0.9) ? kind : random.pick(KINDS), random) };
  },
  read({ content, kind }) {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-fuzz-'));
    try {
      const runFolder = path.join(root, 'run');
      const file = path.join(runFolder, CHECKPOINTS, '0-3.json');
      fs.mkdirSync(path.dirname(file), { recursive: true });
      if (content) fs.writeFileSync(file, content);
      else {
        fs.writeFileSync(path.join(root, 'elsewhere'), 'kept');
        fs.symlinkSync(path.join(root, 'elsewhere'), file);
      }
      let read: unknown;
      const outside = touchedOutside(runFolder, () => (read = follow(runFolder, kind)));
      if (outside.length > 0) throw new Escape(outside[0]);
      return read;
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
  },
};

/** As a worker does it: what is of no use is said, and the training begins anew. */
function follow(runFolder: string, kind: Kind): unknown {
  const said: string[] = [];
  const listener = { saved: () => undefined, say: (text: string) => said.push(text) };
  const plan = { runFolder, experiment: HASH, run: 0, everyMs: 0, early: [3] };
  const checkpoint = new ThreadCheckpoints(plan, listener, () => 1).of(JOB, 3);
  if (kind in JOBS) {
    // Diverged is what a training may be that goes on from any numbers.
    try {
      const found = atEverySlice(() => toEnd(JOBS[kind as keyof typeof JOBS]({ ...checkpoint, due: () => false })));
      return { said, found };
    } catch (error) {
      if (error instanceof EngineError) return { said, failed: error.message };
      throw error;
    }
  }
  const training = begin(kind as (typeof TRAININGS)[number]);
  const saved = readProgress(checkpoint);
  if (saved) goOn(checkpoint, () => training.goOn?.(saved.training));
  if (said.length === 0 && training.step === 0) throw new Error('nothing was gone on from, and nothing was said');
  for (let slices = 0; training.stopReason === null && slices < 100; slices++) training.advance(10);
  const state = training.save?.();
  if (state) checkpoint.write({ training: state, spectra: [] });
  const { step, loss, curve } = training;
  return { said, step, loss, curve: curve.take(), state: state && decodeExact(encodeExact(state)) };
}
