import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeCheckpoint } from '../../../src/engine/store/checkpoint';
import { findGarbage, removeGarbage } from '../../../src/engine/store/garbage';
import { clusterRemains, submittedJobs } from '../../../src/engine/slurm/remains';
import { RunFolder } from '../../../src/engine/store/runFolder';
import { matrixExperiment } from '../experiments';

const DAY = 24 * 3600 * 1000;
const experiment = matrixExperiment({});

let root: string;
beforeEach(() => (root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-gc-')))));
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const at = (...names: string[]) => path.join(root, ...names);
const write = (file: string, text = 'x'.repeat(10)) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
};

/** A run; finished, or stopped some days ago. */
function makeRun(folder: string, end: 'finished' | number, fileName = '/a.recovery.json'): string {
  const origin = { text: '{}', fileName, startedAt: 1, report: true };
  const run = RunFolder.open(folder, experiment, 'ab', origin);
  run.writeCertificate('point-1.json', {});
  if (end === 'finished') run.complete([{ name: 'summary.json', text: '{}\n' }], { type: 'phase', phase: 'writing' });
  run.close();
  writeCheckpoint(
    path.join(folder, 'checkpoints', '1-7.json'),
    { engine: '1', experiment: 'ab', run: 1, place: 7, job: 'c' },
    { a: 1 },
  );
  if (typeof end === 'number') age(folder, end);
  return folder;
}

function age(folder: string, days: number): void {
  const then = (Date.now() - days * DAY) / 1000;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) fs.utimesSync(path.join(entry.parentPath, entry.name), then, then);
}

const tree = (folder: string): string[] =>
  fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

/** What goes, by run, with its reason. */
function look(options: { before?: number; keep?: number; onCluster?: (folder: string) => string | undefined } = {}) {
  const before = tree(root);
  const found = findGarbage(root, {
    before: options.before,
    keep: options.keep ?? 0,
    onCluster: options.onCluster ?? (() => undefined),
  });
  // Looking changes nothing.
  expect(tree(root)).toEqual(before);
  const name = (folder: string) => path.relative(root, folder);
  return {
    ...found,
    gone: found.garbage.map(({ folder, reason }) => `${reason} ${name(folder)}`).sort(),
    alone: found.left.map(({ folder, why }) => `${name(folder)}: ${why}`).sort(),
  };
}

