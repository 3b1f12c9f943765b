import type { RankMeasurement } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import * as strings from '../strings';
import { MINIMAL_REPRESENTATION, sampleSizeIn } from './empiricalRank';

/** A tangent matrix whose singular values can be shown. */
export interface RankSource {
  id: string;
  label: string;
  measurement: RankMeasurement;
}

/** Singular values to choose from: those of the selected training, then those of the whole experiment. */
export function rankSources(record: RunRecord, selected: string | null): RankSource[] {
  const sources: RankSource[] = [];
  const cell = selected === null ? undefined : record.cells[selected];
  const { sourceOf } = strings.singularValues;
  if (cell) {
    const name = strings.charts.trialName(cell.sampleSize, cell.trial);
    if (cell.solutionRank) sources.push({ id: 'solution', label: sourceOf.solution(name), measurement: cell.solutionRank });
    if (cell.empiricalRank) sources.push({ id: 'empirical', label: sourceOf.empirical(name), measurement: cell.empiricalRank });
  }
  record.ranks.forEach(({ name, measurement }) => {
    const sampleSize = sampleSizeIn(name);
    const label =
      name === MINIMAL_REPRESENTATION
        ? sourceOf.minimal
        : sampleSize === null
          ? sourceOf.point(name)
          : sourceOf.sampleSize(sampleSize);
    sources.push({ id: `rank ${name}`, label, measurement });
  });
  return sources;
}

/** The chosen source, or the best there is: the solution of the selected training before the target. */
export function chosenSource(sources: readonly RankSource[], id: string | null): RankSource | undefined {
  return sources.find((source) => source.id === id) ?? sources[0];
}
