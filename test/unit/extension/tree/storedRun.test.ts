import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runSession } from '../../../../src/engine/session';
import { readStoredRun, type RunFolderContent } from '../../../../src/extension/tree/storedRun';

const EXPERIMENT = {
  hash: 'c0ffee',
  engine: '0.1.0',
  experiment: { experiment: 'recovery', title: 'T', training: { seed: 5 } },
};
const content = (more: Partial<RunFolderContent> = {}): RunFolderContent => ({
  name: 'matrix-completion-b0cc0de0-20261122-063524',
  experiment: EXPERIMENT,
  summary: undefined,
  lastEvent: undefined,
  writtenAt: 42,
  ...more,
});

test('the name of the folder tells file and time, unless the folder says more', () => {
  expect(readStoredRun(content())).toMatchObject({
    fileName: 'matrix-completion.recovery.json',
    startedAt: Date.parse('2026-11-22T06:35:24Z'),
    hash: 'c0ffee',
    seed: 5,
    title: 'T',
  });
  expect(readStoredRun(content({ name: 'matrix-completion-b0cc0de0-20261122-063524-2' }))?.fileName).toBe(
    'matrix-completion.recovery.json',
  );
  expect(readStoredRun(content({ name: 'my-run' }))).toMatchObject({ fileName: 'my-run.recovery.json', startedAt: 42 });
  const origin = { ...EXPERIMENT, fileName: '/home/a/b.recovery.json', startedAt: 7 };
  expect(readStoredRun(content({ experiment: origin }))).toMatchObject({ fileName: 'b.recovery.json', startedAt: 7 });
});

test.each([
  [undefined, 'interrupted', undefined],
  [{ type: 'progress' }, 'interrupted', undefined],
  [{ type: 'failed', code: 'cancelled', message: 'x' }, 'cancelled', undefined],
  [{ type: 'failed', code: 'disk-full', message: 'The disk is full.' }, 'failed', 'The disk is full.'],
])('a run without a summary ended as its last event says: %j', (lastEvent, state, message) => {
  expect(readStoredRun(content({ lastEvent }))).toMatchObject({ state, message });
});

test.each([undefined, null, 3, [], {}, { experiment: 'x' }])('a folder with %j for its experiment is none', (experiment) => {
  expect(readStoredRun(content({ experiment }))).toBeUndefined();
});

test('reads what the engine writes', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stored-run-'));
  try {
    const fileName = path.join(folder, 'tiny.recovery.json');
    const text = JSON.stringify({
      experiment: 'rank',
      model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
      target: { kind: 'lowRank', rank: 1 },
      expect: { modelRank: 5 },
    });
    const signal = new AbortController().signal;
    await runSession({ text, fileName, outFolder: 'beside', workers: 0, report: false, signal, log: () => undefined });
    const [name = ''] = readdirSync(path.join(folder, 'recovery-runs'));
    const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, 'recovery-runs', name, file), 'utf8'));
    const run = readStoredRun({
      name,
      experiment: read('experiment.json'),
      summary: read('summary.json'),
      lastEvent: undefined,
      writtenAt: 0,
    });
    expect(run).toMatchObject({
      fileName: 'tiny.recovery.json',
      kind: 'rank',
      state: 'finished',
      verdicts: { met: 1, failed: 0, inconclusive: 0 },
      results: { modelRank: 5 },
    });
    expect(Math.abs((run?.startedAt ?? 0) - Date.now())).toBeLessThan(600_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
