import type { EngineEvent } from '../../protocol/events';

/** Panels are told at most this often: ten times a second. */
export const BATCH_MS = 100;

/** Most events that wait for a page that takes none; beyond, it gets a new beginning instead of them. */
export const MOST_WAITING = 20_000;

/**
 * Collects events and hands them on together. The next batch waits until the one before has been taken, so that a page that
 * is slow gets fewer and larger ones instead of a queue.
 */
export class EventBatch {
  private waiting: EngineEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;
  private overflowed = false;

  constructor(
    private readonly send: (events: EngineEvent[]) => PromiseLike<unknown>,
    /** Sends everything that is known, in the place of events that were too many to keep. */
    private readonly restart: () => PromiseLike<unknown>,
    private readonly delayMs = BATCH_MS,
  ) {}

  add(event: EngineEvent): void {
    if (!this.overflowed) this.waiting.push(event);
    if (this.waiting.length > MOST_WAITING) this.shrink();
    this.schedule();
  }

  /** Sends what waits now. */
  flush(): void {
    const { overflowed } = this;
    const events = withoutSuperseded(this.waiting);
    this.clear();
    if (events.length === 0 && !overflowed) return;
    this.isSending = true;
    const sent = () => {
      this.isSending = false;
      if (this.waiting.length > 0 || this.overflowed) this.schedule();
    };
    (overflowed ? this.restart() : this.send(events)).then(sent, sent);
  }

  /** Forgets what waits, for instance because a snapshot holds it already. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    this.overflowed = false;
  }

  dispose(): void {
    this.clear();
  }

  /** A page that takes nothing for long must not fill the memory of its host. */
  private shrink(): void {
    this.waiting = withoutSuperseded(this.waiting);
    // Else there would soon be as many again.
    this.overflowed = this.waiting.length > MOST_WAITING / 2;
    if (this.overflowed) this.waiting = [];
  }

  private schedule(): void {
    if (!this.isSending) this.timer ??= setTimeout(() => this.flush(), this.delayMs);
  }
}

/** Of several reports on the same thing only the last is news. */
function withoutSuperseded(events: readonly EngineEvent[]): EngineEvent[] {
  const last = new Map<string, EngineEvent>();
  const keyOf = (event: EngineEvent): string | undefined => {
    switch (event.type) {
      case 'progress':
        return 'progress';
      case 'sampleSize':
        return `sampleSize ${event.result.sampleSize}`;
      case 'table':
        return `table ${event.table.id}`;
      case 'figure':
        return `figure ${event.figure.id}`;
      default:
        return undefined;
    }
  };
  for (const event of events) {
    const key = keyOf(event);
    if (key !== undefined) last.set(key, event);
  }
  return events.filter((event) => {
    const key = keyOf(event);
    return key === undefined || last.get(key) === event;
  });
}
