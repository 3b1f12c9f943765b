import type { CurvePoints } from '../training/lossCurve';

/** Points that a ring holds until they are drained: more than a worker makes between two samples of the main thread. */
const CAPACITY = 16_384;

/** Numbers of a point: the place of its job, the step, the loss, and the time, NaN where there is none. */
const WIDTH = 4;

/** 32-bit words of the header; what the two sides write lies on cache lines of its own. */
const WRITTEN = 0;
const DROPPED = 1;
/** Two words: one 64-bit number. */
const STEPS = 2;
/** Grows with every sign of life; and whether there is a job at all. */
const BEATS = 4;
const BUSY = 5;
const READ = 32;
const HEADER_BYTES = 256;

/** Memory of an empty ring, to be given to its two sides. `capacity` is a power of two. */
export function createRing(capacity = CAPACITY): SharedArrayBuffer {
  if (capacity < 1 || (capacity & (capacity - 1)) !== 0) throw new RangeError(`a ring of ${capacity} points: not a power of two`);
  return new SharedArrayBuffer(HEADER_BYTES + capacity * WIDTH * Float64Array.BYTES_PER_ELEMENT);
}

/**
 * What both sides see. The positions count points from the start and wrap at 2³²; their difference is right all the same.
 * A point is written before the position that publishes it and read before the position that frees it, and both positions
 * are stored and loaded atomically: neither side ever sees half a point.
 */
class RingSide {
  protected readonly words: Int32Array<SharedArrayBuffer>;
  protected readonly steps: BigInt64Array<SharedArrayBuffer>;
  protected readonly points: Float64Array<SharedArrayBuffer>;
  protected readonly capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.steps = new BigInt64Array(memory, STEPS * 4, 1);
    this.points = new Float64Array(memory, HEADER_BYTES);
    this.capacity = this.points.length / WIDTH;
  }

  protected place(position: number): number {
    return (position & (this.capacity - 1)) * WIDTH;
  }
}

/** The side of the worker that trains. It never waits: what does not fit is dropped and counted. */
export class RingWriter extends RingSide {
  /** Appends points of one job. */
  push(job: number, { steps, losses, times }: CurvePoints): void {
    const { words, points, capacity } = this;
    const written = words[WRITTEN];
    const free = capacity - ((written - Atomics.load(words, READ)) | 0);
    const count = Math.min(steps.length, free);
    for (let i = 0; i < count; i++) {
      const at = this.place(written + i);
      points[at] = job;
      points[at + 1] = steps[i];
      points[at + 2] = losses[i];
      points[at + 3] = times ? times[i] : NaN;
    }
    if (count > 0) Atomics.store(words, WRITTEN, (written + count) | 0);
    if (count < steps.length) Atomics.add(words, DROPPED, steps.length - count);
  }

  /** A sign of life. */
  beat(busy: boolean): void {
    const { words } = this;
    Atomics.store(words, BUSY, busy ? 1 : 0);
    Atomics.store(words, BEATS, (words[BEATS] + 1) | 0);
  }

  addSteps(steps: number): void {
    if (steps > 0) Atomics.add(this.steps, 0, BigInt(steps));
  }
}

/** The side of the main thread. */
export class RingReader extends RingSide {
  /** Takes out the points that are there. */
  drain(visit: (job: number, step: number, loss: number, time: number) => void): void {
    const { words, points } = this;
    const written = Atomics.load(words, WRITTEN);
    for (let read = words[READ]; read !== written; read = (read + 1) | 0) {
      const at = this.place(read);
      visit(points[at], points[at + 1], points[at + 2], points[at + 3]);
    }
    Atomics.store(words, READ, written);
  }

  /** Steps since the last call. */
  takeSteps(): number {
    return Number(Atomics.exchange(this.steps, 0, 0n));
  }

  /** Points dropped since the last call. */
  takeDropped(): number {
    return Atomics.exchange(this.words, DROPPED, 0);
  }

  /** Changes with every sign of life of a worker with a job; undefined while it has none. */
  get pulse(): number | undefined {
    return Atomics.load(this.words, BUSY) === 1 ? Atomics.load(this.words, BEATS) : undefined;
  }
}
