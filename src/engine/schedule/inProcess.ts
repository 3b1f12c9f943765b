import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError } from '../errors';
import { executeJob } from '../studies/registry';
import { Workbench } from '../studies/workbench';
import { countJobs, jobAt, type Executor, type ExecutorOptions, type JobHandlers, type JobList } from './executor';

/** How long jobs may have this thread before signals, commands and timers get their turn. */
const TURN_MS = 10;

/** Runs jobs in this thread, a slice at a time, so that signals and commands still come through. */
export class InProcessExecutor implements Executor {
  readonly workers = 0;
  private readonly bench: Workbench;
  private readonly aborted: Promise<unknown>;
  private lastTurn = -Infinity;

  constructor(private readonly options: ExecutorOptions) {
    this.bench = new Workbench(options.experiment);
    this.aborted = once(options.signal, 'abort');
  }

  share(shared: unknown): void {
    this.bench.share(shared);
  }

  async run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    const count = countJobs(jobs);
    for (let index = 0; index < count; index++) {
      const running = executeJob(this.bench, jobAt(jobs, index), index);
      for (;;) {
        if (performance.now() - this.lastTurn >= TURN_MS) await this.giveTurn(handlers);
        const { done, value } = running.next();
        if (done) {
          // A study knows what its own jobs return.
          handlers.output(value as Output, index);
          break;
        }
        const { steps, curve, spectrum } = value;
        handlers.steps?.(steps);
        if (curve.steps.length > 0) handlers.curve?.(curve, index);
        if (spectrum) handlers.spectrum?.(spectrum, index);
      }
    }
  }

  async close(): Promise<void> {}

  private async giveTurn(handlers: Pick<JobHandlers<unknown>, 'caughtUp'>): Promise<void> {
    const { signal } = this.options;
    await nextTurn();
    const caughtUp = handlers.caughtUp?.();
    if (caughtUp && !signal.aborted) await Promise.race([caughtUp, this.aborted]);
    if (signal.aborted) throw new CancelledError();
    this.lastTurn = performance.now();
  }
}
