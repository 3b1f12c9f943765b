/** At most this many redraws a second, however fast data arrives. */
export const MAX_REDRAWS_PER_SECOND = 10;
/** After so long a redraw leaves the page to the person, and goes on with the next frame. */
const FRAME_MS = 12;

/** What redraws need of the this.page. */
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
  private isRequested = false;

  constructor(
    private readonly page: FrameSource,
    private readonly root: { dataset: Record<string, string | undefined> },
    private readonly work: () => Iterator<void>,
  ) {}

  request(): void {
    this.isRequested = true;
    this.root.dataset['pending'] = 'true';
    if (this.timer !== undefined || this.frame !== undefined) return;
    const wait = this.lastEnd + this.interval - this.page.performance.now();
    if (wait <= 0) this.nextFrame();
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
    if (this.timer !== undefined) this.page.clearTimeout(this.timer);
    if (this.frame !== undefined) this.page.cancelAnimationFrame(this.frame);
    this.timer = this.frame = this.rest = undefined;
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
      this.isRequested = false;
      this.rest = this.work();
    }
    let isDone = this.rest.next().done;
    while (!isDone && this.page.performance.now() - start < FRAME_MS) isDone = this.rest.next().done;
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
