import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certifyRank } from '../../../src/engine/certified';
import { checkedLine } from '../../../src/engine/store/checkedLine';
import { JOURNAL_VERSION } from '../../../src/engine/store/journal';
import { SavedJournal } from '../../../src/engine/store/readJournal';
import { RunFolder } from '../../../src/engine/store/runFolder';
import { readSavedRun } from '../../../src/engine/store/savedRun';
import { verifyRun } from '../../../src/engine/store/verifyRun';
import { ENGINE_VERSION } from '../../../src/engine/version';
import { matrixExperiment } from '../experiments';

let root: string;
let folder: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-hostile-'));
  folder = path.join(root, 'run');
  fs.mkdirSync(folder);
  write('experiment.json', { format: 2, hash: 'ab', engine: ENGINE_VERSION, experiment: { experiment: 'rank' } });
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
}

describe('a run folder from somebody else', () => {
  it.each(['events.jsonl', 'journal.jsonl', 'summary.json.partial', 'lock.json', 'certificates/point-1.json'])(
    'with %s as a link out of it is neither read nor written',
    (name) => {
      const victim = path.join(root, 'victim');
      fs.writeFileSync(victim, 'kept');
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.symlinkSync(victim, path.join(folder, name));
      const words = `its ${name} is a symbolic link`;
      expect(() => readSavedRun(folder)).toThrow(words);
      expect(() => verifyRun(folder)).toThrow(words);
      expect(() => RunFolder.open(folder, matrixExperiment({}), 'ab')).toThrow(words);
      expect(fs.readFileSync(victim, 'utf8')).toBe('kept');
    },
  );

  it('with certificates elsewhere leaves them alone', () => {
    const elsewhere = path.join(root, 'elsewhere');
    fs.mkdirSync(elsewhere);
    fs.writeFileSync(path.join(elsewhere, 'point-1.json'), '{}');
    fs.symlinkSync(elsewhere, path.join(folder, 'certificates'));
    expect(() => RunFolder.open(folder, matrixExperiment({}), 'ab')).toThrow('its certificates is a symbolic link');
    expect(fs.readdirSync(elsewhere)).toEqual(['point-1.json']);
  });

  it.skipIf(process.platform === 'win32')('with a pipe is not waited for', () => {
    execFileSync('mkfifo', [path.join(folder, 'summary.json')]);
    expect(() => verifyRun(folder)).toThrow('its summary.json is no file');
  });

  it('whose model has a number beyond float64 is about another model than any certificate', () => {
    const { certificate } = certifyRank({
      model: { kind: 'matrixFactorization', rows: 2, columns: 2, inner: 1 },
      parameters: Float64Array.of(1, 2, 3, 4),
      inputs: { count: 2, dimension: 2, values: Float64Array.of(0, 0, 1, 1) },
    });
    fs.mkdirSync(path.join(folder, 'certificates'));
    write('certificates/point-1.json', certificate);
    const experiment = { experiment: 'rank', model: { kind: 'matrixFactorization', rows: 'HUGE', columns: 2, inner: 1 } };
    const text = JSON.stringify({ format: 2, hash: 'ab', engine: ENGINE_VERSION, experiment }).replace('"HUGE"', '1e999');
    fs.writeFileSync(path.join(folder, 'experiment.json'), text);
    const [verdict] = verifyRun(folder).certificates;
    expect(verdict).toMatchObject({ valid: false, reasons: [expect.stringContaining('another model')] });
  });

  it('says in words what is no text', () => {
    const odd = { toString: 1, valueOf: 1 };
    write('experiment.json', { format: odd, experiment: {} });
    expect(() => readSavedRun(folder)).toThrow('has format an object');
    write('experiment.json', { format: 2, hash: odd, engine: odd, experiment: {} });
    expect(readSavedRun(folder)).toMatchObject({ hash: 'an object', engine: 'an object' });
  });

  it('with a summary nested deeper than the stack is verified', () => {
    const depth = 100_000;
    fs.writeFileSync(path.join(folder, 'summary.json'), '['.repeat(depth) + ']'.repeat(depth));
    expect(verifyRun(folder)).toEqual({ valid: false, certificates: [] });
  });

  it('with lines in its journal that have a checksum and no sense is refused', () => {
    const file = path.join(folder, 'journal.jsonl');
    const owner = { hash: 'ab', engine: '1' };
    const head = checkedLine(JSON.stringify({ journal: JOURNAL_VERSION, ...owner }));
    const entry = (output: string) => checkedLine(`{"run":0,"job":1,"list":"cafe","steps":3,"output":${output}}`);
    for (const output of ['{"$":"Float64Array","base64":"AAAA"}', '{"$":"object"}', '{"$":"x"}', '{"$":{"toString":1}}', '(']) {
      fs.writeFileSync(file, Buffer.concat([head, entry(output)]));
      const journal = SavedJournal.read(file, owner)!;
      expect(() => journal.entry(journal.lists.get(0)!, 0)).toThrow('is none that this engine wrote');
      journal.close();
    }
    fs.writeFileSync(file, checkedLine('{"journal":(}'));
    expect(() => SavedJournal.read(file, owner)).toThrow('has version none');
  });
});
