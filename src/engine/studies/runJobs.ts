import { countJobs, type JobHandlers, type WholeJobList } from '../schedule/executor';
import type { CurvePoints } from '../training/lossCurve';
import type { LiveResults } from './liveResults';
import { News } from './news';
import type { StudyRun } from './study';

export interface JobReport<Output> {
  /** Called on the main thread for every finished job, in any order; `index` is the place of the job in the list. */
  output(output: Output, index: number): void;
  /** Tables and figures that `output` changes: told between jobs and once more at the end. */
  live?: Pick<LiveResults, 'tell'>;
  /** New points of a job's curve, for a study that draws them; else curves are not told. */
  curve?(points: CurvePoints, index: number): void;
  /** A spectrum on the way of a job's training; else spectra are not told. */
  spectrum?: JobHandlers<Output>['spectrum'];
  /** Jobs that must be done before the remaining time can be told; default 1. */
  representative?: number;
}

/**
 * Runs jobs on the workers and tells how far they are. What jobs do besides their output (optimizer steps, lost points of curves)
 * is counted.
 */
export async function runJobs<Job, Output>(
  { executor, emit, caughtUp }: Pick<StudyRun<never>, 'executor' | 'emit' | 'caughtUp'>,
  jobs: WholeJobList<Job>,
  { output, live, curve, spectrum, representative = 1 }: JobReport<Output>,
): Promise<void> {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const news = new News(countJobs(jobs), representative, emit, {
    onBatch: () => live?.tell(),
    onError: (error) => fail(error),
    mayTell: () => caughtUp() === undefined,
  });
  const running = executor.run<Job, Output>(jobs, {
    steps: (steps) => news.addSteps(steps),
    // What nobody hears is not asked for.
    ...(curve ? { curve } : {}),
    ...(spectrum ? { spectrum } : {}),
    replaying: (count) => news.replaying(count),
    // What nobody would have been told is not lost.
    dropped: (points) => curve && news.addDropped(points),
    output(result, index) {
      output(result, index);
      news.jobDone();
    },
    caughtUp,
  });
  try {
    await Promise.race([running, failed]);
    news.flush();
  } finally {
    news.close();
    // When a batch failed first, the jobs fail later by being cancelled, and nobody waits for them any more.
    running.catch(() => undefined);
  }
}
