import type { Inputs, Model } from '../models/model';
import type { RankOptions } from './numericalRank';
import { tangentRank } from './tangentRank';

export interface LinearRecovery {
  /** n*(X): the smallest number of inputs over which the tangent matrix has the model rank; null when all of them have too few. */
  sampleSize: number | null;
  /** Whether the ranks on both sides of it are. */
  conclusive: boolean;
}

/**
 * From how many of the inputs on, in their order, a point has the guarantee of local linear recovery: the rank over the first n
 * inputs equals the model rank ("Local linear recovery", arXiv 2406.18035, Lemma 7 and Theorem 1; n*(X) is at least that rank, and
 * equal to it for almost all inputs). By bisection, for the rank can only grow with n.
 */
export function linearRecovery(
  model: Model,
  parameters: Float64Array,
  inputs: Inputs,
  modelRank: number,
  options: RankOptions = {},
): LinearRecovery {
  const over = (count: number) => {
    const values = inputs.values.subarray(0, count * inputs.dimension);
    return tangentRank(model, parameters, { count, dimension: inputs.dimension, values }, options);
  };
  if (modelRank === 0) return { sampleSize: 0, conclusive: true };
  // Fewer values than the rank cannot have it.
  let below = Math.ceil(modelRank / (model.outputCount ?? 1)) - 1;
  let from = inputs.count;
  if (from <= below) return { sampleSize: null, conclusive: true };
  let above = over(from);
  if (above.rank < modelRank) return { sampleSize: null, conclusive: above.conclusive };
  let conclusive = true;
  while (from - below > 1) {
    const middle = Math.floor((below + from) / 2);
    const measurement = over(middle);
    if (measurement.rank >= modelRank) {
      from = middle;
      above = measurement;
    } else {
      below = middle;
      conclusive = measurement.conclusive;
    }
  }
  return { sampleSize: from, conclusive: conclusive && above.conclusive };
}
