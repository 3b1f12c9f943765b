import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateNames, defaultRunFolder, RunFolder } from '../../../src/engine/store/runFolder';
import type { EngineEvent } from '../../../src/protocol/events';
import { matrixExperiment } from '../experiments';

const experiment = matrixExperiment({});
const phase: EngineEvent = { type: 'phase', phase: 'training' };
let base: string;

beforeEach(() => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-store-'));
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

describe('RunFolder', () => {
  it('keeps the experiment, the events as they come, and the summary at the end', () => {
    const folder = RunFolder.open(path.join(base, 'a/b'), experiment, 'abc');
    expect(JSON.parse(fs.readFileSync(folder.file('experiment.json'), 'utf8'))).toMatchObject({ hash: 'abc', experiment });
    folder.append(phase);
    expect(fs.readFileSync(folder.file('events.jsonl'), 'utf8')).toBe('{"type":"phase","phase":"training"}\n');
    folder.complete([{ name: 'summary.json', text: '{}\n' }], { type: 'phase', phase: 'writing' });
    folder.close();
    expect(fs.readdirSync(folder.path).sort()).toEqual(['events.jsonl', 'experiment.json', 'summary.json']);
    expect(fs.readFileSync(folder.file('events.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('removes the results of an earlier run, and nothing else', () => {
    const out = path.join(base, 'out');
    fs.mkdirSync(out);
    for (const name of ['summary.json', 'report.html', 'notes.txt']) fs.writeFileSync(path.join(out, name), 'old');
    RunFolder.open(out, experiment, 'abc').close();
    expect(fs.readdirSync(out).sort()).toEqual(['events.jsonl', 'experiment.json', 'notes.txt']);
  });

  it('keeps certificates in a folder of their own, and removes only those of an earlier run', () => {
    const out = path.join(base, 'certified');
    const folder = RunFolder.open(out, experiment, 'abc');
    folder.writeCertificate('point-10.json', { rank: 10 });
    folder.writeCertificate('point-9.json', { rank: 9 });
    folder.writeCertificate('minimal-representation.json', { rank: 7 });
    folder.close();
    const certificates = path.join(out, 'certificates');
    fs.writeFileSync(path.join(certificates, 'mine.json'), '{}');
    expect(certificateNames(certificates)).toEqual(['minimal-representation.json', 'point-9.json', 'point-10.json']);
    expect(JSON.parse(fs.readFileSync(path.join(certificates, 'point-9.json'), 'utf8'))).toEqual({ rank: 9 });
    RunFolder.open(out, experiment, 'abc').close();
    expect(fs.readdirSync(certificates)).toEqual(['mine.json']);
    fs.rmSync(path.join(certificates, 'mine.json'));
    RunFolder.open(out, experiment, 'abc').close();
    expect(fs.existsSync(certificates)).toBe(false);
  });

  it('says what is wrong when a certificate cannot be written', () => {
    const folder = RunFolder.open(path.join(base, 'run'), experiment, 'abc');
    fs.writeFileSync(folder.file('certificates'), 'a file');
    expect(() => folder.writeCertificate('point-1.json', {})).toThrow(/cannot be used: a part of this path is a file/);
    folder.close();
  });

  it('says what is wrong when a part of the path is a file', () => {
    fs.writeFileSync(path.join(base, 'file'), '');
    expect(() => RunFolder.open(path.join(base, 'file/run'), experiment, 'abc')).toThrow(
      /cannot be used: a part of this path is a file.*--out/,
    );
    try {
      RunFolder.open(path.join(base, 'file/run'), experiment, 'abc');
    } catch (error) {
      expect(error).toMatchObject({ code: 'run-folder', exitCode: 3 });
    }
  });

  it('leaves no result behind when the end cannot be written', () => {
    const folder = RunFolder.open(path.join(base, 'run'), experiment, 'abc');
    // A folder in the place of the temporary file: the second of two files fails.
    fs.mkdirSync(folder.file('summary.json.partial'));
    expect(() =>
      folder.complete(
        [
          { name: 'report.html', text: 'x' },
          { name: 'summary.json', text: '{}' },
        ],
        phase,
      ),
    ).toThrow();
    expect(fs.existsSync(folder.file('report.html'))).toBe(false);
    expect(fs.existsSync(folder.file('report.html.partial'))).toBe(false);
    expect(fs.existsSync(folder.file('summary.json'))).toBe(false);
    folder.close();
  });
});

describe('a full disk', () => {
  let mounted = false;
  beforeEach(() => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', base], { stdio: 'ignore' });
      mounted = true;
    } catch {
      mounted = false;
    }
  });
  afterEach(() => {
    if (mounted) execFileSync('umount', ['-l', base]);
  });

  it('is said in words, and takes back the piece that did not fit', (context) => {
    if (!mounted) return context.skip('mounting a small file system is not possible here');
    const folder = RunFolder.open(path.join(base, 'run'), experiment, 'abc');
    folder.append(phase);
    const long: EngineEvent = {
      type: 'curve',
      sampleSize: 7,
      trial: 0,
      steps: Array.from({ length: 20_000 }, (_, i) => i),
      losses: [],
    };
    let caught: unknown;
    try {
      folder.append(long);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      code: 'disk-full',
      exitCode: 3,
      message: expect.stringContaining('The disk is full') as unknown,
    });
    expect(fs.readFileSync(folder.file('events.jsonl'), 'utf8')).toBe('{"type":"phase","phase":"training"}\n');
    expect(() => folder.complete([{ name: 'summary.json', text: 'x'.repeat(100_000) }], phase)).toThrow(/disk is full/);
    folder.close();
    expect(fs.readdirSync(folder.path).sort()).toEqual(['events.jsonl', 'experiment.json']);
  });
});

describe('defaultRunFolder', () => {
  const now = new Date('2025-03-04T05:06:07Z');
  it('lies beside the experiment and never names a folder that is there', () => {
    const file = path.join(base, 'toy.recovery.json');
    const first = defaultRunFolder(file, '0123456789abcdef', now);
    expect(first).toBe(path.join(base, 'recovery-runs', 'toy-01234567-20250304-050607'));
    fs.mkdirSync(first, { recursive: true });
    expect(defaultRunFolder(file, '0123456789abcdef', now)).toBe(`${first}-2`);
  });
});
