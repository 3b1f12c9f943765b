import type { CellKey, CellResult, EngineEvent, SpectrumMeasurement } from '../../protocol/events';
import { cellId } from '../../protocol/record';

/** More text than a report has room for. */
const MOST_TEXT = 4 * 1024 * 1024;

interface Lines {
  id: string;
  trial: number;
  lines: string;
}

/** What cells measured, as the lines of their events, read when somebody wants them. Of too many those of the last cells are kept. */
export class MeasuredCells {
  private readonly kept = new Map</* place in the plan */ number, Lines>();
  private length = 0;
  /** Nothing is kept of places before this one. */
  private from = 0;

  constructor(private readonly mostText = MOST_TEXT) {}

  /** Cells may come in any order. */
  add(index: number, { sampleSize, trial }: CellKey, lines: string): void {
    if (index < this.from) return;
    this.kept.set(index, { id: cellId({ sampleSize, trial }), trial, lines });
    this.length += lines.length;
    while (this.length > this.mostText) {
      this.length -= this.kept.get(this.from)?.lines.length ?? 0;
      this.kept.delete(this.from++);
    }
  }

  [Symbol.iterator](): Iterator<Lines> {
    return this.kept.values();
  }
}

/** The cell and its spectrum, from the lines of its events. */
export function readMeasured(lines: string): { cell?: CellResult; spectrum?: SpectrumMeasurement } {
  const read: ReturnType<typeof readMeasured> = {};
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const event = JSON.parse(line) as EngineEvent;
    if (event.type === 'cell') read.cell = event.cell;
    if (event.type === 'spectrum') read.spectrum = event.measurement;
  }
  return read;
}
