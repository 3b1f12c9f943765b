import type { Writable } from 'node:stream';

/** What the view writes to. */
export type TerminalStream = Writable & { isTTY?: boolean; columns?: number };

/** Redraws one line at most this often, and prints it this rarely where lines cannot be redrawn. */
const REDRAW_MS = 80;
const PRINT_MS = 5000;

/** One line at the bottom that changes: redrawn on a terminal, printed now and then elsewhere. */
export class LiveLine {
  private shown = false;
  private last = -Infinity;

  constructor(
    private readonly stream: TerminalStream,
    private readonly interactive: boolean,
    private readonly now: () => number = Date.now,
  ) {}

  update(text: string): void {
    const time = this.now();
    if (this.last === -Infinity && !this.interactive) this.last = time;
    if (time - this.last < (this.interactive ? REDRAW_MS : PRINT_MS)) return;
    this.last = time;
    if (this.interactive) {
      this.stream.write(`\r\u001b[2K${text}`);
      this.shown = true;
    } else this.stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[2K');
    this.shown = false;
  }
}
