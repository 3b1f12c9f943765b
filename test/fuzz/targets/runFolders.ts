import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { certifyRank } from '../../../src/engine/certified';
import { contentHash } from '../../../src/engine/certified/certificate';
import { EngineError } from '../../../src/engine/errors';
import { checkedLine } from '../../../src/engine/store/checkedLine';
import { encodeExact } from '../../../src/engine/store/exactJson';
import { JOURNAL_VERSION } from '../../../src/engine/store/journal';
import { SavedJournal } from '../../../src/engine/store/readJournal';
import { RunFolder } from '../../../src/engine/store/runFolder';
import { readSavedRun, resumableOrigin } from '../../../src/engine/store/savedRun';
import { verifyRun } from '../../../src/engine/store/verifyRun';
import { ENGINE_VERSION } from '../../../src/engine/version';
import { readStoredRun } from '../../../src/extension/tree/storedRun';
import { someEvent } from '../events';
import type { FuzzRandom } from '../random';
import { touchedOutside } from '../sandbox';
import type { FuzzTarget } from '../target';
import { mutateBytes, mutateText } from '../texts';
import { mutateValue } from '../values';

interface FolderInput {
  /** Text of files by their names; null for a symbolic link out of the folder. */
  files: [name: string, content: Uint8Array | null][];
}

const HASH = 'ab'.repeat(32);
const MODEL = { kind: 'matrixFactorization', rows: 2, columns: 2, inner: 1 } as const;
const EXPERIMENT = {
  format: 2,
  hash: HASH,
  engine: ENGINE_VERSION,
  text: '{}',
  fileName: '/nowhere/a.recovery.json',
  startedAt: 1,
  report: true,
  experiment: { experiment: 'rank', model: MODEL },
};
const certificate = certifyRank({
  model: MODEL,
  parameters: Float64Array.of(1, 2, 3, 4),
  inputs: { count: 2, dimension: 2, values: Float64Array.of(0, 0, 1, 1) },
}).certificate;
const CLAIM = { status: 'certified', rank: 2, upperBound: 2, certificate: 'point-1.json' };
const SUMMARY = { experiment: 'rank', results: { points: [{ certified: CLAIM }] }, verdicts: [{ result: 'met' }] };

function damaged(value: unknown, random: FuzzRandom): Buffer {
  if (random.chance(0.4)) return Buffer.from(JSON.stringify(value));
  const text = JSON.stringify(random.chance(0.7) ? mutateValue(value, random) : value);
  return Buffer.from(random.chance(0.3) ? mutateText(text, random) : text);
}

/** A journal whose checksums are right, about jobs that may be anything; sometimes damaged as a whole. */
function journal(random: FuzzRandom): Buffer {
  const head: unknown = { journal: JOURNAL_VERSION, hash: HASH, engine: ENGINE_VERSION };
  const lines = [checkedLine(JSON.stringify(random.chance(0.9) ? head : mutateValue(head, random)))];
  for (let job = random.below(5); job > 0; job--) {
    const output: unknown = {
      loss: 1,
      weights: [1, 2],
      odd: { $: random.pick(['NaN', 'Float64Array', 'object', 'x', '-0']), base64: 'AAAA' },
    };
    const json = random.chance(0.7)
      ? `{"run":${random.below(2)},"job":${job},"list":"${random.pick(['cafe', 'beef'])}","steps":3,"output":${JSON.stringify(random.chance(0.5) ? mutateValue(output, random) : output)}}`
      : `{"run":0,"job":${job},"list":"cafe","steps":1,"output":${encodeExact(NaN)}}`;
    lines.push(checkedLine(random.chance(0.1) ? mutateText(json, random) : json));
  }
  const bytes = Buffer.concat(lines);
  return random.chance(0.4) ? Buffer.from(mutateBytes(bytes, random)) : bytes;
}

