import fc from 'fast-check';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createRing, RingReader, RingWriter } from '../../../src/engine/schedule/curveRing';
import { bundled } from './bundled';

type Point = [job: number, step: number, loss: number, time: number];

function drain(reader: RingReader): Point[] {
  const points: Point[] = [];
  reader.drain((...point) => points.push(point));
  return points;
}

/** A ring that has already taken this many points, so that positions stand just before they wrap. */
function ringAt(capacity: number, position: number): SharedArrayBuffer {
  const memory = createRing(capacity);
  const words = new Int32Array(memory);
  words[0] = position | 0;
  words[32] = position | 0;
  return memory;
}

describe('curve ring', () => {
  it('gives back points in order, with times where there are any', () => {
    const memory = createRing(8);
    const writer = new RingWriter(memory);
    const reader = new RingReader(memory);
    expect(drain(reader)).toEqual([]);
    writer.push(3, { steps: [0, 10], losses: [1, 0.5] });
    writer.push(4, { steps: [7], losses: [0.25], times: [1e15] });
    expect(drain(reader)).toEqual([
      [3, 0, 1, NaN],
      [3, 10, 0.5, NaN],
      [4, 7, 0.25, 1e15],
    ]);
    expect(drain(reader)).toEqual([]);
  });

  it('drops what does not fit, counts it, and goes on once there is room', () => {
    const memory = createRing(4);
    const writer = new RingWriter(memory);
    const reader = new RingReader(memory);
    const steps = [0, 1, 2, 3, 4, 5];
    writer.push(0, { steps, losses: steps });
    writer.push(1, { steps: [9], losses: [9] });
    expect(drain(reader).map(([job, step]) => [job, step])).toEqual([0, 1, 2, 3].map((step) => [0, step]));
    expect(reader.takeDropped()).toBe(3);
    expect(reader.takeDropped()).toBe(0);
    writer.push(2, { steps: [1], losses: [1] });
    expect(drain(reader)).toEqual([[2, 1, 1, NaN]]);
  });

  it('sums steps beyond 32 bits', () => {
    const memory = createRing(1);
    const writer = new RingWriter(memory);
    const reader = new RingReader(memory);
    for (let i = 0; i < 5; i++) writer.addSteps(2 ** 31);
    expect(reader.takeSteps()).toBe(5 * 2 ** 31);
    expect(reader.takeSteps()).toBe(0);
  });

  it('takes only powers of two', () => {
    for (const capacity of [0, 3, 12]) expect(() => createRing(capacity)).toThrow(RangeError);
  });

  it('behaves like a queue of bounded length, wherever the positions stand', () => {
    const operation = fc.oneof(fc.record({ push: fc.nat(9) }), fc.constant('drain' as const));
    const start = fc.constantFrom(0, 5, 2 ** 31 - 3, 2 ** 32 - 2);
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 4, 8),
        start,
        fc.array(operation, { maxLength: 60 }),
        (capacity, position, operations) => {
          const memory = ringAt(capacity, position);
          const writer = new RingWriter(memory);
          const reader = new RingReader(memory);
          let queue: number[] = [];
          let next = 0;
          let dropped = 0;
          for (const each of operations) {
            if (each === 'drain') {
              expect(drain(reader).map(([, step]) => step)).toEqual(queue);
              queue = [];
              continue;
            }
            const steps = Array.from({ length: each.push }, () => next++);
            writer.push(0, { steps, losses: steps });
            const room = capacity - queue.length;
            queue.push(...steps.slice(0, room));
            dropped += Math.max(0, steps.length - room);
          }
          expect(drain(reader).map(([, step]) => step)).toEqual(queue);
          expect(reader.takeDropped()).toBe(dropped);
        },
      ),
    );
  });

  it('is never torn: a thread writes as fast as it can while another reads', async () => {
    const total = 3_000_000;
    const memory = createRing(256);
    const code = bundled(`
          import { workerData, parentPort } from 'node:worker_threads';
          import { RingWriter } from './curveRing';
          const writer = new RingWriter(workerData.memory);
          for (let step = 0; step < workerData.total; ) {
            const steps: number[] = [];
            for (let i = 0; i < 1 + step % 40 && step < workerData.total; i++) steps.push(step++);
            writer.push(steps[0], { steps, losses: steps.map((each) => 1 / (each + 1)), times: steps.map((each) => each * Math.PI) });
          }
          parentPort!.postMessage('done');`);
    const worker = new Worker(code, { eval: true, workerData: { memory, total } });
    const done = new Promise<void>((resolve, reject) => worker.once('message', () => resolve()).once('error', reject));
    let ended = false;
    void done.then(() => (ended = true));
    const reader = new RingReader(memory);
    let seen = 0;
    let torn = 0;
    let last = -1;
    const read = () =>
      reader.drain((job, step, loss, time) => {
        seen++;
        if (step <= last || job > step || step - job >= 40 || loss !== 1 / (step + 1) || time !== step * Math.PI) torn++;
        last = step;
      });
    while (!ended) {
      for (let i = 0; i < 1000; i++) read();
      await new Promise((resolve) => setImmediate(resolve));
    }
    read();
    await worker.terminate();
    const dropped = reader.takeDropped();
    expect(torn).toBe(0);
    expect(seen).toBeGreaterThan(0);
    expect(seen + dropped).toBe(total);
  });
});
