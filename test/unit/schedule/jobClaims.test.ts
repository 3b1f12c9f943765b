import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createClaims, JobClaims } from '../../../src/engine/schedule/jobClaims';
import { bundled } from './bundled';

const never = () => expect.unreachable('there is a job to take');

describe('JobClaims', () => {
  it('gives out every place once, up to what is allowed and to the end', () => {
    const claims = new JobClaims(createClaims(), 5);
    claims.allow(2);
    expect([claims.take(never), claims.take(never)]).toEqual([0, 1]);
    claims.allow(100);
    expect([claims.take(never), claims.take(never), claims.take(never), claims.take(never)]).toEqual([2, 3, 4, undefined]);
  });

  it('lets threads race for jobs and wait for more, and loses and doubles none', async () => {
    const count = 600_000;
    const memory = createClaims();
    const claims = new JobClaims(memory, count);
    const taken = new Int32Array(new SharedArrayBuffer(4 * count));
    const code = bundled(`
          import { workerData, parentPort } from 'node:worker_threads';
          import { JobClaims } from './jobClaims';
          const claims = new JobClaims(workerData.memory, workerData.count);
          const wait = () => parentPort!.postMessage('waits');
          for (let index; (index = claims.take(wait)) !== undefined; ) Atomics.add(workerData.taken, index, 1);
          parentPort!.postMessage('done');`);
    const workers = [0, 1, 2].map(() => new Worker(code, { eval: true, workerData: { memory, count, taken } }));
    const told = (word: string) =>
      Promise.all(
        workers.map(
          (worker) =>
            new Promise<void>((resolve, reject) =>
              worker.on('message', (message) => message === word && resolve()).once('error', reject),
            ),
        ),
      );
    const done = told('done');
    await told('waits');
    for (let limit = 1; limit < count; limit += 60_000) {
      claims.allow(limit);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    claims.allow(count);
    await done;
    expect(taken.every((times) => times === 1)).toBe(true);
    await Promise.all(workers.map((worker) => worker.terminate()));
  });
});