describe('what can go of runs', () => {
  it('is what killed processes left in finished runs, and temporary files of others', () => {
    const done = makeRun(at('recovery-runs', 'done'), 'finished');
    const stopped = makeRun(at('recovery-runs', 'stopped'), 100);
    const torn = `lock.json.${'0a'.repeat(4)}-0000-4000-8000-${'0a'.repeat(6)}`;
    for (const folder of [done, stopped])
      for (const name of [
        'report.html.partial',
        'certificates/point-2.json.partial',
        'checkpoints/1-9.json.partial',
        torn,
        'notes.txt',
      ])
        write(path.join(folder, name));
    const { garbage, gone } = look();
    expect(gone).toEqual(['leftover recovery-runs/done', 'leftover recovery-runs/stopped']);
    const files = [...garbage].map((each) => [...each.files].sort());
    const temporary = ['certificates/point-2.json.partial', 'checkpoints/1-9.json.partial', torn, 'report.html.partial'];
    expect(files).toEqual([[...temporary, 'checkpoints/1-7.json'].sort(), temporary.sort()]);
    expect(garbage[1].bytes).toBe(40);
    const kept = new Set(tree(root));
    for (const each of garbage) {
      for (const file of each.files) kept.delete(path.relative(root, path.join(each.folder, file)));
      expect(removeGarbage(each)).toBeUndefined();
    }
    kept.delete('recovery-runs/done/checkpoints');
    expect(tree(root)).toEqual([...kept].sort());
    expect(look().gone).toEqual([]);
  });

  it('is a run that was deleted in the editor, but none of the files beside ours', () => {
    const trashed = makeRun(at('a', 'recovery-runs', '.trash', 'old'), 'finished');
    const mixed = makeRun(at('a', 'recovery-runs', '.trash', 'mixed'), 3);
    write(path.join(mixed, 'notes.txt'), 'mine');
    // A folder of somebody else with this name.
    makeRun(at('b', '.trash', 'other'), 'finished');
    const { garbage, gone } = look();
    expect(gone).toEqual(['trashed a/recovery-runs/.trash/mixed', 'trashed a/recovery-runs/.trash/old']);
    for (const each of garbage) removeGarbage(each);
    expect(fs.existsSync(trashed)).toBe(false);
    expect(tree(mixed)).toEqual(['notes.txt']);
    expect(fs.existsSync(at('b', '.trash', 'other', 'summary.json'))).toBe(true);
  });

  it('is a run without an end only where it is asked for, and is old, and not among the newest', () => {
    for (const days of [10, 20, 30]) makeRun(at('recovery-runs', `a${days}`), days);
    for (const days of [15, 40]) makeRun(at('recovery-runs', `b${days}`), days, '/b.recovery.json');
    makeRun(at('recovery-runs', 'done'), 'finished');
    fs.rmSync(at('recovery-runs', 'done', 'checkpoints'), { recursive: true });
    age(at('recovery-runs', 'done'), 90);
    expect(look().gone).toEqual([]);
    const before = Date.now() - 12 * DAY;
    const all = ['a20', 'a30', 'b15', 'b40'].map((name) => `unfinished recovery-runs/${name}`);
    expect(look({ before }).gone).toEqual(all);
    expect(look({ before, keep: 1 }).gone).toEqual(all.filter((each) => !each.endsWith('b15')));
    expect(look({ before, keep: 2 }).gone).toEqual(['unfinished recovery-runs/a30']);
    for (const each of look({ before }).garbage) expect(removeGarbage(each)).toBeUndefined();
    expect(fs.readdirSync(at('recovery-runs')).sort()).toEqual(['a10', 'done']);
  });

  it('is nothing of a run that goes on, is pinned, has tasks on a cluster, or is not ours', () => {
    const origin = { text: '{}', fileName: '/a.recovery.json', startedAt: 1, report: true };
    const running = RunFolder.open(at('recovery-runs', 'running'), experiment, 'ab', origin);
    write(makeRun(at('recovery-runs', 'pinned'), 50) + '/pinned', '');
    write(makeRun(at('recovery-runs', 'cluster'), 50) + '/slurm/settings.json', '{}');
    write(makeRun(at('recovery-runs', 'newer'), 50) + '/experiment.json', '{"format":99,"experiment":{}}');
    write(at('recovery-runs', 'not-ours', 'experiment.json'), '{"experiment":"physics"}');
    write(at('recovery-runs', 'not-ours', 'summary.json.partial'));
    write(at('recovery-runs', 'empty', 'summary.json.partial'));
    const before = Date.now() + DAY;
    const { gone, alone } = look({ before });
    expect(gone).toEqual([]);
    expect(alone.map((each) => each.replace(root, ''))).toEqual([
      'recovery-runs/cluster: it may have tasks on a cluster',
      expect.stringMatching(/^recovery-runs\/newer: .* has format 99/),
      expect.stringMatching(/^recovery-runs\/not-ours: .* is no run folder/),
      'recovery-runs/pinned: it is pinned',
      'recovery-runs/running: a process is writing to it',
    ]);
    running.close();
  });

  it('is looked at again when it is removed', () => {
    const run = makeRun(at('recovery-runs', 'run'), 50);
    const [garbage] = look({ before: Date.now() }).garbage;
    const all = tree(root);
    write(path.join(run, 'pinned'), '');
    expect(removeGarbage(garbage)).toBe('it is pinned');
    fs.rmSync(path.join(run, 'pinned'));
    const writer = RunFolder.resume({ folder: run, format: 2, hash: 'ab', engine: '', experiment: {}, origin: undefined });
    expect(removeGarbage(garbage)).toMatch(/is writing to the run folder/);
    writer.close();
    write(path.join(run, 'summary.json'), '{}');
    expect(removeGarbage(garbage)).toBe('it has come to its end');
    fs.rmSync(path.join(run, 'summary.json'));
    expect(tree(root)).toEqual(all);
  });

  it('leads nowhere by symbolic links', () => {
    const outside = at('outside');
    const treasure = makeRun(path.join(outside, 'recovery-runs', 'treasure'), 50);
    const inside = at('inside');
    const run = makeRun(path.join(inside, 'recovery-runs', 'run'), 50);
    fs.symlinkSync(path.join(outside, 'recovery-runs'), path.join(inside, 'link'));
    fs.symlinkSync(treasure, path.join(inside, 'recovery-runs', 'linked'));
    fs.symlinkSync(treasure, path.join(inside, 'recovery-runs', '.trash'));
    const before = Date.now();
    expect(findGarbage(inside, { before, keep: 0, onCluster: () => undefined }).garbage.map(({ folder }) => folder)).toEqual([
      run,
    ]);
    const [garbage] = findGarbage(inside, { before, keep: 0, onCluster: () => undefined }).garbage;
    for (const name of ['checkpoints', 'certificates', 'events.jsonl']) {
      fs.renameSync(path.join(run, name), path.join(run, `${name}.away`));
      fs.symlinkSync(path.join(treasure, name), path.join(run, name));
      const found = findGarbage(inside, { before, keep: 0, onCluster: () => undefined });
      expect(found.garbage).toEqual([]);
      expect(found.left[0].why).toMatch(/is a symbolic link/);
      // Also where it became one between looking and removing.
      expect(removeGarbage(garbage)).toMatch(/is a symbolic link/);
      fs.rmSync(path.join(run, name));
      fs.renameSync(path.join(run, `${name}.away`), path.join(run, name));
    }
    expect(tree(treasure)).toContain('checkpoints/1-7.json');
    expect(removeGarbage(garbage)).toBeUndefined();
    expect(fs.existsSync(run)).toBe(false);
    expect(tree(treasure)).toContain('events.jsonl');
  });
});

