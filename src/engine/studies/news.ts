import { performance } from 'node:perf_hooks';
import type { EngineEvent } from '../../protocol/events';

/** Progress is told at most this often. */
const INTERVAL_MS = 50;

/** Gathers what happens to the jobs of a run and tells it in batches. */
export class News {
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private done = 0;
  private steps = 0;
  private changed = false;
  private notBefore = 0;

  constructor(
    private readonly total: number,
    /** Jobs that must be done before the remaining time can be told: one of every size. */
    private readonly representative: number,
    private readonly emit: (event: EngineEvent) => void,
    /** Called with every batch, before its progress event. */
    private readonly onBatch: () => void = () => {},
    /** Where an error in a batch goes, such as a full disk: it happens outside of any job. */
    private readonly onError: (error: unknown) => void = () => {},
  ) {
    this.tell();
    this.timer = setInterval(() => {
      if (!this.changed || performance.now() < this.notBefore) return;
      try {
        this.flush();
      } catch (error) {
        this.onError(error);
      }
    }, INTERVAL_MS);
  }

  addSteps(steps: number): void {
    this.steps += steps;
    this.changed = true;
  }

  jobDone(): void {
    this.done++;
    this.changed = true;
  }

  flush(): void {
    const before = performance.now();
    this.changed = false;
    this.onBatch();
    this.tell();
    // Batches of a very large grid take long; they may have a tenth of this thread.
    const after = performance.now();
    this.notBefore = after + 9 * (after - before);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tell(): void {
    const elapsedMs = Math.round(performance.now() - this.started);
    const known = this.done >= Math.min(this.representative, this.total) && this.done > 0;
    const remainingMs = known ? Math.round((elapsedMs / this.done) * (this.total - this.done)) : null;
    this.emit({ type: 'progress', done: this.done, total: this.total, steps: this.steps, elapsedMs, remainingMs });
  }
}
