import type { ResolvedGeometryExperiment } from '../../../experiment/kinds/geometry';
import type { GeometryResults } from '../../../protocol/results';
import type { JobCheckpoint } from '../jobCheckpoint';
import { LiveResults } from '../liveResults';
import { runJobs } from '../runJobs';
import type { JobProgress, Study, StudyRun } from '../study';
import type { Workbench } from '../workbench';
import { foldGeometry, type FoldedGeometry } from './fold';
import {
  followDecay,
  followSmallStarts,
  measureFraction,
  measurePoint,
  measureRank,
  testSeparation,
  type GeometryJob,
  type GeometryOutput,
} from './jobs';
import { GeometrySetting } from './setting';
import { showGeometry } from './show';
import { judgeGeometry } from './verdicts';

/** The branches of the global minima of a two-layer network, and what is measured of them. */
export const geometryStudy: Study<ResolvedGeometryExperiment, GeometryJob, GeometryOutput, GeometryResults> = {
  parallelJobs: (experiment) => jobsOf(new GeometrySetting(experiment)).length,

  *execute(bench: Workbench, job, _index, checkpoint) {
    return yield* execute(settingOf(bench), job, checkpoint);
  },
  conduct,
  judge: judgeGeometry,
};

function* execute(
  setting: GeometrySetting,
  job: GeometryJob,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, GeometryOutput> {
  switch (job.kind) {
    case 'rank':
      return { kind: 'rank', rank: measureRank(setting, job.branch) };
    case 'point':
      return { kind: 'point', point: measurePoint(setting, job.point) };
    case 'separation':
      return { kind: 'separation', separation: yield* testSeparation(setting, job.branch, job.sampleSize, checkpoint) };
    case 'fraction':
      return { kind: 'fraction', fraction: yield* measureFraction(setting, job.point, job.sampleSize, checkpoint) };
    case 'decay':
      return { kind: 'decay', decay: yield* followDecay(setting, job.branch, job.trial) };
    case 'imbalance':
      return { kind: 'imbalance', flows: yield* followSmallStarts(setting, job, checkpoint) };
  }
}

/** A worker keeps what the jobs of its experiment share. */
const settings = new WeakMap<Workbench, GeometrySetting>();

function settingOf(bench: Workbench): GeometrySetting {
  let setting = settings.get(bench);
  if (!setting) {
    setting = new GeometrySetting(bench.experimentOf('geometry'));
    settings.set(bench, setting);
  }
  return setting;
}

function jobsOf(setting: GeometrySetting): GeometryJob[] {
  const { experiment, geometry, sampleSizes, sampler } = setting;
  const { analysis, points, imbalance } = experiment;
  const branches = geometry.types.map((_, branch) => branch);
  const jobs: GeometryJob[] = [];
  if (analysis.ranks) for (const branch of branches) jobs.push({ kind: 'rank', branch });
  points.forEach((_, point) => jobs.push({ kind: 'point', point }));
  if (analysis.separation)
    for (const branch of branches) for (const sampleSize of sampleSizes) jobs.push({ kind: 'separation', branch, sampleSize });
  if (analysis.separatedFraction)
    points.forEach((_, point) => sampleSizes.forEach((sampleSize) => jobs.push({ kind: 'fraction', point, sampleSize })));
  if (analysis.decay)
    for (const branch of branches)
      for (let trial = 0; trial < analysis.decay.trials; trial++) jobs.push({ kind: 'decay', branch, trial });
  if (imbalance) {
    const dataSets = sampler.random ? imbalance.dataSets : 1;
    for (const sampleSize of sampleSizes)
      for (let dataSet = 0; dataSet < dataSets; dataSet++)
        for (const scale of imbalance.scales) jobs.push({ kind: 'imbalance', sampleSize, dataSet, scale });
  }
  return jobs;
}

async function conduct(run: StudyRun<ResolvedGeometryExperiment>): Promise<GeometryResults> {
  run.emit({ type: 'phase', phase: 'preparing' });
  const setting = new GeometrySetting(run.experiment);
  const live = new LiveResults(run.emit);
  const jobs = jobsOf(setting);
  const outputs: (GeometryOutput | undefined)[] = [];
  // Several tables and figures are made of the same results.
  let folded: FoldedGeometry | null = null;
  const current = (): FoldedGeometry => (folded ??= foldGeometry(setting, jobs, outputs));
  showGeometry(live, setting, 'theory', current);
  live.tell();
  run.emit({ type: 'phase', phase: 'measuring' });
  await runJobs<GeometryJob, GeometryOutput>(run, jobs, {
    live,
    output(output, index) {
      outputs[index] = output;
      const rank = output.kind === 'rank' ? output.rank : output.kind === 'point' ? output.point.rank : null;
      if (rank?.certificate) run.keep(rank.certificate);
      folded = null;
      showGeometry(live, setting, output.kind, current);
    },
  });
  return current().results;
}
