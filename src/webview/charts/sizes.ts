import { isUnderWay, type RunRecord } from '../../protocol/record';
import { modelExperiment } from '../accepted';

/** The sample sizes of the experiment, ascending: as accepted, or as far as they are known from results. */
export function sampleSizesOf(record: RunRecord): number[] {
  const listed = modelExperiment(record)?.data.sampleSizes ?? [];
  const sizes = listed.length > 0 ? listed : Object.values(record.curves).map((curve) => curve.sampleSize);
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/** Whether nothing more will come. */
export function hasEnded(record: RunRecord): boolean {
  return !isUnderWay(record.state);
}
