import type { CellKey, CellResult } from './events';
import { isObject } from './json';

/** File of a run folder with the trainings of an experiment that varies something or searches, one a line. */
export const TRIALS_FILE = 'trials.jsonl';

/** The trainings of one value at one sample size: a cell of a phase diagram. */
export interface TrialCell {
  /** Place of the value in the list of what varies, from 0. */
  variant: number;
  sampleSize: number;
}

/** What came out of one training of such an experiment. */
export interface TrialFacts extends CellKey, Pick<CellResult, 'trainLoss' | 'testError' | 'steps' | 'stopReason' | 'recovered'> {
  variant: number;
  /** Of the experiment; random numbers of a training come from this, its sample size and its trial. */
  seed: number;
}

/** Points of a loss curve, thinned in the logarithm of the step. */
export interface TrialCurve {
  steps: number[];
  losses: number[];
  /** Flow times of the points, of gradient flows alone. */
  times?: number[];
}

/** The line of a training: its cell stands first, so that lines of other cells need not be read. */
export function trialLine(
  { variant, sampleSize, trial, seed, trainLoss, testError, steps, stopReason, recovered }: TrialFacts,
  curve: TrialCurve,
): string {
  const facts = { variant, sampleSize, trial, seed, trainLoss, testError, steps, stopReason, recovered };
  return `${JSON.stringify({ ...facts, curve })}\n`;
}

/** Most trainings of a cell that are told at once. */
export const MOST_TRIALS = 1000;

/** The trainings of a cell as far as they are known, in the order of their trials, with the curve of one of them. */
export interface CellTrials extends TrialCell {
  /** At most `MOST_TRIALS`. */
  trials: TrialFacts[];
  /** How many there are. */
  count: number;
  opened: { trial: number; curve: TrialCurve } | null;
}

/** Gathers the trainings of a cell from the lines of a file, which come in any order. */
export class TrialReader {
  private readonly start: string;
  private readonly found = new Map</* trial */ number, TrialFacts>();
  private curve: TrialCurve | null = null;

  constructor(
    private readonly cell: TrialCell,
    /** The trial whose curve is wanted. */
    private readonly open: number | null,
  ) {
    this.start = `{"variant":${cell.variant},"sampleSize":${cell.sampleSize},`;
  }

  /** A line that is none of the cell, or cannot be read, changes nothing. */
  add(line: string): void {
    if (!line.startsWith(this.start)) return;
    const read = readTrial(line);
    if (!read) return;
    const { facts, curve } = read;
    this.found.set(facts.trial, facts);
    if (facts.trial === this.open) this.curve = curve;
  }

  result(): CellTrials {
    const trials = [...this.found.values()].sort((a, b) => a.trial - b.trial);
    const opened = this.open === null || this.curve === null ? null : { trial: this.open, curve: this.curve };
    return { ...this.cell, trials: trials.slice(0, MOST_TRIALS), count: trials.length, opened };
  }
}

function readTrial(line: string): { facts: TrialFacts; curve: TrialCurve } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The last line of a run that was killed.
    return undefined;
  }
  if (!isObject(value) || !Number.isInteger(value.trial) || !isObject(value.curve)) return undefined;
  const { curve, ...facts } = value;
  if (!Array.isArray(curve.steps) || !Array.isArray(curve.losses)) return undefined;
  return { facts: facts as unknown as TrialFacts, curve: curve as unknown as TrialCurve };
}
