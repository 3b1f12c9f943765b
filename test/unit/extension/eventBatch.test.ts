import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EngineEvent } from '../../../src/protocol/events';
import { BATCH_MS, EventBatch, MOST_WAITING } from '../../../src/extension/panels/eventBatch';

const phase: EngineEvent = { type: 'phase', phase: 'training' };
const progress = (done: number): EngineEvent => ({ type: 'progress', done, total: 9, steps: 1, elapsedMs: 1, remainingMs: null });

const restart = vi.fn(() => Promise.resolve());

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('events go together, at most ten times a second', async () => {
  const sent: EngineEvent[][] = [];
  const batch = new EventBatch((events) => Promise.resolve(sent.push(events)), restart);
  for (let i = 0; i < 100; i++) {
    batch.add(phase);
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(sent.length).toBeGreaterThanOrEqual(8);
  expect(sent.length).toBeLessThanOrEqual(10);
  expect(sent.flat()).toHaveLength(100);
});

test('a batch waits until the one before has been taken', async () => {
  const sent: EngineEvent[][] = [];
  let take: () => void = () => undefined;
  const batch = new EventBatch((events) => {
    sent.push(events);
    return new Promise<void>((resolve) => (take = resolve));
  }, restart);
  batch.add(phase);
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  batch.add(phase);
  batch.add(phase);
  await vi.advanceTimersByTimeAsync(10 * BATCH_MS);
  expect(sent.map((events) => events.length)).toEqual([1]);
  take();
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(sent.map((events) => events.length)).toEqual([1, 2]);
});

test('only the last progress is news, and the order stays', async () => {
  const sent: EngineEvent[][] = [];
  const batch = new EventBatch((events) => Promise.resolve(sent.push(events)), restart);
  [progress(1), phase, progress(2), progress(3), phase].forEach((event) => batch.add(event));
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(sent).toEqual([[phase, progress(3), phase]]);
});

test('only the last state of each table and figure is news', async () => {
  const sent: EngineEvent[][] = [];
  const batch = new EventBatch((events) => Promise.resolve(sent.push(events)), restart);
  const table = (id: string, row: number): EngineEvent => ({
    type: 'table',
    table: { id, title: id, columns: [{ title: 'n', kind: 'integer' }], rows: [[row]] },
  });
  const axis = { title: '', scale: 'linear' } as const;
  const figure = (id: string): EngineEvent => ({
    type: 'figure',
    figure: { id, title: '', caption: '', x: axis, y: axis, layers: [] },
  });
  const last = figure('a');
  [table('a', 1), figure('a'), table('b', 1), table('a', 2), last].forEach((event) => batch.add(event));
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(sent).toEqual([[table('b', 1), table('a', 2), last]]);
});

test('what was cleared is not sent', async () => {
  const send = vi.fn(() => Promise.resolve());
  const batch = new EventBatch(send, restart);
  batch.add(phase);
  batch.clear();
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(send).not.toHaveBeenCalled();
});

test('a page that takes nothing gets a new beginning, and what came in between is not kept', async () => {
  restart.mockClear();
  const sent: EngineEvent[][] = [];
  let take: () => void = () => undefined;
  const batch = new EventBatch((events) => {
    sent.push(events);
    return new Promise<void>((resolve) => (take = resolve));
  }, restart);
  const cell = (trial: number): EngineEvent => ({ type: 'curve', sampleSize: 1, trial, steps: [1], losses: [1] });
  batch.add(phase);
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  for (let i = 0; i < 3 * MOST_WAITING; i++) batch.add(progress(i));
  for (let i = 0; i < 2 * MOST_WAITING; i++) batch.add(cell(i));
  expect(restart).not.toHaveBeenCalled();
  take();
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(restart).toHaveBeenCalledTimes(1);
  batch.add(phase);
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(sent).toEqual([[phase], [phase]]);
});

test('reports on the same thing alone are no reason to begin anew', async () => {
  restart.mockClear();
  const sent: EngineEvent[][] = [];
  const batch = new EventBatch((events) => Promise.resolve(sent.push(events)), restart);
  for (let i = 0; i < 3 * MOST_WAITING; i++) batch.add(progress(i));
  await vi.advanceTimersByTimeAsync(BATCH_MS);
  expect(restart).not.toHaveBeenCalled();
  expect(sent).toEqual([[progress(3 * MOST_WAITING - 1)]]);
});
