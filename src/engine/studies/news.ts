import { performance } from 'node:perf_hooks';
import type { EngineEvent } from '../../protocol/events';

/** Progress is told at most this often. */
const INTERVAL_MS = 50;

/** Batches may have this share of the main thread, which feeds nobody meanwhile. */
const BATCH_SHARE = 1 / 100;

interface NewsHooks {
  /** Called before a progress event, with what else is new. */
  onBatch?(): void;
  /** Where an error in a batch goes, such as a full disk: it happens outside of any job. */
  onError?(error: unknown): void;
  /** Whether anything may be told now; news wait until it may. */
  mayTell?(): boolean;
}

/** Gathers what happens to the jobs of a run and tells it in batches. */
export class News {
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private done = 0;
  /** Of those, the ones that took no time now. */
  private replayed = 0;
  private steps = 0;
  private dropped = 0;
  private changed = false;
  private nextBatch = 0;

  constructor(
    private readonly total: number,
    /** Jobs that must be done before the remaining time can be told: one of every size. */
    private readonly representative: number,
    private readonly emit: (event: EngineEvent) => void,
    private readonly hooks: NewsHooks = {},
  ) {
    this.tell();
    this.timer = setInterval(() => this.tellSoFar(), INTERVAL_MS);
  }

  addSteps(steps: number): void {
    this.steps += steps;
    this.changed = true;
  }

  addDropped(points: number): void {
    this.dropped += points;
    this.changed = true;
  }

  /** A job is done, with its output. The first one is told at once: whoever started the run waits for it. */
  jobDone(): void {
    this.done++;
    this.changed = true;
    if (this.done === this.replayed + 1) this.tellSoFar();
  }

  /** The next jobs that are done, this many, were done in an earlier session. */
  replaying(jobs: number): void {
    this.replayed += jobs;
  }

  flush(): void {
    this.batch();
    this.tell();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tellSoFar(): void {
    if (!this.changed || this.hooks.mayTell?.() === false) return;
    try {
      if (performance.now() >= this.nextBatch) this.batch();
      this.tell();
    } catch (error) {
      this.hooks.onError?.(error);
    }
  }

  private batch(): void {
    const before = performance.now();
    this.hooks.onBatch?.();
    const after = performance.now();
    this.nextBatch = after + (after - before) / BATCH_SHARE;
  }

  private tell(): void {
    this.changed = false;
    const { done, total, steps, dropped } = this;
    const elapsedMs = Math.round(performance.now() - this.started);
    const now = done - this.replayed;
    const known = now > 0 && now >= Math.min(this.representative, total - this.replayed);
    const remainingMs = known ? Math.round((elapsedMs / now) * (total - done)) : done > 0 && done === total ? 0 : null;
    const droppedPoints = dropped > 0 ? { droppedPoints: dropped } : {};
    this.emit({ type: 'progress', done, total, steps, elapsedMs, remainingMs, ...droppedPoints });
  }
}
