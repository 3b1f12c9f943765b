const NEXT = 0;
const LIMIT = 1;

/** Memory of the claims on a list of jobs, shared by all workers. */
export function createClaims(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Which jobs of a list are taken. A worker that is free takes the next one itself: nobody waits for the main thread, and no
 * worker has jobs in store that another could do. The main thread says how far they may go.
 */
export class JobClaims {
  private readonly words: Int32Array<SharedArrayBuffer>;

  constructor(
    memory: SharedArrayBuffer,
    private readonly count: number,
  ) {
    this.words = new Int32Array(memory);
  }

  /** Lets workers begin the jobs before this place. */
  allow(limit: number): void {
    Atomics.store(this.words, LIMIT, Math.min(limit, this.count));
    Atomics.notify(this.words, LIMIT);
  }

  /** How many jobs are taken. */
  get taken(): number {
    return Math.min(Atomics.load(this.words, NEXT), this.count);
  }

  /** The place of the next job, now taken, however far others may go; undefined when there are no more. Never blocks. */
  takeNow(): number | undefined {
    return this.takeBefore(this.count);
  }

  /** The place of the next job, now taken; undefined when none may be begun at the moment. Never blocks. */
  takeAllowed(): number | undefined {
    return this.takeBefore(Atomics.load(this.words, LIMIT));
  }

  /** The place of the next job, now taken; undefined when there are no more. Blocks until one may be begun, calling `beforeWait` first. */
  take(beforeWait: () => void): number | undefined {
    const { words } = this;
    for (;;) {
      const limit = Atomics.load(words, LIMIT);
      const next = Atomics.load(words, NEXT);
      if (next >= this.count) return undefined;
      if (next >= limit) {
        beforeWait();
        Atomics.wait(words, LIMIT, limit);
      } else if (Atomics.compareExchange(words, NEXT, next, next + 1) === next) return next;
    }
  }

  private takeBefore(limit: number): number | undefined {
    const { words } = this;
    for (;;) {
      const next = Atomics.load(words, NEXT);
      if (next >= limit) return undefined;
      if (Atomics.compareExchange(words, NEXT, next, next + 1) === next) return next;
    }
  }
}
