import type { EmpiricalRankResult, RankMeasurement, RankResults } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type ChartModel, type Marker, type PointSeries } from './model';

/** Results of a rank experiment once it has finished. */
export function rankResults(record: RunRecord): RankResults | null {
  const summary = record.finished?.summary;
  return summary?.experiment === 'rank' ? summary.results : null;
}

/** Empirical ranks by sample size: from the summary, or before that from the ranks that have arrived. */
export function empiricalRanks(record: RunRecord): EmpiricalRankResult[] {
  const results = rankResults(record);
  if (results) return [...results.sampleSizes].sort((a, b) => a.sampleSize - b.sampleSize);
  const modelRank = modelRankOf(record);
  const rows = new Map<number, EmpiricalRankResult>();
  for (const { name, measurement } of record.ranks) {
    const sampleSize = sampleSizeIn(name);
    if (sampleSize === null) continue;
    const { rank, gap, conclusive } = measurement;
    const known = conclusive && modelRank?.conclusive === true;
    rows.set(sampleSize, {
      sampleSize,
      empiricalRank: rank,
      gap,
      conclusive,
      linearlyStable: known ? rank === modelRank.rank : null,
    });
  }
  return [...rows.values()].sort((a, b) => a.sampleSize - b.sampleSize);
}

/** How the engine names the rank at the target's minimal representation. */
export const MINIMAL_REPRESENTATION = 'minimal representation';

export function modelRankOf(record: RunRecord): RankMeasurement | null {
  return record.ranks.find(({ name }) => name === MINIMAL_REPRESENTATION)?.measurement ?? null;
}

/** The sample size in the name of an empirical rank, `n = 7`. */
export function sampleSizeIn(name: string): number | null {
  const match = /^n = (\d+)$/.exec(name);
  return match ? Number(match[1]) : null;
}

/** Empirical rank at the target's minimal representation against sample size. */
export function empiricalRankChart(record: RunRecord): ChartModel {
  const rows = empiricalRanks(record);
  const modelRank = rankResults(record)?.modelRank ?? modelRankOf(record)?.rank ?? null;
  const predicted = record.accepted?.predictions.optimisticSampleSize ?? null;
  const markers: Marker[] = [];
  if (modelRank !== null)
    markers.push({ axis: 'y', value: modelRank, label: strings.empiricalRank.modelRank(modelRank), ink: 'third', dash: true });
  if (predicted !== null && rows.length > 0)
    markers.push({ axis: 'x', value: predicted, label: strings.empiricalRank.predicted(predicted), ink: 'accent', dash: false });
  const series = (
    label: string,
    ink: PointSeries['ink'],
    symbol: PointSeries['symbol'],
    stable: boolean | null,
  ): PointSeries => ({
    kind: 'points',
    label,
    ink,
    symbol,
    size: 'normal',
    points: rows
      .filter((row) => row.linearlyStable === stable)
      .map((row) => ({ x: row.sampleSize, y: row.empiricalRank, name: label })),
  });
  const all = [
    series(strings.empiricalRank.stable, 'primary', 'circle', true),
    series(strings.empiricalRank.unstable, 'accent', 'triangle', false),
    series(strings.empiricalRank.unclear, 'foreground', 'hollow', null),
  ];
  return {
    x: axis(strings.charts.sampleSize, { integer: true }),
    y: axis(strings.empiricalRank.rank, { integer: true, include: [0] }),
    series: all,
    markers,
    legend: all
      .filter(({ points }) => points.length > 0)
      .map(({ label, ink, symbol }) => ({ kind: 'symbol', label, ink, symbol })),
    summary: rows.length > 0 ? strings.empiricalRank.summary(rows.length, stableFrom(rows)) : '',
    note: null,
    empty: rows.length > 0 ? null : strings.empiricalRank.empty,
  };
}

export function empiricalRankTable(record: RunRecord): string[][] {
  return empiricalRanks(record).map((row) => [
    formatCount(row.sampleSize),
    formatCount(row.empiricalRank),
    row.conclusive ? formatNumber(row.gap, 2) : `${formatNumber(row.gap, 2)} (${strings.points.inconclusive})`,
    row.linearlyStable === null ? strings.results.unclear : row.linearlyStable ? strings.results.yes : strings.results.no,
  ]);
}

function stableFrom(rows: readonly EmpiricalRankResult[]): number | null {
  let from: number | null = null;
  for (const row of [...rows].reverse()) {
    if (row.linearlyStable !== true) break;
    from = row.sampleSize;
  }
  return from;
}
