import type { RankResults } from '../../protocol/events';
import { printable, type Colors } from './colors';
import { alignColumns, formatNumber, reliance } from './format';

/** Ranks at the minimal representation and the requested points, then over the samples. */
export function formatRankTables(results: RankResults, colors: Colors): string[] {
  const points = [{ name: 'minimal representation', empiricalRank: null, ...results }, ...results.points];
  const withEmpirical = results.points.some((point) => point.empiricalRank !== null);
  const rows = points.map((point) => [
    printable(point.name),
    formatNumber(point.modelRank),
    formatNumber(point.gap),
    formatNumber(point.tolerance),
    point.modelRank === null ? '–' : reliance(point),
    ...(withEmpirical ? [formatNumber(point.empiricalRank)] : []),
  ]);
  const head = ['point', 'rank', 'gap', 'tolerance', 'conclusive', ...(withEmpirical ? ['rank over the sample'] : [])];
  const [titles, ...lines] = alignColumns([head, ...rows], [false, true, true, true, true, true].slice(0, head.length));
  const out = [colors.dim(titles), ...lines];
  if (results.sampleSizes.length === 0) return out;
  const sizes = results.sampleSizes.map((result) => [
    String(result.sampleSize),
    String(result.empiricalRank),
    formatNumber(result.gap),
    reliance(result),
    result.linearlyStable === null ? 'unclear' : result.linearlyStable ? 'yes' : 'no',
  ]);
  const [sizeTitles, ...sizeLines] = alignColumns(
    [['n', 'empirical rank', 'gap', 'conclusive', 'linearly stable'], ...sizes],
    [true, true, true, true, true],
  );
  return [...out, '', colors.dim(sizeTitles), ...sizeLines];
}
