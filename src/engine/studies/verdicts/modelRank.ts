import type { Prediction, RankMeasurement, Verdict } from '../../../protocol/events';
import { number } from './words';

type Measured = Pick<RankMeasurement, 'rank' | 'tolerance' | 'gap' | 'conclusive' | 'certified'>;

/** Met when the rank measured at the target's minimal representation is conclusive and as expected. */
export function judgeModelRank(expected: number, measured: Measured | null, prediction: Prediction): Verdict {
  const reasons: string[] = [];
  let result: Verdict['result'];
  if (!measured) {
    result = 'inconclusive';
    reasons.push(
      'No minimal representation of the target in this model is known, so there is no point at which to measure the model rank.',
    );
  } else {
    const { rank, tolerance, gap, conclusive, certified } = measured;
    const cut = `with tolerance ${number(tolerance)} and a gap of ${number(gap)}`;
    if (certified?.status === 'certified') {
      result = rank === expected ? 'met' : 'failed';
      const float64 = certified.float64Rank === rank ? '' : ` (float64 alone counts ${certified.float64Rank}, ${cut})`;
      reasons.push(
        `The tangent matrix at the minimal representation has rank ${rank}, certified${float64}; expected was ${expected}.`,
        ...certified.reasons,
      );
    } else if (!conclusive) {
      result = 'inconclusive';
      reasons.push(
        `The tangent matrix at the minimal representation seems to have rank ${rank} (${cut}), but the cut is not clear enough to decide.`,
        ...(certified?.reasons ?? []),
      );
    } else {
      result = rank === expected ? 'met' : 'failed';
      reasons.push(`The tangent matrix at the minimal representation has rank ${rank} (${cut}); expected was ${expected}.`);
    }
  }
  reasons.push(predictionWords(prediction));
  return { id: 'modelRank', result, value: measured?.rank ?? null, expected, reasons, at: ['expect', 'modelRank'] };
}

function predictionWords({ optimisticSampleSize, exact, formula, source }: Prediction): string {
  if (optimisticSampleSize === null) return `The theory makes no prediction. ${source}`;
  return exact
    ? `The theory predicts ${optimisticSampleSize}: ${formula}; ${source}.`
    : `The theory gives the upper bound ${optimisticSampleSize}: ${formula}; ${source}.`;
}
