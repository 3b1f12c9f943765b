import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { CellKey } from '../../../protocol/events';
import { trialLine } from '../../../protocol/trials';
import { cellCount } from '../../plan';
import { prepare, type Preparation } from '../preparation';
import type { JobCheckpoint } from '../jobCheckpoint';
import type { JobProgress } from '../study';
import type { CellOutcome } from '../cellTable';
import { keepingCurve } from '../curveBudget';
import { solutionValues } from '../recovered/solutionValues';
import { trainCell } from '../trainCell';
import { traceOf, type Trace } from '../trajectories/trace';
import { tracePlan } from '../trajectories/tracePlan';
import type { Workbench } from '../workbench';

/** A training of one of the experiments that a file stands for, or what has to be found once for it. */
export type VariedJob = { kind: 'prepareVariant'; variant: number } | ({ kind: 'trial'; variant: number } & CellKey);

/** What the main thread folds of a training. */
export interface TrialOutcome extends CellOutcome {
  empiricalRank: number | undefined;
  /** For the run folder, with its curve. */
  line: string;
  /** Of what training found, on the grid of its picture. */
  values: number[] | undefined;
  /** Of its parameters, where they were followed. */
  trace: Trace | undefined;
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
  const { sampleSize, trial } = job;
  const options = { traced: tracePlan(experiment).has(variant, job), checkpoint };
  const running = trainCell(own, own.experimentOf('recovery'), { sampleSize, trial }, options);
  const { output, curve } = yield* keepingCurve(running, cellCount(experiment));
  const { cell, parameters } = output;
  const values = solutionValues(own, experiment, variant, job, parameters);
  const trace = traceOf(own, own.experimentOf('recovery'), output);
  const { trainLoss, testError, stopReason, recovered, linearlyStable, empiricalRank } = cell;
  const line = trialLine({ ...cell, variant, seed: experiment.training.seed }, curve);
  return { trainLoss, testError, stopReason, recovered, linearlyStable, empiricalRank: empiricalRank?.rank, line, values, trace };
}
