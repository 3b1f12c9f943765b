import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import type { CellKey } from '../../../protocol/events';
import type { BoundModel } from '../../models/model';
import type { Workbench } from '../workbench';
import { picturePlan } from './picturePlan';

const bound = new WeakMap<Workbench, BoundModel>();

/**
 * Values of what a training found on the grid of its picture; undefined where none are kept.
 *
 * @param bench of the variant
 * @param experiment the whole one
 */
export function solutionValues(
  bench: Workbench,
  experiment: ResolvedRecoveryExperiment,
  variant: number,
  key: CellKey,
  parameters: Float64Array | null,
): number[] | undefined {
  const grid = parameters && picturePlan(experiment).gridFor(variant, key);
  if (!grid) return undefined;
  let model = bound.get(bench);
  if (!model) bound.set(bench, (model = bench.model.bind(grid.inputs)));
  const values = new Float64Array(grid.inputs.count);
  model.evaluate(parameters, values);
  return Array.from(values);
}
