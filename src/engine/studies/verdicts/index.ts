import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import type { Prediction, RecoveryResults, Verdict } from '../../../protocol/events';
import { judgeLinearlyStableFrom } from './linearlyStableFrom';
import { judgeLocalRecovery } from './localRecovery';
import { judgeMedianTestErrors } from './medianTestError';
import { judgeModelRank } from './modelRank';
import { judgeNotRecoveredBelow } from './notRecoveredBelow';
import { judgeParameters } from './parameters';
import { judgeRecoveredFrom } from './recoveredFrom';
import { judgeSolutions } from './solutions';
import { judgeThreshold } from './threshold';
import { judgeVariants } from './variants';

/** One verdict for every expectation of a recovery experiment, in the order of the file format. */
export function judgeRecovery(
  experiment: ResolvedRecoveryExperiment,
  results: RecoveryResults,
  prediction: Prediction,
): Verdict[] {
  const { expect, analysis } = experiment;
  if (results.variants) return judgeVariants(experiment, results.variants, judgeRecovery);
  const verdicts: Verdict[] = [];
  if (expect.modelRank !== undefined) verdicts.push(judgeModelRank(expect.modelRank, results.modelRankMeasurement, prediction));
  if (expect.linearlyStableFrom !== undefined)
    verdicts.push(judgeLinearlyStableFrom(expect.linearlyStableFrom, results.sampleSizes, results.modelRank));
  if (expect.recoveredFrom !== undefined)
    verdicts.push(judgeRecoveredFrom(expect.recoveredFrom, results, analysis.recoveryTolerance));
  if (expect.notRecoveredBelow !== undefined) {
    verdicts.push(judgeNotRecoveredBelow(expect.notRecoveredBelow, results.sampleSizes, analysis.recoveryTolerance));
  }
  if (expect.medianTestError !== undefined) verdicts.push(...judgeMedianTestErrors(expect.medianTestError, results.sampleSizes));
  verdicts.push(...judgeLocalRecovery(expect.localRecovery, results.localRecovery));
  verdicts.push(...judgeSolutions(expect.solutions, results.solutions));
  verdicts.push(...judgeParameters(expect.solutionParameters, results.solutionParameters));
  verdicts.push(...judgeThreshold(expect.threshold, results.search));
  return verdicts;
}
