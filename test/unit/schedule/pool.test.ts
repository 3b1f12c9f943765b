import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/engine/errors';
import { workerCount } from '../../../src/engine/schedule/create';
import { runOne } from '../../../src/engine/schedule/executor';
import { WorkerPool } from '../../../src/engine/schedule/pool';
import { matrixExperiment } from '../experiments';

/** A worker that speaks the protocol of the pool and does what its jobs say. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
let shared;
parentPort.on('message', (message) => {
  if (message.type === 'share') { shared = message.shared; return; }
  const { index, job } = message;
  const send = (rest) => parentPort.postMessage({ index, ...rest });
  switch (job.do) {
    case 'square': {
      const end = Date.now() + (job.busy ?? 0);
      while (Date.now() < end);
      send({ type: 'progress', progress: { steps: 1, curve: { steps: [], losses: [] } } });
      send({ type: 'output', output: job.x * job.x });
      break;
    }
    case 'shared': send({ type: 'output', output: [shared, workerData.experiment.title] }); break;
    case 'error': send({ type: 'error', error: { name: 'NumericalError', message: 'entry (3, 7) is NaN', stack: 'somewhere' } }); break;
    case 'refuse': send({ type: 'error', error: { name: 'EngineError', message: 'no', stack: '', code: 'invalid-experiment', exitCode: 2 } }); break;
    case 'throw': setImmediate(() => { throw new Error('out of luck'); }); break;
    case 'exit': process.exit(7); break;
    case 'loop': for (;;);
  }
});`;

let folder: string;
let controller: AbortController;
let pool: WorkerPool;

function createPool(workers: number): WorkerPool {
  pool = new WorkerPool({
    experiment: matrixExperiment({}),
    signal: controller.signal,
    workers,
    workerFile: path.join(folder, 'worker.cjs'),
  });
  return pool;
}

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-pool-'));
  fs.writeFileSync(path.join(folder, 'worker.cjs'), WORKER);
  controller = new AbortController();
});
afterEach(async () => {
  await pool.close();
  fs.rmSync(folder, { recursive: true });
});

describe('WorkerPool', () => {
  it.each([1, 3])('gives every job to %i workers once and tells outputs with their places', async (workers) => {
    const outputs = new Map<number, number>();
    let steps = 0;
    const jobs = Array.from({ length: 20 }, (_, x) => ({ do: 'square', x, busy: x % 4 === 0 ? 10 : 0 }));
    await createPool(workers).run<unknown, number>(jobs, {
      output: (output, index) => outputs.set(index, output),
      progress: (progress) => (steps += progress.steps),
    });
    expect([...outputs].sort(([a], [b]) => a - b)).toEqual(jobs.map(({ x }, index) => [index, x * x]));
    expect(steps).toBe(20);
    await expect(runOne(pool, { do: 'square', x: 9 })).resolves.toBe(81);
    await pool.run([], { output: () => undefined });
  });

  it('shares data before the next jobs', async () => {
    createPool(2).share({ order: [1, 2] });
    await expect(runOne(pool, { do: 'shared' })).resolves.toEqual([{ order: [1, 2] }, 'Matrix completion']);
  });

  it('passes on what a job throws', async () => {
    await expect(runOne(createPool(1), { do: 'error' })).rejects.toMatchObject({
      name: 'NumericalError',
      message: 'entry (3, 7) is NaN',
      stack: 'somewhere',
    });
    await pool.close();
    await expect(runOne(createPool(1), { do: 'refuse' })).rejects.toMatchObject({
      name: 'EngineError',
      code: 'invalid-experiment',
      exitCode: 2,
    });
  });

  it.each([
    ['throw', /A worker thread died: out of luck/],
    ['exit', /A worker thread died: it ended with exit code 7/],
  ])('says that a worker died (%s), and refuses more jobs', async (what, words) => {
    await expect(runOne(createPool(2), { do: what })).rejects.toMatchObject({
      code: 'worker-crashed',
      exitCode: 3,
      message: expect.stringMatching(words) as unknown,
    });
    await expect(runOne(pool, { do: 'square', x: 1 })).rejects.toMatchObject({ code: 'worker-crashed' });
  });

  it('ends busy workers at once when it is cancelled', async () => {
    const running = runOne(createPool(2), { do: 'loop' });
    setTimeout(() => controller.abort(), 100);
    const started = performance.now();
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    await pool.close();
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it('stops when an output cannot be handled', async () => {
    const running = createPool(2).run([{ do: 'square', x: 1 }, { do: 'loop' }], {
      output: () => {
        throw new Error('disk full');
      },
    });
    await expect(running).rejects.toThrow('disk full');
  });
});

describe('workerCount', () => {
  it('is what was asked for, but never more than jobs', () => {
    expect(workerCount({ workers: 4, workerFile: 'x' }, 100)).toBe(4);
    expect(workerCount({ workers: 4, workerFile: 'x' }, 3)).toBe(3);
    expect(workerCount({ workers: 0, workerFile: 'x' }, 3)).toBe(0);
    expect(workerCount({ workers: 4, workerFile: undefined }, 3)).toBe(0);
    expect(workerCount({ workers: undefined, workerFile: 'x' }, 1000)).toBe(os.availableParallelism());
  });
});
