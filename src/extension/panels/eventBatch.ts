import type { EngineEvent } from '../../protocol/events';

/** Panels are told at most this often: ten times a second. */
export const BATCH_MS = 100;

/** Collects events and hands them on together. */
export class EventBatch {
  private waiting: EngineEvent[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly send: (events: EngineEvent[]) => void,
    private readonly delayMs = BATCH_MS,
  ) {}

  add(event: EngineEvent): void {
    this.waiting.push(event);
    this.timer ??= setTimeout(() => this.flush(), this.delayMs);
  }

  /** Sends what waits now. */
  flush(): void {
    const events = this.waiting;
    this.clear();
    if (events.length > 0) this.send(events);
  }

  /** Forgets what waits, for instance because a snapshot holds it already. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
  }

  dispose(): void {
    this.clear();
  }
}
