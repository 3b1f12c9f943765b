import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { LocalRecoveryResult, RecoveryResults } from '../../protocol/events';
import { FOLLOWED_TRAININGS } from '../../protocol/spectra';
import { variantCount } from '../../experiment/variants';
import type { TrainingBatch } from '../kernels/trainingBatch';
import { CellGrid } from '../plan';
import { runOne } from '../schedule/executor';
import { holdsFrom } from './aggregate';
import { batchKernels } from './batchKernels';
import { packCell, unpackCell, type CellOutput } from './cellOutput';
import { CurveBudget } from './curveBudget';
import { LiveResults } from './liveResults';
import { recoveryPlaces, takeLocalRecovery } from './localRecovery/measure';
import { tellLocalRecovery } from './localRecovery/pictures';
import { MINIMAL_REPRESENTATION, prepare, type Prepared } from './preparation';
import { solutionValues } from './recovered/solutionValues';
import { RecoveredPictures } from './recovered/telling';
import { runJobs } from './runJobs';
import { solutionFigure, solutionTable, tangentFigure } from './solutions/pictures';
import { SolutionTally } from './solutions/tally';
import { parameterTable } from './parameters/table';
import { ParameterTally } from './parameters/tally';
import type { Study, StudyRun } from './study';
import { Tally } from './tally';
import { trainCell } from './trainCell';
import { TracePictures } from './trajectories/telling';
import { traceOf } from './trajectories/trace';
import { tracePlan } from './trajectories/tracePlan';
import { conductVaried } from './varied/conduct';
import { executeVaried, type VariedJob, type VariedOutput } from './varied/job';
import { judgeRecovery } from './verdicts';
import type { Workbench } from './workbench';

/** The cells of the plan are jobs that differ in their place alone. */
type RecoveryJob = { kind: 'prepare' } | { kind: 'cell' } | { kind: 'localRecovery'; place: number } | VariedJob;

/** Trains at every sample size and sees from which size on the target is recovered. */
export const recoveryStudy: Study<
  ResolvedRecoveryExperiment,
  RecoveryJob,
  Prepared | CellOutput | VariedOutput | LocalRecoveryOutput,
  RecoveryResults
> = {
  parallelJobs: (experiment) => variantCount(experiment) * new CellGrid(experiment).count,
  *execute(bench: Workbench, job, index, checkpoint) {
    const experiment = bench.experimentOf('recovery');
    if (job.kind === 'prepare') return prepare(experiment);
    if (job.kind === 'localRecovery') return { local: yield* takeLocalRecovery(bench, experiment, job.place, checkpoint) };
    if (job.kind !== 'cell') return yield* executeVaried(bench, experiment, job, checkpoint);
    const { grid, curves, batch } = planOf(bench, experiment);
    const followed = index < FOLLOWED_TRAININGS;
    const key = grid.at(index);
    const options = { followed, traced: tracePlan(experiment).has(0, key), batch, checkpoint };
    const trained = yield* curves.limit(trainCell(bench, experiment, key, options), index);
    const { cell, parameters } = trained;
    const told = experiment.analysis.solutionParameters && parameters ? Array.from(parameters) : undefined;
    return packCell(cell, solutionValues(bench, experiment, 0, key, parameters), told, traceOf(bench, experiment, trained));
  },
  batch(bench, job) {
    if (job.kind !== 'cell') return undefined;
    const experiment = bench.experimentOf('recovery');
    return (planOf(bench, experiment).batch ??= batchKernels(experiment)?.create());
  },
  conduct,
  judge: judgeRecovery,
};

/** Null where the target has no minimal representation. */
interface LocalRecoveryOutput {
  local: LocalRecoveryResult | null;
}

interface Plan {
  grid: CellGrid;
  curves: CurveBudget;
  /** Where the jobs are done together. */
  batch?: TrainingBatch;
}

const plans = new WeakMap<Workbench, Plan>();

/** The same plan on every thread, made once on each. */
function planOf(bench: Workbench, experiment: ResolvedRecoveryExperiment): Plan {
  let plan = plans.get(bench);
  if (!plan) {
    const grid = new CellGrid(experiment);
    plan = { grid, curves: new CurveBudget(grid.count) };
    plans.set(bench, plan);
  }
  return plan;
}

