import type { TextRange } from './problem';

/** Line and column of an offset, both from 1; columns count UTF-16 units, as editors do. */
export interface TextPosition {
  line: number;
  column: number;
}

/** Line starts of a text, so that many offsets can be turned into lines and columns. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (const lineEnd of text.matchAll(/\r\n|\r|\n/g)) this.starts.push(lineEnd.index + lineEnd[0].length);
  }

  positionAt(offset: number): TextPosition {
    const wanted = Math.min(Math.max(0, offset), this.text.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= wanted) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: wanted - this.starts[low] + 1 };
  }

  /** Offset of the end of the line on which `offset` stands, before its line break. */
  endOfLine(offset: number): number {
    const { line } = this.positionAt(offset);
    let end = line < this.starts.length ? this.starts[line] : this.text.length;
    while (end > offset && (this.text[end - 1] === '\n' || this.text[end - 1] === '\r')) end -= 1;
    return end;
  }

  range(offset: number, length: number): TextRange {
    const start = this.positionAt(offset);
    const end = this.positionAt(offset + length);
    return { offset, length, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }
}

/** Line and column of one offset. For many offsets of one text use a `LineIndex`. */
export function positionAt(text: string, offset: number): TextPosition {
  return new LineIndex(text).positionAt(offset);
}
