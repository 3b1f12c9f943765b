import { describe, expect, it, vi } from 'vitest';
import { LiveResults } from '../../../src/engine/studies/liveResults';
import { runJobs } from '../../../src/engine/studies/runJobs';
import type { Executor } from '../../../src/engine/schedule/executor';
import type { EngineEvent } from '../../../src/protocol/events';

const content = (rows: number[][]) => ({ title: 'T', columns: [{ title: 'n', kind: 'integer' as const }], rows });

describe('live results', () => {
  it('tell each table once for many changes, as it stands then', () => {
    const events: EngineEvent[] = [];
    const live = new LiveResults((event) => events.push(event));
    const rows: number[][] = [];
    let made = 0;
    for (let i = 0; i < 100; i++) {
      rows.push([i]);
      live.table('t', () => (made++, content([...rows])));
    }
    expect(events).toEqual([]);
    live.tell();
    live.tell();
    expect(made).toBe(1);
    expect(events).toEqual([{ type: 'table', table: { id: 't', ...content(rows) } }]);
  });
});

describe('running jobs', () => {
  const executor = (outputs: number[], order: number[]): Executor => ({
    workers: 0,
    share: () => undefined,
    async run(_jobs, handlers) {
      for (const index of order) handlers.output(outputs[index] as never, index, 0);
      await Promise.resolve();
    },
    close: () => Promise.resolve(),
  });

  it('hands out what comes in any order, with its place, and ends with the last table and all jobs done', async () => {
    const events: EngineEvent[] = [];
    const emit = (event: EngineEvent) => void events.push(event);
    const live = new LiveResults(emit);
    const found: number[] = [];
    await runJobs<number, number>({ executor: executor([10, 20, 30], [2, 0, 1]), emit, caughtUp: () => undefined }, [0, 1, 2], {
      live,
      output(output, index) {
        found[index] = output;
        live.table('t', () => content(found.map((value) => [value])));
      },
    });
    expect(found).toEqual([10, 20, 30]);
    expect(events.filter(({ type }) => type === 'table').at(-1)).toMatchObject({ table: { rows: [[10], [20], [30]] } });
    expect(events.at(-1)).toMatchObject({ type: 'progress', done: 3, total: 3 });
  });

  it('tells the first result at once, and what comes after it soon', async () => {
    const events: EngineEvent[] = [];
    const told = () => events.map((event) => (event.type === 'progress' ? event.done : event.type));
    const emit = (event: EngineEvent) => void events.push(event);
    const live = new LiveResults(emit);
    const steps: Executor = {
      ...executor([], []),
      async run(_jobs, handlers) {
        expect(told()).toEqual([0]);
        handlers.replaying?.(1);
        handlers.output(0 as never, 0, 0);
        expect(told()).toEqual([0]);
        handlers.output(0 as never, 1, 0);
        expect(told()).toEqual([0, 'table', 2]);
        handlers.output(0 as never, 2, 0);
        expect(told()).toEqual([0, 'table', 2]);
        await vi.waitFor(() => expect(told().at(-1)).toBe(3), 5000);
      },
    };
    await runJobs<number, number>({ executor: steps, emit, caughtUp: () => undefined }, [0, 1, 2], {
      live,
      output: (_, index) => live.table('t', () => content([[index]])),
    });
  });

  it('fails with what a job throws', async () => {
    const failing: Executor = { ...executor([], []), run: () => Promise.reject(new Error('no rank')) };
    const run = { executor: failing, emit: () => undefined, caughtUp: () => undefined };
    await expect(runJobs(run, [1], { output: () => undefined })).rejects.toThrow('no rank');
  });
});
