import { leaveCellOut } from '../../protocol/cells';
import type { CellResult } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { numbersOf } from '../../protocol/spectra';
import { MeasuredCells, readMeasured } from './measuredCells';
import { shortFigure, shortTable } from './shortResults';
import { thinCurve } from './thinCurve';
import { thinHistories } from './thinHistories';

/** A report should open at once and travel by mail. */
const MAXIMUM_BYTES = 1_700_000;
const DIGITS = 6;

/** Numbers of spectra during training: a quarter of it. */
const HISTORY_NUMBERS = 40_000;

/** Bytes that a step number, another number, a cell without measurements, and a curve or spectrum around its numbers take, about. */
const STEP = 5;
const NUMBER = 11;
const CELL = 220;
const FRAME = 60;
/** What a gradient flow adds to a cell. */
const FLOW = 450;
/** What rounding leaves of the lines of a cell. */
const ROUNDED = 0.6;
/** How the line of a spectrum begins. */
const SPECTRUM = '{"type":"spectrum"';

/** How much of a run goes into its report. Of very many trials it is the last, so that the page opens on one that is whole. */
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
  { points: 40, measured: Infinity, trials: Infinity },
  { points: 60, measured: 20, trials: Infinity },
  { points: 60, measured: 8, trials: 2000 },
  { points: 40, measured: 3, trials: 200 },
  { points: 40, measured: 1, trials: 20 },
  { points: 20, measured: 1, trials: 1 },
];

/**
 * The record of a run as JSON for its report: numbers to six digits, curves thinned, of very many trials only some. What the
 * verdicts rest on is there in any case, and whole in `summary.json`.
 */
export function condenseRecord(record: RunRecord, measured = new MeasuredCells()): string {
  const histories = thinHistories(record.histories, HISTORY_NUMBERS);
  const room = MAXIMUM_BYTES - NUMBER * histories.numbers;
  const sizes = sizesOf(record, measured);
  const detail = DETAILS.find((each) => estimateBytes(sizes, each) <= room) ?? DETAILS[DETAILS.length - 1];
  const short = { ...shorten(record, measured, detail, sizes.lastTrial), histories: histories.kept };
  const { cells, curves, spectra, histories: kept } = short;
  const ordered = {
    cells: byPlace(cells),
    curves: byPlace(curves),
    spectra: byPlace(spectra),
    histories: byPlace(kept),
  };
  return JSON.stringify({ ...short, ...ordered }, roundNumbers);
}

/** In the order of the plan: cells finish in any order, and the report of a run is the same all the same. */
function byPlace<T>(entries: Record<string, T>): Record<string, T> {
  const places = Object.entries(entries).map(([id, value]) => ({ id, value, trial: trialOf(id), size: Number.parseInt(id) }));
  places.sort((a, b) => a.trial - b.trial || a.size - b.size);
  return Object.fromEntries(places.map(({ id, value }) => [id, value]));
}

/** What the parts of a record take. */
interface Sizes {
  lastTrial: number;
  /** Bytes by trial. */
  cells: number[];
  measurements: number[];
  curves: { trial: number; points: number }[];
}

function sizesOf({ cells, curves, spectra }: RunRecord, measured: MeasuredCells): Sizes {
  const sizes: Sizes = { lastTrial: 0, cells: [], measurements: [], curves: [] };
  const add = (bytes: number[], trial: number, more: number) => (bytes[trial] = (bytes[trial] ?? 0) + more);
  for (const { trial, empiricalRank, solutionRank, flow } of Object.values(cells)) {
    sizes.lastTrial = Math.max(sizes.lastTrial, trial);
    add(sizes.cells, trial, CELL + (flow ? FLOW : 0));
    add(sizes.measurements, trial, NUMBER * (empiricalRank?.singularValues.length ?? 0));
    add(sizes.measurements, trial, NUMBER * (solutionRank?.singularValues.length ?? 0));
  }
  for (const { trial, lines } of measured) add(sizes.measurements, trial, roundedLength(lines));
  for (const [id, spectrum] of Object.entries(spectra))
    add(sizes.measurements, trialOf(id), FRAME + NUMBER * numbersOf(spectrum));
  for (const { trial, steps } of Object.values(curves)) sizes.curves.push({ trial, points: steps.length });
  return sizes;
}

/** About the length of a cell and its spectrum in a report. */
function roundedLength(lines: string): number {
  // A spectrum is in the lines twice: by itself, in the first line, and by cell.
  const twice = lines.startsWith(SPECTRUM) ? lines.indexOf('\n') : 0;
  return ROUNDED * (lines.length - twice);
}

/** Length of the JSON, estimated: writing it at every level would take long. */
function estimateBytes({ lastTrial, cells, curves, measurements }: Sizes, { trials, measured, points }: Detail): number {
  let bytes = 0;
  for (let trial = Math.max(0, lastTrial - trials + 1); trial <= lastTrial; trial++) bytes += cells[trial] ?? 0;
  const firstMeasured = Math.max(0, lastTrial - measured + 1);
  for (let trial = firstMeasured; trial <= lastTrial; trial++) bytes += measurements[trial] ?? 0;
  for (const curve of curves) if (curve.trial >= firstMeasured) bytes += FRAME + (STEP + NUMBER) * Math.min(points, curve.points);
  return bytes;
}

function shorten(record: RunRecord, measured: MeasuredCells, detail: Detail, lastTrial: number): RunRecord {
  const isKept = (trial: number) => trial > lastTrial - detail.trials;
  const isMeasured = (trial: number) => trial > lastTrial - detail.measured;
  const short: RunRecord = { ...record, cellsLeftOut: { ...record.cellsLeftOut } };
  const cells = mapEntries(record.cells, (cell) => {
    if (!isKept(cell.trial)) {
      leaveCellOut(short, cell.sampleSize);
      return undefined;
    }
    return withoutMeasurements(cell, !isMeasured(cell.trial));
  });
  const curves = mapEntries(record.curves, (curve) => (isMeasured(curve.trial) ? thinCurve(curve, detail.points) : undefined));
  const spectra = mapEntries(record.spectra, (spectrum, id) => (isMeasured(trialOf(id)) ? spectrum : undefined));
  for (const { id, trial, lines } of measured) {
    if (!isMeasured(trial)) continue;
    const { cell, spectrum } = readMeasured(lines);
    if (cell) cells[id] = withoutMeasurements(cell, false);
    if (spectrum) spectra[id] = spectrum;
  }
  return { ...short, cells, curves, spectra, tables: short.tables.map(shortTable), figures: short.figures.map(shortFigure) };
}

/** Without its spectrum, which the record has by itself, those of its solution, which figures show, and unwanted ranks. */
function withoutMeasurements(cell: CellResult, ranksToo: boolean): CellResult {
  if (!cell.hessian && !cell.solutionSpectra && !(ranksToo && (cell.empiricalRank ?? cell.solutionRank))) return cell;
  const kept: CellResult = { ...cell };
  delete kept.hessian;
  delete kept.solutionSpectra;
  if (ranksToo) {
    delete kept.empiricalRank;
    delete kept.solutionRank;
  }
  return kept;
}

function mapEntries<T>(entries: Record<string, T>, change: (value: T, id: string) => T | undefined): Record<string, T> {
  const out: Record<string, T> = {};
  for (const [id, value] of Object.entries(entries)) {
    const changed = change(value, id);
    if (changed !== undefined) out[id] = changed;
  }
  return out;
}

/** Of a cell id, `7/0`. */
function trialOf(id: string): number {
  return Number(id.slice(id.indexOf('/') + 1));
}

function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}
