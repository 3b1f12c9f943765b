import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError } from '../errors';
import { executeJob } from '../studies/registry';
import { Workbench } from '../studies/workbench';
import type { Executor, ExecutorOptions, JobHandlers } from './executor';

/** Runs jobs in this thread, a slice at a time, so that signals and commands still come through. */
export class InProcessExecutor implements Executor {
  readonly workers = 0;
  private readonly bench: Workbench;

  constructor(private readonly options: ExecutorOptions) {
    this.bench = new Workbench(options.experiment);
  }

  share(shared: unknown): void {
    this.bench.share(shared);
  }

  async run<Job, Output>(jobs: readonly Job[], handlers: JobHandlers<Output>): Promise<void> {
    for (const [index, job] of jobs.entries()) {
      const running = executeJob(this.bench, job);
      for (;;) {
        await nextTurn();
        if (this.options.signal.aborted) throw new CancelledError();
        const { done, value } = running.next();
        if (done) {
          // A study knows what its own jobs return.
          handlers.output(value as Output, index);
          break;
        }
        handlers.progress?.(value, index);
      }
    }
  }

  async close(): Promise<void> {}
}
