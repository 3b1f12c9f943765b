import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/engine/errors';
import { workerCount } from '../../../src/engine/schedule/create';
import { runOne } from '../../../src/engine/schedule/executor';
import { WorkerPool } from '../../../src/engine/schedule/pool';
import { matrixExperiment } from '../experiments';
import { bundled } from './bundled';

/** A worker that speaks the protocol of the pool and does what its jobs say. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const { RingWriter } = require('./protocol.cjs');
const { JobClaims } = require('./protocol.cjs');
const ring = new RingWriter(workerData.ring);
let shared;
parentPort.on('message', (message) => {
  if (message.type === 'share') { shared = message.shared; return; }
  const { jobs } = message;
  const claims = new JobClaims(message.claims, jobs.each ? jobs.count : jobs.length);
  for (let index; (index = claims.take(() => undefined)) !== undefined; ) {
    const job = jobs.each ?? jobs[index];
    const send = (output) => parentPort.postMessage({ type: 'outputs', outputs: [index, output, 0] });
    const sendError = (error) => parentPort.postMessage({ type: 'error', error });
    switch (job.do) {
      case 'square': {
        const end = Date.now() + (job.busy ?? 0);
        while (Date.now() < end);
        ring.addSteps(1);
        send(job.x * job.x);
        break;
      }
      case 'curve':
        for (let step = 0; step < job.points; step++) ring.push(index, { steps: [step], losses: [1000 * index + step] });
        send(job.points);
        break;
      case 'shared': send([shared, workerData.experiment.title]); break;
      case 'instantiate': {
        const { memory } = new WebAssembly.Instance(workerData.modules.kernels, { host: new Proxy({}, { get: () => () => 0 }) }).exports;
        send(memory.buffer.byteLength > 0);
        break;
      }
      case 'error': sendError({ name: 'NumericalError', message: 'entry (3, 7) is NaN', stack: 'somewhere' }); break;
      case 'refuse': sendError({ name: 'EngineError', message: 'no', stack: '', code: 'invalid-experiment', exitCode: 2 }); break;
      case 'throw': setImmediate(() => { throw new Error('out of luck'); }); return;
      case 'exit': process.exit(7); break;
      case 'loop': for (;;);
    }
  }
});`;

/** The two classes that a worker needs of the sources. */
const protocol = bundled(`export { RingWriter } from './curveRing'; export { JobClaims } from './jobClaims';`);

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
  fs.writeFileSync(path.join(folder, 'protocol.cjs'), protocol);
  controller = new AbortController();
});
afterEach(async () => {
  await pool.close();
  fs.rmSync(folder, { recursive: true });
});

/** Waits until a number has not changed for a while. */
async function settled(read: () => number): Promise<void> {
  for (let last = NaN; last !== read(); await pause(300)) last = read();
}

describe('WorkerPool', () => {
  it.each([1, 3])('gives every job to %i workers once and tells outputs with their places', async (workers) => {
    const outputs = new Map<number, number>();
    let steps = 0;
    const jobs = Array.from({ length: 20 }, (_, x) => ({ do: 'square', x, busy: x % 4 === 0 ? 10 : 0 }));
    await createPool(workers).run<unknown, number>(jobs, {
      output: (output, index) => outputs.set(index, output),
      steps: (taken) => (steps += taken),
    });
    expect([...outputs].sort(([a], [b]) => a - b)).toEqual(jobs.map(({ x }, index) => [index, x * x]));
    expect(steps).toBe(20);
    await expect(runOne(pool, { do: 'square', x: 9 })).resolves.toBe(81);
    await pool.run([], { output: () => undefined });
  });

  it.each([1, 2])('hands out very many jobs that are alike (%i workers)', async (workers) => {
    const done = new Uint8Array(20_000);
    await createPool(workers).run<unknown, number>(
      { each: { do: 'square', x: 3 }, count: done.length },
      { output: (output, index) => (done[index] += output) },
    );
    expect(done.every((value) => value === 9)).toBe(true);
  });

  it('gives the last jobs to whoever is free: a long one holds up nothing behind it', async () => {
    const order: number[] = [];
    const jobs = Array.from({ length: 12 }, (_, x) => ({ do: 'square', x, busy: x === 0 ? 400 : 1 }));
    await createPool(2).run<unknown, number>(jobs, { output: (_, index) => order.push(index) });
    expect(order.indexOf(0)).toBe(11);
  });

  it('tells the points of a job together and in order, all of them before its output', async () => {
    const seen: string[] = [];
    const jobs = [10, 3000, 7].map((points) => ({ do: 'curve', points }));
    const losses = new Map<number, number[]>();
    await createPool(2).run<unknown, number>(jobs, {
      curve({ steps, losses: values, times }, index) {
        expect(times).toBeUndefined();
        expect(values).toEqual(steps.map((step) => 1000 * index + step));
        losses.set(index, [...(losses.get(index) ?? []), ...steps]);
      },
      output(points, index) {
        expect(losses.get(index)).toEqual(Array.from({ length: points }, (_, step) => step));
        seen.push(String(index));
      },
      dropped: () => expect.unreachable('a ring that is drained loses nothing'),
    });
    expect(seen.sort()).toEqual(['0', '1', '2']);
  });

  it('begins no more jobs than whoever listens can take', async () => {
    let behind = true;
    let caughtUp: () => void = () => {};
    const waiting = new Promise<void>((resolve) => (caughtUp = resolve));
    let outputs = 0;
    const count = 8000;
    const running = createPool(2).run<unknown, number>(
      { each: { do: 'square', x: 1 }, count },
      { output: () => outputs++, caughtUp: () => (outputs > 0 && behind ? waiting : undefined) },
    );
    while (outputs === 0) await pause(20);
    await settled(() => outputs);
    const before = outputs;
    expect(before).toBeLessThan(count / 2);
    await pause(100);
    expect(outputs, 'nothing moves until the listener has caught up').toBe(before);
    behind = false;
    caughtUp();
    await running;
    expect(outputs).toBe(count);
  });

  it('ends at once when it is cancelled while workers wait for the listener', async () => {
    const running = createPool(2).run<unknown, number>(
      { each: { do: 'square', x: 1 }, count: 100_000 },
      { output: () => undefined, caughtUp: () => new Promise<void>(() => undefined) },
    );
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    await pool.close();
  });

  it('hands the compiled kernels to every worker', async () => {
    const outputs: boolean[] = [];
    const jobs = Array.from({ length: 4 }, () => ({ do: 'instantiate' }));
    await createPool(2).run<unknown, boolean>(jobs, { output: (output) => outputs.push(output) });
    expect(outputs).toEqual([true, true, true, true]);
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
