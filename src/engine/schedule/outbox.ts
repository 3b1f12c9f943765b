import { performance } from 'node:perf_hooks';

/** Outputs wait this long for others, at most as long as the job after them takes. */
const GATHER_MS = 4;

/** Gathers the outputs of quick jobs, so that a message carries many. */
export class Outbox {
  private outputs: unknown[] = [];
  private sent = -Infinity;

  constructor(private readonly send: (outputs: unknown[]) => void) {}

  add(index: number, output: unknown, steps: number): void {
    this.outputs.push(index, output, steps);
    this.flushOld();
  }

  /** Sends what has waited long enough. */
  flushOld(): void {
    if (performance.now() - this.sent >= GATHER_MS) this.flush();
  }

  flush(): void {
    if (this.outputs.length === 0) return;
    const { outputs } = this;
    this.outputs = [];
    this.sent = performance.now();
    this.send(outputs);
  }
}
