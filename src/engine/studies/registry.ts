import type { ResolvedExperiment } from '../../experiment/resolved';
import type { Prediction, Summary, Verdict } from '../../protocol/events';
import { rankStudy } from './rank';
import { recoveryStudy } from './recovery';
import type { JobProgress, Study, StudyRun } from './study';
import type { Workbench } from './workbench';

/** A study without its own types: an experiment of a kind only ever meets the study of that kind. */
type AnyStudy = Study<ResolvedExperiment, unknown, unknown, Summary['results']>;

const studies = {
  recovery: recoveryStudy as unknown as AnyStudy,
  rank: rankStudy as unknown as AnyStudy,
} satisfies Record<ResolvedExperiment['experiment'], AnyStudy>;

export function parallelJobs(experiment: ResolvedExperiment): number {
  return studies[experiment.experiment].parallelJobs(experiment);
}

/** Runs one job on the thread of the workbench. */
export function executeJob(bench: Workbench, job: unknown, index: number): Generator<JobProgress, unknown> {
  return studies[bench.experiment.experiment].execute(bench, job, index);
}

export function conductStudy(run: StudyRun<ResolvedExperiment>): Promise<Summary['results']> {
  return studies[run.experiment.experiment].conduct(run);
}

export function judgeStudy(experiment: ResolvedExperiment, results: Summary['results'], prediction: Prediction): Verdict[] {
  return studies[experiment.experiment].judge(experiment, results, prediction);
}
