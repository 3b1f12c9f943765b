import type { ResolvedLiftingExperiment } from '../../../experiment/kinds/lifting';
import type { LiftedPointResult, LiftingResults, Verdict } from '../../../protocol/events';
import { runOne } from '../../schedule/executor';
import { LiveResults } from '../liveResults';
import { runJobs } from '../runJobs';
import type { Study, StudyRun } from '../study';
import { judgeList, judgeNumber } from '../verdicts/expected';
import { findNarrowPoint, measureExistence, measureLift, type MeasuredLift, type MeasuredNarrow } from './measure';
import { certificateTable, descentFigure, existenceTable, gradientFigure, narrowTable, pointTable } from './tables';

type Job = { kind: 'narrow' } | { kind: 'lift'; index: number } | { kind: 'existence' };
type Existence = { existence: LiftingResults['existence'] };

/** Critical points of a narrow network, lifted into a wide one. */
export const liftingStudy: Study<ResolvedLiftingExperiment, Job, MeasuredNarrow | MeasuredLift | Existence, LiftingResults> = {
  parallelJobs: ({ constructions, lifts }) => constructions.length + lifts.length + 1,

  *execute(bench, job) {
    const experiment = bench.experimentOf('lifting');
    switch (job.kind) {
      case 'narrow':
        return yield* findNarrowPoint(experiment);
      case 'lift':
        return measureLift(experiment, bench.shared<MeasuredNarrow>(), job.index);
      case 'existence':
        return { existence: measureExistence(experiment, bench.shared<MeasuredNarrow>()) };
    }
  },
  conduct,
  judge,
};

async function conduct(run: StudyRun<ResolvedLiftingExperiment>): Promise<LiftingResults> {
  const { experiment, executor, emit } = run;
  emit({ type: 'phase', phase: experiment.point === 'train' ? 'training' : 'preparing' });
  const found = await runOne<MeasuredNarrow>(executor, { kind: 'narrow' } satisfies Job);
  executor.share(found);

  emit({ type: 'phase', phase: 'measuring' });
  const live = new LiveResults(emit);
  live.table('narrow', () => narrowTable(found));
  const lifts: (MeasuredLift | undefined)[] = [];
  let existence: LiftingResults['existence'] = null;
  const points = () => lifts.flatMap((lift) => (lift?.result ? [lift.result] : []));
  const skipped = () => lifts.flatMap((lift) => (lift?.skipped ? [lift.skipped] : []));
  const count = experiment.constructions.length + experiment.lifts.length;
  const jobs: Job[] = [...Array.from({ length: count }, (_, index): Job => ({ kind: 'lift', index })), { kind: 'existence' }];
  await runJobs<Job, MeasuredLift | Existence>(run, jobs, {
    live,
    output(measured, index) {
      if ('existence' in measured) {
        existence = measured.existence;
        if (existence) live.table('existence', () => existenceTable(existence!));
        return;
      }
      lifts[index] = measured;
      live.table('points', () => pointTable(points(), skipped()));
      if (experiment.analysis.dataSets > 0) live.figure('gradients', () => gradientFigure(lifts));
      if (!measured.descent) return;
      live.table('certificates', () => certificateTable(points()));
      live.figure('descent', () => descentFigure(lifts));
    },
  });
  const { loss, ...narrow } = found;
  return { loss, narrow, points: points(), skipped: skipped(), existence };
}

function judge({ expect }: ResolvedLiftingExperiment, { loss, points, existence }: LiftingResults): Verdict[] {
  const verdicts: Verdict[] = [];
  const unclear = points.filter(({ sampleIndependent }) => sampleIndependent === null).length;
  const doubt = unclear > 0 ? `The ranks at ${unclear} of ${points.length} points are inconclusive.` : undefined;
  const counted = (value: boolean) => points.filter(({ sampleIndependent }) => sampleIndependent === value).length;
  if (expect.loss !== undefined) verdicts.push(judgeNumber('loss', expect.loss, { value: loss }));
  if (expect.sampleIndependent !== undefined)
    verdicts.push(judgeNumber('sampleIndependent', expect.sampleIndependent, { value: counted(true), doubt }));
  if (expect.sampleDependent !== undefined)
    verdicts.push(judgeNumber('sampleDependent', expect.sampleDependent, { value: counted(false), doubt }));
  for (const [kind, expected] of Object.entries(expect.classifications ?? {})) {
    const value = points.filter(({ classification }) => classification === kind).length;
    verdicts.push(judgeNumber(['classifications', kind], expected, { value, reasons: reasonsOf(points, kind) }));
  }
  if (expect.points !== undefined) verdicts.push(judgeList('points', expect.points, { value: points, doubt }));
  if (expect.existence !== undefined) verdicts.push(judgeExistence(expect.existence, existence));
  return verdicts;
}

function reasonsOf(points: readonly LiftedPointResult[], kind: string): string[] {
  return points
    .filter(({ classification }) => classification === kind)
    .slice(0, 3)
    .map(({ name, reason }) => `${name}: ${reason}`);
}

function judgeExistence(expected: { samples: number; dimension: number }[], existence: LiftingResults['existence']): Verdict {
  const asked = new Set(expected.map(({ samples }) => samples));
  const rows = existence?.dimensions.filter(({ samples }) => asked.has(samples)) ?? null;
  const unclear = rows?.some(({ dimension }) => dimension === null);
  return judgeList('existence', expected, {
    value: rows,
    doubt: rows === null ? 'The last hidden layer does not become wider.' : unclear ? 'A rank is inconclusive.' : undefined,
  });
}
