import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import type { SampleSizeResult } from '../../../protocol/events';
import { createSampler } from '../../inputs/sampler';
import type { Inputs } from '../../models/model';
import { createTarget, type TargetFunction } from '../../targets/target';
import type { PictureGrid } from './pictureGrid';
import { log } from '../../numbers/elementary';

/** More samples than this hide what they belong to. */
const MOST_SAMPLES = 500;

/** What one training of a cell found: the one whose test error is closest to the median of the cell, of those that were kept. */
export interface Recovered {
  sampleSize: number;
  trial: number;
  testError: number;
  /** On the grid; null where the model overflows. */
  values: (number | null)[];
  /** Its training samples; null where there are very many. */
  samples: { inputs: Inputs; outputs: Float64Array } | null;
}

interface Kept {
  testError: number;
  values: Float64Array;
}

/** Values of the solutions of one experiment by cell, as far as they are kept for a picture. */
export class RecoveredTally {
  readonly target: readonly number[];
  private readonly kept = new Map</* index of the size */ number, Map</* trial */ number, Kept>>();
  private readonly targetFunction: TargetFunction;

  constructor(
    private readonly experiment: ResolvedRecoveryExperiment,
    readonly grid: PictureGrid,
    private readonly entryOrder: readonly number[] | null | undefined,
  ) {
    this.targetFunction = createTarget(experiment.model, experiment.target);
    this.target = Array.from(this.targetAt(grid.inputs));
  }

  /** Adds a training that did not diverge; `size` is an index. */
  add(size: number, trial: number, testError: number | null, values: readonly number[] | undefined): void {
    if (!values || testError === null) return;
    let ofSize = this.kept.get(size);
    if (!ofSize) this.kept.set(size, (ofSize = new Map()));
    ofSize.set(trial, { testError, values: Float64Array.from(values) });
  }

  /** Keeps only sizes, by their index, that are wanted on. */
  keep(isWanted: (size: number) => boolean): void {
    for (const size of this.kept.keys()) if (!isWanted(size)) this.kept.delete(size);
  }

  /** Undefined where no training of the size is kept. */
  at(size: number, { sampleSize, medianTestError }: SampleSizeResult): Recovered | undefined {
    let best: { trial: number; away: number; kept: Kept } | undefined;
    for (const [trial, kept] of this.kept.get(size) ?? []) {
      const away = distance(kept.testError, medianTestError);
      if (!best || away < best.away || (away === best.away && trial < best.trial)) best = { trial, away, kept };
    }
    if (!best) return undefined;
    const { trial, kept } = best;
    return {
      sampleSize,
      trial,
      testError: kept.testError,
      values: Array.from(kept.values, (value) => (Number.isFinite(value) ? value : null)),
      samples: this.samplesOf(trial, sampleSize),
    };
  }

  private samplesOf(trial: number, sampleSize: number): Recovered['samples'] {
    if (sampleSize > MOST_SAMPLES) return null;
    const inputs = createSampler(this.experiment, this.entryOrder).training(trial, sampleSize);
    return { inputs, outputs: this.targetAt(inputs) };
  }

  private targetAt(inputs: Inputs): Float64Array {
    const values = new Float64Array(inputs.count);
    this.targetFunction.evaluate(inputs, values);
    return values;
  }
}

/** In the exponent, where errors differ; where most trainings diverged any other is as good. */
function distance(error: number, median: number | null): number {
  if (median === null) return 0;
  return error > 0 && median > 0 ? Math.abs(log(error / median)) : Math.abs(error - median);
}
