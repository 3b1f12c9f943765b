import type { EmpiricalRankResult, PointResult, RankMeasurement, RankTableRow } from '../../../protocol/events';
import type { ResultTable } from '../../../protocol/table';
import { reliance } from '../../terminal/format';
import { MINIMAL_REPRESENTATION } from '../preparation';

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

/** Ranks by theory and by numbers of the models and targets of a family, as far as they are known. */
export function familyTable(rows: readonly (RankTableRow | undefined)[]): Content {
  const known = rows.filter((row) => row !== undefined);
  return {
    title: 'Rank stratification',
    columns: [
      { title: 'Model', kind: 'text' },
      { title: 'Target', kind: 'text' },
      { title: 'Size', kind: 'integer' },
      { title: 'Rank', kind: 'integer' },
      { title: 'Exact', kind: 'text' },
      { title: 'Measured', kind: 'text' },
      { title: 'Parameters', kind: 'integer' },
      { title: 'Ratio', kind: 'number' },
      { title: 'Formula', kind: 'text' },
      { title: 'Source', kind: 'text' },
    ],
    rows: known.map((row) => [
      row.model,
      row.target,
      row.intrinsicSize,
      row.modelRank,
      row.modelRank === null ? null : row.exact ? 'exact' : 'at most',
      row.measured === null ? null : row.conclusive ? String(row.measured) : `${row.measured}, inconclusive`,
      row.parameters,
      row.ratio,
      row.formula,
      row.source,
    ]),
    note: 'Size is intrinsic: rank r of a matrix, smallest number k of neurons or kernels, number of coefficients that are not 0. Rank: model rank at the target by theory; ratio: over the number of parameters. Measured: rank of the tangent matrix at the minimal representation, where it is small enough.',
  };
}

/** Learning coefficients next to half the ranks, for the rows where they are known. */
export function learningTable(rows: readonly (RankTableRow | undefined)[]): Content {
  const half = (value: number | null) => (value === null ? null : value / 2);
  return {
    title: 'Learning coefficient',
    columns: [
      { title: 'Model', kind: 'text' },
      { title: 'Target', kind: 'text' },
      { title: 'λ', kind: 'number' },
      { title: 'Half the model rank', kind: 'number' },
      { title: 'Half the measured rank', kind: 'number' },
      { title: 'Half the parameters', kind: 'number' },
      { title: 'Formula', kind: 'text' },
      { title: 'Source', kind: 'text' },
    ],
    rows: rows.flatMap((row) => {
      const known = row?.learningCoefficient;
      if (!known) return [];
      const { model, target, modelRank, measured, parameters } = row;
      return [[model, target, known.value, half(modelRank), half(measured), parameters / 2, known.formula, known.source]];
    }),
    note: 'λ is how fast the Bayesian free energy grows with log n, over all points that represent the target. Half the model rank is what a regular model of that rank would have; λ is at least that.',
  };
}
