import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import { createModel } from '../../../src/engine/models/registry';
import { ThreadCheckpoints } from '../../../src/engine/schedule/checkpoints';
import { checkedLine } from '../../../src/engine/store/checkedLine';
import { CHECKPOINT_VERSION, CHECKPOINTS } from '../../../src/engine/store/checkpoint';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { hashValue } from '../../../src/engine/store/hashValue';
import { goOn, readProgress } from '../../../src/engine/studies/jobCheckpoint';
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

type Kind = 'kernel' | 'typescript' | 'flow';

const KINDS: readonly Kind[] = ['kernel', 'typescript', 'flow'];
const JOB = { kind: 'cell' };
const HASH = 'ab'.repeat(32);

/** A network of two neurons at three samples, for a few steps. */
function begin(kind: Kind): TrainingRun {
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

const STATES = Object.fromEntries(
  KINDS.map((kind) => {
    const training = begin(kind);
    training.advance(25);
    return [kind, encodeExact({ training: training.save?.(), spectra: [] })];
  }),
);

/** Right checksums, most of them, over content that may be anything: as JSON says it, with its typed arrays. */
function forged(kind: Kind, random: FuzzRandom): Uint8Array {
  const state: unknown = JSON.parse(STATES[kind]);
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
  const training = begin(kind);
  const saved = readProgress(checkpoint);
  if (saved) goOn(checkpoint, () => training.goOn?.(saved.training));
  if (said.length === 0 && training.step === 0) throw new Error('nothing was gone on from, and nothing was said');
  for (let slices = 0; training.stopReason === null && slices < 100; slices++) training.advance(10);
  const state = training.save?.();
  if (state) checkpoint.write({ training: state, spectra: [] });
  const { step, loss, curve } = training;
  return { said, step, loss, curve: curve.take(), state: state && decodeExact(encodeExact(state)) };
}
