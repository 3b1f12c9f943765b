/** At most this many redraws a second, however fast data arrives. */
export const MAX_REDRAWS_PER_SECOND = 10;

/**
 * Runs `work` soon after `request`, on an animation frame, never more often than ten times a second and never so often
 * that drawing takes more than a third of the time. A hidden page gets no frames, so it draws nothing.
 */
export class RedrawScheduler {
  private lastStart = -Infinity;
  private interval = 1000 / MAX_REDRAWS_PER_SECOND;
  private timer: number | undefined;
  private frame: number | undefined;

  constructor(private readonly work: () => void) {}

  request(): void {
    if (this.timer !== undefined || this.frame !== undefined) return;
    const wait = this.lastStart + this.interval - performance.now();
    if (wait <= 0) this.nextFrame();
    else {
      this.timer = window.setTimeout(() => {
        this.timer = undefined;
        this.nextFrame();
      }, wait);
    }
  }

  dispose(): void {
    if (this.timer !== undefined) window.clearTimeout(this.timer);
    if (this.frame !== undefined) window.cancelAnimationFrame(this.frame);
    this.timer = this.frame = undefined;
  }

  private nextFrame(): void {
    this.frame = window.requestAnimationFrame(() => {
      this.frame = undefined;
      this.lastStart = performance.now();
      this.work();
      const cost = performance.now() - this.lastStart;
      this.interval = Math.max(1000 / MAX_REDRAWS_PER_SECOND, 3 * cost);
    });
  }
}