describe('what work on a cluster left', () => {
  const id = '0a'.repeat(4) + '-0000-4000-8000-' + '0a'.repeat(6);
  const ours = [
    'merge-12.out',
    'merges.json',
    'engine-0123456789abcdef/engine.js',
    'engine-0123456789abcdef/worker.js',
    'fedcba9876543210/plan.jsonl',
    'fedcba9876543210/attempts/0001.json',
    'fedcba9876543210/attempts/0001.sh',
    'fedcba9876543210/attempts/0001.id',
    'fedcba9876543210/attempts/merge.sh',
    'fedcba9876543210/live/3.7_0.1.jsonl',
    'fedcba9876543210/done/3.jsonl',
    `fedcba9876543210/done/3.jsonl.${id}.partial`,
    'fedcba9876543210/failed/3.json',
    'fedcba9876543210/logs/7_0.out',
    'fedcba9876543210/checkpoints/0-3.json',
    'fedcba9876543210/checkpoints/0-3.json.7_0.partial',
  ];
  const others = ['slurm/mine.txt', 'slurm/fedcba9876543210/done/notes.txt', 'slurm/settings.json'];

  function withTasks(folder: string, end: 'finished' | number): string {
    makeRun(folder, end);
    for (const name of ours) write(path.join(folder, 'slurm', name), name.endsWith('.id') ? '7\n' : '[12]');
    for (const name of others) write(path.join(folder, name));
    return folder;
  }

  it('can go of runs that came to their ends, but for settings and what is not ours', () => {
    const done = withTasks(at('runs', 'done'), 'finished');
    const stopped = withTasks(at('runs', 'stopped'), 100);
    expect(submittedJobs(done)).toEqual([12, 7]);
    fs.rmSync(path.join(stopped, 'slurm/fedcba9876543210/attempts/0001.id'));
    expect(submittedJobs(stopped)).toEqual([12, undefined]);
    const { garbage, gone, alone } = look({ before: Date.now() });
    expect(gone).toEqual(['leftover runs/done']);
    expect(alone).toEqual(['runs/stopped: it may have tasks on a cluster']);
    const all = tree(stopped);
    for (const each of garbage) expect(removeGarbage(each)).toBeUndefined();
    expect(tree(path.join(done, 'slurm'))).toEqual(
      ['fedcba9876543210', 'fedcba9876543210/done', 'fedcba9876543210/done/notes.txt', 'mine.txt', 'settings.json'].sort(),
    );
    expect(tree(stopped)).toEqual(all);
    expect(look({ before: Date.now() }).garbage).toEqual([]);
  });

  it('stays where tasks may live', () => {
    const done = withTasks(at('runs', 'done'), 'finished');
    const trashed = withTasks(at('recovery-runs', '.trash', 'gone'), 'finished');
    for (const folder of [done, trashed]) fs.rmSync(path.join(folder, 'checkpoints'), { recursive: true });
    const { garbage, alone } = look({ onCluster: () => 'it has tasks on a cluster' });
    expect(garbage).toEqual([]);
    expect(alone).toEqual(['recovery-runs/.trash/gone: it has tasks on a cluster', 'runs/done: it has tasks on a cluster']);
  });

  it('goes with a run that was deleted in the editor', () => {
    const trashed = withTasks(at('recovery-runs', '.trash', 'gone'), 'finished');
    for (const name of others.slice(0, 2)) fs.rmSync(path.join(trashed, name));
    for (const each of look().garbage) expect(removeGarbage(each)).toBeUndefined();
    expect(fs.existsSync(trashed)).toBe(false);
  });

  it('is not followed where it is a link', () => {
    const done = makeRun(at('runs', 'done'), 'finished');
    const elsewhere = withTasks(at('elsewhere'), 'finished');
    fs.symlinkSync(path.join(elsewhere, 'slurm'), path.join(done, 'slurm'));
    expect(clusterRemains(done)).toEqual([]);
    fs.rmSync(path.join(done, 'slurm'));
    fs.mkdirSync(path.join(done, 'slurm'));
    fs.symlinkSync(path.join(elsewhere, 'slurm', 'fedcba9876543210'), path.join(done, 'slurm', 'fedcba9876543210'));
    expect(clusterRemains(done)).toEqual([]);
  });
});
