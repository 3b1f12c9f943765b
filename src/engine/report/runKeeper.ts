import { leaveCellOut } from '../../protocol/cells';
import type { EngineEvent } from '../../protocol/events';
import { cellId, type RunRecord } from '../../protocol/record';
import { applyEvent, emptyRecord } from '../../protocol/reduce';
import type { UnpackedCell } from '../studies/cellOutput';
import { MeasuredCells } from './measuredCells';

/** More cells than a report has room for. */
const MOST_CELLS = 8000;

/** What a report can show of a run, folded while it happens: as much of it for a million cells as for ten thousand. */
export class RunKeeper {
  /** Its cells are without measurements. */
  readonly record: RunRecord;
  readonly measured = new MeasuredCells();

  constructor(identity: Pick<RunRecord, 'id' | 'fileName' | 'startedAt'>) {
    this.record = emptyRecord(identity);
  }

  apply(event: EngineEvent): void {
    applyEvent(this.record, event);
  }

  /** Of too many cells, those that come last in the plan. */
  addCell({ cell, lines }: UnpackedCell, index: number): void {
    const { accepted, cells } = this.record;
    if (index < (accepted?.cells ?? 0) - MOST_CELLS) return leaveCellOut(this.record, cell.sampleSize);
    cells[cellId(cell)] = cell;
    this.measured.add(index, cell, lines);
  }
}
