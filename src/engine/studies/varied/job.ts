import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { CellKey } from '../../../protocol/events';
import { prepare, type Preparation } from '../preparation';
import type { JobCheckpoint } from '../jobCheckpoint';
import type { JobProgress } from '../study';
import type { CellOutcome } from '../cellTable';
import { trainCell } from '../trainCell';
import type { Workbench } from '../workbench';

/** A training of one of the experiments that a file stands for, or what has to be found once for it. */
export type VariedJob = { kind: 'prepareVariant'; variant: number } | ({ kind: 'trial'; variant: number } & CellKey);

/** What the main thread folds of a training; its curve and spectra are not told. */
export interface TrialOutcome extends CellOutcome {
  empiricalRank: number | undefined;
}

export type VariedOutput = Preparation | TrialOutcome;

export function* executeVaried(
  bench: Workbench,
  experiment: ResolvedRecoveryExperiment,
  job: VariedJob,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, VariedOutput> {
  const { variant } = job;
  if (job.kind === 'prepareVariant') return prepare(variantsOf(experiment)[variant].experiment).preparation;
  const make = () => {
    const variantExperiment = variantsOf(experiment)[variant].experiment;
    return { ...variantExperiment, analysis: { ...variantExperiment.analysis, hessian: 'none' as const } };
  };
  const own = bench.beside(`variant ${variant}`, make, bench.shared<Preparation[]>()[variant]);
  const { trainLoss, testError, stopReason, recovered, linearlyStable, empiricalRank } = yield* withoutCurves(
    trainCell(own, own.experimentOf('recovery'), { sampleSize: job.sampleSize, trial: job.trial }, false, undefined, checkpoint),
  );
  return { trainLoss, testError, stopReason, recovered, linearlyStable, empiricalRank: empiricalRank?.rank };
}

/** Curves of thousands of trainings that nobody can open are not worth their way to the main thread. */
function* withoutCurves<Output>(running: Generator<JobProgress, Output>): Generator<JobProgress, Output> {
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
    yield { steps: value.steps, curve: { steps: [], losses: [] } };
  }
}