async function conduct(run: StudyRun<ResolvedRecoveryExperiment>): Promise<RecoveryResults> {
  const { experiment, executor, emit, keep } = run;
  if (experiment.vary || experiment.data.search) return conductVaried(run);
  emit({ type: 'phase', phase: 'preparing' });
  const { preparation, certificate } = await runOne<Prepared>(executor, { kind: 'prepare' } satisfies RecoveryJob);
  executor.share(preparation);
  if (certificate) keep(certificate);
  if (preparation.modelRank) emit({ type: 'rank', name: MINIMAL_REPRESENTATION, measurement: preparation.modelRank });

  const localRecovery = experiment.analysis.localRecovery ? await takeLocally(run) : undefined;

  emit({ type: 'phase', phase: 'training' });
  const grid = new CellGrid(experiment);
  const tally = new Tally(experiment, grid);
  const solutions = experiment.analysis.solutionSingularValues ? new SolutionTally(experiment, grid) : undefined;
  const parameters = experiment.analysis.solutionParameters ? new ParameterTally(experiment, grid) : undefined;
  const pictures = new RecoveredPictures(experiment, [preparation.entryOrder], grid.count);
  await trainAll(grid, tally, { solutions, parameters, pictures }, run);

  const sampleSizes = tally.all();
  return {
    modelRank: preparation.modelRank?.rank ?? null,
    modelRankMeasurement: preparation.modelRank,
    sampleSizes,
    recoveredFrom: holdsFrom(sampleSizes, (result) => result.state === 'recovered'),
    linearlyStableFrom: holdsFrom(sampleSizes, (result) => result.linearlyStable === true),
    ...(solutions ? { solutions: solutions.result() } : {}),
    ...(parameters ? { solutionParameters: parameters.result() } : {}),
    ...(localRecovery ? { localRecovery } : {}),
  };
}

/** Local recovery at the minimal representation and the points of the file, before anything is trained. */
async function takeLocally(run: StudyRun<ResolvedRecoveryExperiment>): Promise<LocalRecoveryResult[]> {
  const { experiment, emit } = run;
  emit({ type: 'phase', phase: 'measuring' });
  const live = new LiveResults(emit);
  const results: (LocalRecoveryResult | undefined)[] = [];
  const jobs = recoveryPlaces(experiment).map((_, place): RecoveryJob => ({ kind: 'localRecovery', place }));
  await runJobs<RecoveryJob, LocalRecoveryOutput>(run, jobs, {
    live,
    output({ local }, place) {
      if (!local) return;
      results[place] = local;
      tellLocalRecovery(live, results);
    },
  });
  return results.filter((each) => each !== undefined);
}

/** What is told of solutions besides errors. */
interface Told {
  solutions: SolutionTally | undefined;
  parameters: ParameterTally | undefined;
  pictures: RecoveredPictures;
}

async function trainAll(
  grid: CellGrid,
  tally: Tally,
  { solutions, parameters, pictures }: Told,
  run: StudyRun<ResolvedRecoveryExperiment>,
): Promise<void> {
  const { emit, tellCell } = run;
  const live = new LiveResults(emit);
  const traces = new TracePictures(run.experiment);
  const tell = () => {
    for (const result of tally.takeChanged()) emit({ type: 'sampleSize', result });
    live.tell();
  };
  await runJobs<RecoveryJob, CellOutput>(
    run,
    { each: { kind: 'cell' }, count: grid.count },
    {
      live: { tell },
      representative: grid.sizes.length,
      curve: (points, index) => emit({ type: 'curve', ...grid.at(index), ...points }),
      spectrum: (spectrum, index) => emit({ type: 'spectrum', ...grid.at(index), ...spectrum }),
      output(output, index) {
        const cell = unpackCell(output, grid.at(index));
        tally.add(index, cell.cell, cell.empiricalRank);
        if (solutions) {
          solutions.add(index, cell.solutionSpectra);
          live.table('solutions', () => solutionTable(solutions.result()));
          live.figure('solutions', () => solutionFigure(solutions.result()));
          live.figure('solutionTangents', () => tangentFigure(solutions.result()));
        }
        if (parameters) {
          parameters.add(index, cell.parameters);
          live.table('solutionParameters', () => parameterTable(parameters.result()));
        }
        const { trial, testError } = cell.cell;
        pictures.add(0, grid.sizeIndex(index), trial, testError, cell.values);
        pictures.tell(live, () => tally.all());
        traces.add(live, 0, grid.sizeIndex(index), cell.trace);
        tellCell(cell, index);
      },
    },
  );
}
