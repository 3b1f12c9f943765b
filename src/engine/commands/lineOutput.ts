import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A reader that has this much before it is behind. */
const MOST_WAITING = 4 * 1024 * 1024;

/** A stream of lines whose reader may be slow: what waits for it is held in memory, so whoever writes should know. */
export class LineOutput {
  private drained: Promise<void> | undefined;

  constructor(
    private readonly stream: Writable,
    private readonly most = MOST_WAITING,
  ) {}

  readonly write = (lines: string): void => {
    this.stream.write(lines);
  };

  /** Undefined while the reader keeps up; else resolves when it has read everything. */
  readonly caughtUp = (): Promise<void> | undefined => {
    if (this.stream.writableLength < this.most) return undefined;
    // A stream that fails will never drain; whoever watches for that ends the run.
    this.drained ??= once(this.stream, 'drain').then(
      () => void (this.drained = undefined),
      () => new Promise<void>(() => undefined),
    );
    return this.drained;
  };
}
