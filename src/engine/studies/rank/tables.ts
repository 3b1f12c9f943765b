import type { EmpiricalRankResult, PointResult, RankMeasurement } from '../../../protocol/events';
import type { ResultTable } from '../../../protocol/table';
import { reliance } from '../../terminal/format';
import { MINIMAL_REPRESENTATION } from '../recovery';

type Content = Omit<ResultTable, 'id'>;

/** Ranks at the minimal representation and at the points of the file, as far as they are known. */
export function pointTable(modelRank: RankMeasurement | null, points: readonly (PointResult | undefined)[]): Content {
  const measured = points.filter((point) => point !== undefined);
  const withSample = measured.some((point) => point.empiricalRank !== null);
  const rows = [
    ...(modelRank ? [{ name: MINIMAL_REPRESENTATION, empiricalRank: null, ...modelRank, modelRank: modelRank.rank }] : []),
    ...measured,
  ];
  return {
    title: 'Rank at points',
    columns: [
      { title: 'Point', kind: 'text' },
      { title: 'Model rank', kind: 'integer' },
      { title: 'Gap', kind: 'number' },
      { title: 'Tolerance', kind: 'number' },
      { title: 'Conclusive', kind: 'text' },
      ...(withSample ? ([{ title: 'Rank over the sample', kind: 'integer' }] as const) : []),
    ],
    rows: rows.map((point) => [
      point.name,
      point.modelRank,
      point.gap,
      point.tolerance,
      reliance(point),
      ...(withSample ? [point.empiricalRank] : []),
    ]),
  };
}

/** Empirical ranks at the minimal representation, as far as they are known. */
export function sampleTable(results: readonly EmpiricalRankResult[]): Content {
  return {
    title: 'Empirical rank by sample size',
    columns: [
      { title: 'n', kind: 'integer' },
      { title: 'Empirical rank', kind: 'integer' },
      { title: 'Gap', kind: 'number' },
      { title: 'Conclusive', kind: 'text' },
      { title: 'Linearly stable', kind: 'text' },
    ],
    rows: results.map((result) => [
      result.sampleSize,
      result.empiricalRank,
      result.gap,
      reliance(result),
      result.linearlyStable === null ? 'unclear' : result.linearlyStable ? 'yes' : 'no',
    ]),
  };
}
