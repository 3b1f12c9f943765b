import type { ExperimentKindName, ExperimentOf } from '../../experiment/kinds';
import type { ResolvedExperiment } from '../../experiment/resolved';
import type { ExperimentResults, Prediction, ResultsByKind, Verdict } from '../../protocol/events';
import type { ThreadCheckpoints } from '../schedule/checkpoints';
import { jobAt, placeOf, type JobList } from '../schedule/executor';
import { geometryStudy } from './geometry/study';
import { independenceStudy } from './independence/study';
import { overlapStudy } from './overlap/study';
import { oneByOne, together, type Claim, type JobNews } from './jobStream';
import { liftingStudy } from './lifting/study';
import { rankStudy } from './rank/study';
import { recoveryStudy } from './recovery';
import { repopulationStudy } from './repopulation/study';
import type { Study, StudyRun } from './study';
import type { Workbench } from './workbench';

/** The study of one kind, whatever its jobs are. */
type StudyOf<K extends ExperimentKindName> = Study<ExperimentOf<K>, never, unknown, ResultsByKind[K]>;

const STUDIES: { [K in ExperimentKindName]: StudyOf<K> } = {
  recovery: recoveryStudy,
  rank: rankStudy,
  geometry: geometryStudy,
  independence: independenceStudy,
  overlap: overlapStudy,
  lifting: liftingStudy,
  repopulation: repopulationStudy,
};

/** A study without its own types: an experiment of a kind only ever meets the study of that kind. */
function studyOf(experiment: ResolvedExperiment): Study<ResolvedExperiment, unknown, unknown, ExperimentResults> {
  return STUDIES[experiment.experiment] as unknown as Study<ResolvedExperiment, unknown, unknown, ExperimentResults>;
}

export function parallelJobs(experiment: ResolvedExperiment): number {
  return studyOf(experiment).parallelJobs(experiment);
}

/** Does jobs of a list on the thread of the workbench, as long as it can claim some. */
export function executeJobs(
  bench: Workbench,
  jobs: JobList<unknown>,
  claim: Claim,
  checkpoints?: ThreadCheckpoints,
): Generator<JobNews, void> {
  const study = studyOf(bench.experiment);
  const begin = (place: number) => {
    const job = jobAt(jobs, place);
    return study.execute(bench, job, place, checkpoints?.of(job, place));
  };
  const claimPlace = (wait: boolean) => {
    const index = claim(wait);
    return index === undefined ? undefined : placeOf(jobs, index);
  };
  const whole = 'of' in jobs ? jobs.of : jobs;
  const batch = 'each' in whole ? study.batch?.(bench, whole.each) : undefined;
  return batch ? together(begin, claimPlace, batch) : oneByOne(begin, claimPlace);
}

export function conductStudy(run: StudyRun<ResolvedExperiment>): Promise<ExperimentResults> {
  return studyOf(run.experiment).conduct(run);
}

export function judgeStudy(experiment: ResolvedExperiment, results: ExperimentResults, prediction: Prediction): Verdict[] {
  return studyOf(experiment).judge(experiment, results, prediction);
}
