import type { CellResult } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { thinCurve } from './thinCurve';

/** A report should open at once and travel by mail. */
const MAXIMUM_BYTES = 1_700_000;
const DIGITS = 6;

/** Bytes that a step number, another number, a cell without measurements, and a curve or spectrum around its numbers take, about. */
const STEP = 5;
const NUMBER = 11;
const CELL = 220;
const FRAME = 60;

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
export function condenseRecord(record: RunRecord): string {
  let last = 0;
  for (const { trial } of Object.values(record.cells)) last = Math.max(last, trial);
  const details = DETAILS.map((detail) => new Choice(record, detail, last));
  const choice = details.find((each) => each.bytes() <= MAXIMUM_BYTES) ?? details[details.length - 1];
  return JSON.stringify(choice.shorten(), roundNumbers);
}

/** A record at a level of detail. */
class Choice {
  constructor(
    private readonly record: RunRecord,
    private readonly detail: Detail,
    private readonly lastTrial: number,
  ) {}

  /** Length of the JSON, estimated: writing it at every level would take long. */
  bytes(): number {
    const { curves, cells, spectra } = this.record;
    let bytes = 0;
    for (const curve of Object.values(curves)) {
      if (this.isMeasured(curve.trial)) bytes += FRAME + (STEP + NUMBER) * Math.min(this.detail.points, curve.steps.length);
    }
    for (const [id, spectrum] of Object.entries(spectra)) {
      if (this.isMeasured(trialOf(id))) bytes += FRAME + NUMBER * spectrum.eigenvalues.length;
    }
    for (const { trial, empiricalRank, solutionRank } of Object.values(cells)) {
      if (this.isKept(trial)) bytes += CELL;
      if (this.isMeasured(trial))
        bytes += NUMBER * ((empiricalRank?.singularValues.length ?? 0) + (solutionRank?.singularValues.length ?? 0));
    }
    return bytes;
  }

  shorten(): RunRecord {
    const { record, detail } = this;
    const cells = mapEntries(record.cells, (cell, id) => {
      if (!this.isKept(trialOf(id))) return undefined;
      const kept: CellResult = { ...cell };
      // The spectrum is in the record twice: by cell and by itself.
      delete kept.hessian;
      if (!this.isMeasured(trialOf(id))) {
        delete kept.empiricalRank;
        delete kept.solutionRank;
      }
      return kept;
    });
    const curves = mapEntries(record.curves, (curve) =>
      this.isMeasured(curve.trial) ? thinCurve(curve, detail.points) : undefined,
    );
    const spectra = mapEntries(record.spectra, (spectrum, id) => (this.isMeasured(trialOf(id)) ? spectrum : undefined));
    return { ...record, cells, curves, spectra };
  }

  private isMeasured(trial: number): boolean {
    return trial > this.lastTrial - this.detail.measured;
  }

  private isKept(trial: number): boolean {
    return trial > this.lastTrial - this.detail.trials;
  }
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
