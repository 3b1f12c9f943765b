/** From one write to the next lines are gathered at least this long, and no more than this of them. */
const GATHER_MS = 40;
const GATHER_LENGTH = 256 * 1024;

/** Lines that are passed on many at a time: a write costs more than a line. */
export class LineBatch {
  private lines: string[] = [];
  private length = 0;
  private timer: NodeJS.Timeout | undefined;
  private writtenAt = -Infinity;

  constructor(
    private readonly write: (lines: string) => void,
    /** Where an error of `write` goes that happens outside of any call. */
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Adds whole lines. */
  add(lines: string): void {
    this.lines.push(lines);
    this.length += lines.length;
    if (this.length >= GATHER_LENGTH) this.flush();
    else this.timer ??= setTimeout(() => this.flushLate(), Math.max(0, this.writtenAt + GATHER_MS - performance.now()));
  }

  /** Passes on what is there. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length === 0) return;
    const text = this.lines.join('');
    this.lines = [];
    this.length = 0;
    this.writtenAt = performance.now();
    this.write(text);
  }

  private flushLate(): void {
    try {
      this.flush();
    } catch (error) {
      this.onError(error);
    }
  }
}
