/** At most this many redraws a second, however fast data arrives. */
export const MAX_REDRAWS_PER_SECOND = 10;
/** After so long a redraw leaves the page to the person, and goes on with the next frame. */
const FRAME_MS = 12;
/** What somebody waits for goes on for longer: each frame more is drawn before it is seen. */
const AWAITED_MS = 50;

/** What redraws need of the page. */
export interface FrameSource {
  performance: { now(): number };
  requestAnimationFrame(run: () => void): number;
  cancelAnimationFrame(id: number): void;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/**
 * Runs `work` soon after `request`, on animation frames, never more often than ten times a second and never so often
 * that drawing takes more than a third of the time. Work that takes longer than a frame goes on in the next one from where it
 * yielded, and begins anew only when it is done. Until then `root` says that it is behind what was asked for. A hidden page gets no
 * frames, so it draws nothing.
 */
export class RedrawScheduler {
  private lastEnd = -Infinity;
  private interval = 1000 / MAX_REDRAWS_PER_SECOND;
  private timer: number | undefined;
  private frame: number | undefined;
  private rest: Iterator<void> | undefined;
  private cost = 0;
  /** How long a step of the present work may take. */
  private allowed = FRAME_MS;
  private isRequested = false;
  private isAwaited = false;

  constructor(
    private readonly page: FrameSource,
    private readonly root: { dataset: Record<string, string | undefined> },
    private readonly work: () => Iterator<void>,
  ) {}

  /** @param isAwaited whether somebody waits for just this, so that it comes with the next frame. */
  request(isAwaited = false): void {
    this.isRequested = true;
    this.isAwaited ||= isAwaited;
    this.root.dataset['pending'] = 'true';
    if (this.frame !== undefined || (this.timer !== undefined && !this.isAwaited)) return;
    this.stopWaiting();
    const wait = this.lastEnd + this.interval - this.page.performance.now();
    if (wait <= 0 || this.isAwaited) this.nextFrame();
    else {
      this.timer = this.page.setTimeout(() => {
        this.timer = undefined;
        this.nextFrame();
      }, wait);
    }
  }

  /** Forgets what is left of work that has begun: it is about something else than what comes now. */
  abandon(): void {
    this.rest = undefined;
  }

  dispose(): void {
    this.stopWaiting();
    if (this.frame !== undefined) this.page.cancelAnimationFrame(this.frame);
    this.frame = this.rest = undefined;
  }

  private stopWaiting(): void {
    if (this.timer !== undefined) this.page.clearTimeout(this.timer);
    this.timer = undefined;
  }

  private nextFrame(): void {
    this.frame = this.page.requestAnimationFrame(() => {
      this.frame = undefined;
      this.step();
    });
  }

  private step(): void {
    const start = this.page.performance.now();
    if (!this.rest) {
      this.cost = 0;
      this.allowed = this.isAwaited ? AWAITED_MS : FRAME_MS;
      this.isRequested = this.isAwaited = false;
      this.rest = this.work();
    }
    let isDone = this.rest.next().done;
    while (!isDone && this.page.performance.now() - start < this.allowed) isDone = this.rest.next().done;
    this.cost += this.page.performance.now() - start;
    if (!isDone) return this.nextFrame();
    this.rest = undefined;
    // From its end on: what was drawn last is not drawn first again at once.
    this.lastEnd = this.page.performance.now();
    this.interval = Math.max(1000 / MAX_REDRAWS_PER_SECOND, 2 * this.cost);
    if (this.isRequested) this.request();
    else delete this.root.dataset['pending'];
  }
}
