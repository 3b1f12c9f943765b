import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { experimentHash } from '../../../src/experiment';
import { validate } from '../../../src/engine/validate';

let folder: string;
let fileName: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-points-'));
  fs.mkdirSync(path.join(folder, 'inside', 'data'), { recursive: true });
  fileName = path.join(folder, 'inside', 'a.recovery.json');
  write('inside/data/w.json', [1, 2, 3, 4, 5, 6, 7, 8]);
  write('outside.json', [1, 2, 3, 4, 5, 6, 7, 8]);
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
}

const MATRIX = { kind: 'matrixFactorization', rows: 2, columns: 2 };
const TARGET = {
  kind: 'matrix',
  values: [
    [1, 2],
    [2, 4],
  ],
};

function check(point: object) {
  return validate(
    JSON.stringify({ experiment: 'rank', model: MATRIX, target: TARGET, points: [point], data: { sampleSizes: [3] } }),
    fileName,
  );
}

function refusal(point: object): string {
  const { problems, experiment } = check(point);
  expect(experiment).toBeUndefined();
  expect(problems[0].path.slice(0, 2)).toEqual(['points', 0]);
  return problems[0].message;
}

describe('points from files', () => {
  it('become part of the experiment, with the hash of the file', () => {
    const { experiment, problems } = check({ file: 'data/w.json' });
    expect(problems).toEqual([]);
    const bytes = fs.readFileSync(path.join(folder, 'inside/data/w.json'));
    const point = {
      kind: 'file',
      file: 'data/w.json',
      name: 'data/w.json',
      parameters: [1, 2, 3, 4, 5, 6, 7, 8],
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    expect(experiment).toMatchObject({ points: [point] });
    // What a run keeps can be run again without the file, and is the same experiment.
    fs.rmSync(path.join(folder, 'inside/data/w.json'));
    const { experiment: again, problems: none } = validate(JSON.stringify(experiment), fileName);
    expect(none).toEqual([]);
    expect(experimentHash(again!)).toBe(experimentHash(experiment!));
    expect(refusal({ file: 'data/w.json' })).toBe('data/w.json: There is no such file.');
  });

  it('another file is another experiment', () => {
    const before = experimentHash(check({ kind: 'file', file: 'data/w.json' }).experiment!);
    write('inside/data/w.json', [1, 2, 3, 4, 5, 6, 7, 9]);
    expect(experimentHash(check({ kind: 'file', file: 'data/w.json' }).experiment!)).not.toBe(before);
  });

  it('lie in the folder of the experiment', () => {
    expect(refusal({ file: '../outside.json' })).toContain('relative to the folder');
    expect(refusal({ file: 'data/../../outside.json' })).toContain('relative to the folder');
    expect(refusal({ file: path.join(folder, 'outside.json') })).toContain('relative to the folder');
    expect(refusal({ file: 'C:\\outside.json' })).toContain('relative to the folder');
    fs.symlinkSync(path.join(folder, 'outside.json'), path.join(folder, 'inside', 'link.json'));
    expect(refusal({ file: 'link.json' })).toContain('outside of the folder');
    fs.symlinkSync(folder, path.join(folder, 'inside', 'up'));
    expect(refusal({ file: 'up/outside.json' })).toContain('outside of the folder');
    // A link that stays inside is none of those.
    fs.symlinkSync(path.join(folder, 'inside', 'data'), path.join(folder, 'inside', 'same'));
    expect(check({ file: 'same/w.json' }).problems).toEqual([]);
  });

  it('are told to be wrong in words, at their place', () => {
    expect(refusal({ file: 'data/w.pt' })).toContain('.npz');
    fs.mkdirSync(path.join(folder, 'inside', 'f.json'));
    expect(refusal({ file: 'f.json' })).toContain('This is no file');
    write('inside/short.json', [1, 2, 3]);
    expect(refusal({ file: 'short.json' })).toContain('short.json:');
    fs.closeSync(fs.openSync(path.join(folder, 'inside', 'large.npy'), 'w'));
    fs.truncateSync(path.join(folder, 'inside', 'large.npy'), 65 * 1024 * 1024);
    expect(refusal({ file: 'large.npy' })).toContain('65 MB; it may have at most 64');
    expect(refusal({ file: 'data/w.json', parameters: [1] })).toContain('1 parameter');
    // Without a file the kind is needed.
    expect(refusal({ name: 'x' })).toContain('"kind" is missing');
  });
});
