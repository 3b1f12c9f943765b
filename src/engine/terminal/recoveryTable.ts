import type { Prediction, SampleSizeResult } from '../../protocol/events';
import type { Colors } from './colors';
import { alignColumns, formatNumber } from './format';

const BAR = 24;
/** Errors below this are drawn as if they were this. */
const FLOOR = 1e-16;

/**
 * Median test error against sample size, with a logarithmic bar, the recovered fraction, and whether the target is
 * linearly stable; the predicted transition stands at the first size that reaches it.
 */
export function formatRecoveryTable(
  results: readonly SampleSizeResult[],
  prediction: Prediction,
  tolerance: number,
  colors: Colors,
): string[] {
  const errors = results.flatMap((result) => (result.medianTestError === null ? [] : [Math.max(result.medianTestError, FLOOR)]));
  const low = Math.log10(Math.min(tolerance, ...errors)) - 0.5;
  const high = Math.log10(Math.max(tolerance, ...errors));
  const predicted = prediction.optimisticSampleSize;
  const marked = predicted === null ? undefined : results.find((result) => result.sampleSize >= predicted);
  const withRanks = results.some((result) => result.empiricalRank !== null);
  const head = ['n', 'median test error', '', 'recovered', ...(withRanks ? ['rank', 'linearly stable'] : []), 'trials'];
  const rows = results.map((result) => [
    String(result.sampleSize),
    formatNumber(result.medianTestError),
    result.medianTestError === null ? 'no median' : bar(Math.log10(Math.max(result.medianTestError, FLOOR)), low, high),
    `${Math.round(result.recoveredFraction * 100)} %`,
    ...(withRanks
      ? [formatNumber(result.empiricalRank), result.linearlyStable === null ? 'unclear' : result.linearlyStable ? 'yes' : 'no']
      : []),
    result.divergedTrials > 0 ? `${result.trials} (${result.divergedTrials} diverged)` : String(result.trials),
  ]);
  const right = [true, true, false, true, ...(withRanks ? [true, true] : []), true];
  const [titles, ...lines] = alignColumns([head, ...rows], right);
  const bound = prediction.exact ? 'predicted' : 'predicted at the latest';
  return [
    colors.dim(titles),
    ...lines.map((line, i) => {
      const result = results[i];
      const colored =
        result.state === 'recovered' ? colors.green(line) : result.state === 'undecided' ? colors.yellow(line) : line;
      return result === marked ? `${colored}   ${colors.bold(colors.cyan(`◀ ${bound}: ${predicted}`))}` : colored;
    }),
  ];
}

function bar(value: number, low: number, high: number): string {
  const eighths = Math.max(1, Math.round(((value - low) / (high - low)) * BAR * 8));
  return ('█'.repeat(Math.floor(eighths / 8)) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]).padEnd(BAR);
}
