import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeScratch, moveOver, NODE_SCRATCH } from '../../../src/engine/slurm/scratch';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-scratch-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('scratch', () => {
  it('is where the node says, as far as that is there', () => {
    const there = path.join(folder, 'there');
    fs.mkdirSync(there);
    const parent = (environment: NodeJS.ProcessEnv, place: string = NODE_SCRATCH) => {
      const made = makeScratch(place, environment);
      expect(fs.statSync(made).mode & 0o77).toBe(0);
      fs.rmdirSync(made);
      return path.dirname(made);
    };
    expect(parent({ SLURM_TMPDIR: there, TMPDIR: folder })).toBe(there);
    expect(parent({ SLURM_TMPDIR: path.join(folder, 'gone'), TMPDIR: there })).toBe(there);
    expect(parent({ TMPDIR: 'relative' })).toBe('/tmp');
    expect(parent({ TMPDIR: folder }, there)).toBe(there);
    expect(() => makeScratch(path.join(folder, 'gone'), {})).toThrow('ENOENT');
  });

  it('is moved over whole, in place of what was there', () => {
    const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
    fs.writeFileSync(from, 'new');
    fs.writeFileSync(to, 'old');
    moveOver(from, to);
    expect(fs.readFileSync(to, 'utf8')).toBe('new');
    expect(fs.readdirSync(folder)).toEqual(['to']);
  });

  it('leaves nothing behind where moving fails', () => {
    expect(() => moveOver(path.join(folder, 'from'), path.join(folder, 'to'))).toThrow('ENOENT');
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
