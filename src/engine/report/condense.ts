import type { CellResult } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { thinCurve } from './thinCurve';

/** A report should open at once and travel by mail. */
const MAXIMUM_BYTES = 1_500_000;
const DIGITS = 6;

/** Bytes that a number, a cell without measurements, and a curve or spectrum around its numbers take, about. */
const NUMBER = 11;
const CELL = 220;
const FRAME = 60;

/** How much of a run goes into its report. */
interface Detail {
  /** Points of every curve. */
  points: number;
  /** Trials with curves, spectra and singular values. */
  measured: number;
  /** Trials with a result. */
  trials: number;
}

const DETAILS: readonly Detail[] = [
  { points: 160, measured: Infinity, trials: Infinity },
  { points: 80, measured: Infinity, trials: Infinity },
  { points: 80, measured: 20, trials: Infinity },
  { points: 60, measured: 8, trials: 2000 },
  { points: 40, measured: 3, trials: 200 },
  { points: 40, measured: 1, trials: 20 },
  { points: 20, measured: 1, trials: 1 },
];

/**
 * The record of a run as JSON for its report: numbers to six digits, curves thinned, of very many trials only the first.
 * What the verdicts rest on is there in any case, and whole in `summary.json`.
 */
export function condenseRecord(record: RunRecord): string {
  const detail = DETAILS.find((each) => estimateBytes(record, each) <= MAXIMUM_BYTES) ?? DETAILS[DETAILS.length - 1];
  return JSON.stringify(shorten(record, detail), roundNumbers);
}

function estimateBytes({ curves, cells, spectra }: RunRecord, { points, measured, trials }: Detail): number {
  let bytes = 0;
  for (const curve of Object.values(curves))
    if (curve.trial < measured) bytes += FRAME + 2 * NUMBER * Math.min(points, curve.steps.length);
  for (const [id, spectrum] of Object.entries(spectra))
    if (trialOf(id) < measured) bytes += FRAME + NUMBER * spectrum.eigenvalues.length;
  for (const cell of Object.values(cells)) {
    if (cell.trial < trials) bytes += CELL;
    if (cell.trial < measured)
      bytes += NUMBER * ((cell.empiricalRank?.singularValues.length ?? 0) + (cell.solutionRank?.singularValues.length ?? 0));
  }
  return bytes;
}

function shorten(record: RunRecord, { points, measured, trials }: Detail): RunRecord {
  const first = <T>(entries: Record<string, T>, count: number): [string, T][] =>
    Object.entries(entries).filter(([id]) => trialOf(id) < count);
  const cells = first(record.cells, trials).map(([id, cell]) => {
    // The spectrum is in the record twice: by cell and by itself.
    const kept: CellResult = { ...cell };
    delete kept.hessian;
    if (trialOf(id) >= measured) {
      delete kept.empiricalRank;
      delete kept.solutionRank;
    }
    return [id, kept] as const;
  });
  const curves = first(record.curves, measured).map(([id, curve]) => [id, thinCurve(curve, points)] as const);
  return {
    ...record,
    cells: Object.fromEntries(cells),
    curves: Object.fromEntries(curves),
    spectra: Object.fromEntries(first(record.spectra, measured)),
  };
}

/** Of a cell id, `7/0`. */
function trialOf(id: string): number {
  return Number(id.slice(id.indexOf('/') + 1));
}

function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}