/** Changed by somebody who makes the hash fit, or not. */
function forged(random: FuzzRandom): Buffer {
  const { sha256, ...content } = JSON.parse(JSON.stringify(certificate)) as Record<string, unknown>;
  const changed = random.chance(0.7) ? mutateValue(content, random, 1) : content;
  if (typeof changed !== 'object' || changed === null || random.chance(0.3)) return damaged({ ...content, sha256 }, random);
  let hash: unknown = sha256;
  try {
    hash = contentHash(changed);
  } catch {
    // What has no canonical form has no hash.
  }
  return Buffer.from(JSON.stringify({ ...changed, sha256: hash }));
}

const LINKS = [
  'experiment.json',
  'events.jsonl',
  'journal.jsonl',
  'summary.json',
  'summary.json.partial',
  'lock.json',
  'certificates',
  'certificates/point-1.json',
  'report.html',
];

/** An error that says what is wrong; anything else is a crash. */
function inWords<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

function readAll(folder: string): void {
  inWords(() => verifyRun(folder));
  const saved = inWords(() => readSavedRun(folder));
  if (!saved) return;
  inWords(() => resumableOrigin(saved));
  inWords(() => {
    const found = SavedJournal.read(path.join(folder, 'journal.jsonl'), { hash: saved.hash, engine: ENGINE_VERSION });
    try {
      for (const jobs of found?.lists.values() ?? []) jobs.jobs.forEach((_, i) => found?.entry(jobs, i));
    } finally {
      found?.close();
    }
  });
  inWords(() => {
    const run = RunFolder.resume(saved);
    try {
      run.append({ type: 'phase', phase: 'preparing' });
      run.keepJob({ run: 0, job: 9, list: 'cafe', steps: 1, output: 1 });
      run.writeCertificate('point-2.json', {});
      run.complete([{ name: 'summary.json', text: '{}\n' }], { type: 'phase', phase: 'writing' });
    } finally {
      run.close();
    }
  });
}

function parsed(bytes: Uint8Array | null | undefined): unknown {
  try {
    return bytes ? JSON.parse(Buffer.from(bytes).toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

export const runFolderTarget: FuzzTarget<FolderInput> = {
  name: 'run folders',
  make(random) {
    const files: FolderInput['files'] = [['experiment.json', damaged(EXPERIMENT, random)]];
    if (random.chance(0.4)) files.push(['summary.json', damaged(SUMMARY, random)]);
    if (random.chance(0.6)) files.push(['journal.jsonl', journal(random)]);
    if (random.chance(0.5))
      files.push(['events.jsonl', Buffer.from(`${JSON.stringify(mutateValue(someEvent(random), random))}\n`)]);
    if (random.chance(0.4)) files.push(['certificates/point-1.json', forged(random)]);
    if (random.chance(0.1)) files.push(['lock.json', damaged({ pid: 1, host: 'elsewhere', token: 't' }, random)]);
    if (random.chance(0.15)) {
      const link = random.pick(LINKS);
      return { files: [...files.filter(([name]) => name !== link && !name.startsWith(`${link}/`)), [link, null]] };
    }
    return { files };
  },
  read({ files }) {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-fuzz-'));
    try {
      const folder = path.join(root, 'run');
      const elsewhere = path.join(root, 'elsewhere');
      fs.mkdirSync(path.join(elsewhere, 'certificates'), { recursive: true });
      fs.mkdirSync(folder);
      for (const [name, content] of files) {
        const file = path.join(folder, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        const outside = path.join(elsewhere, name);
        if (content) fs.writeFileSync(file, content);
        else {
          if (name !== 'certificates')
            fs.writeFileSync(outside, name === 'experiment.json' ? JSON.stringify(EXPERIMENT) : 'kept\n');
          fs.symlinkSync(outside, file);
        }
      }
      const outside = touchedOutside(folder, () => readAll(folder));
      if (outside.length > 0) throw new Escape(outside[0]);
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
    const file = (name: string) => parsed(files.find(([each]) => each === name)?.[1]);
    return readStoredRun({
      name: 'a',
      experiment: file('experiment.json'),
      summary: file('summary.json'),
      lastEvent: file('events.jsonl'),
      writtenAt: 1,
    });
  },
};

/** A file outside of the folder was touched. */
export class Escape extends Error {
  override readonly name = 'Escape';
}
