import type { CellResult, SpectrumMeasurement } from './events';
import { cellId, type RunRecord } from './record';

/** Most cells of one run, and of one sample size, whose own results a record keeps: those that came first. */
export const CELL_COUNT = 20_000;
export const CELLS_PER_SIZE = 1000;

/** Most spectra of one run. */
export const SPECTRUM_COUNT = 2000;

interface Counts {
  cells: number;
  bySize: Map<number, number>;
  spectra: number;
}

/** What a record has, so that a long run does not count it at every event. */
const counts = new WeakMap<RunRecord['cells'], Counts>();

function countsOf({ cells, spectra }: RunRecord): Counts {
  let counted = counts.get(cells);
  if (!counted) {
    const kept = Object.values(cells);
    counted = { cells: kept.length, bySize: new Map(), spectra: Object.keys(spectra).length };
    for (const { sampleSize } of kept) counted.bySize.set(sampleSize, (counted.bySize.get(sampleSize) ?? 0) + 1);
    counts.set(cells, counted);
  }
  return counted;
}

/** Keeps a result where there is room, else counts it in `cellsLeftOut`. Aggregates by sample size have events of their own. */
export function keepCell(record: RunRecord, cell: CellResult): void {
  const id = cellId(cell);
  const { sampleSize } = cell;
  if (!record.cells[id]) {
    const counted = countsOf(record);
    const ofSize = counted.bySize.get(sampleSize) ?? 0;
    if (counted.cells >= CELL_COUNT || ofSize >= CELLS_PER_SIZE) {
      leaveCellOut(record, sampleSize);
      return;
    }
    counted.cells++;
    counted.bySize.set(sampleSize, ofSize + 1);
  }
  record.cells[id] = cell;
}

/** Counts a finished cell that is not among the cells of the record. */
export function leaveCellOut({ cellsLeftOut }: RunRecord, sampleSize: number): void {
  const key = String(sampleSize);
  cellsLeftOut[key] = (cellsLeftOut[key] ?? 0) + 1;
}

/** How many finished cells the record does not have. */
export function countCellsLeftOut({ cellsLeftOut }: RunRecord): number {
  let count = 0;
  for (const size in cellsLeftOut) count += cellsLeftOut[size];
  return count;
}

/** Keeps a spectrum where there is room. */
export function keepSpectrum(record: RunRecord, id: string, measurement: SpectrumMeasurement): void {
  const { spectra } = record;
  if (!spectra[id]) {
    const counted = countsOf(record);
    if (counted.spectra >= SPECTRUM_COUNT) return;
    counted.spectra++;
  }
  spectra[id] = measurement;
}
