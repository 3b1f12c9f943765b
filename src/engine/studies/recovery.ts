import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellKey, CellResult, RecoveryResults } from '../../protocol/events';
import { gridSizes, planCells } from '../plan';
import { runOne } from '../schedule/executor';
import { holdsFrom } from './aggregate';
import { News } from './news';
import { prepare, type Prepared } from './preparation';
import type { Study, StudyRun } from './study';
import { Tally } from './tally';
import { trainCell } from './trainCell';
import { judgeRecovery } from './verdicts';
import type { Workbench } from './workbench';

type RecoveryJob = { kind: 'prepare' } | ({ kind: 'cell' } & CellKey);

/** Trains at every sample size and sees from which size on the target is recovered. */
export const recoveryStudy: Study<ResolvedRecoveryExperiment, RecoveryJob, Prepared | CellResult, RecoveryResults> = {
  parallelJobs: (experiment) => gridSizes(experiment).length * experiment.training.trials,
  *execute(bench: Workbench, job) {
    const { experiment } = bench;
    if (experiment.experiment !== 'recovery') throw new Error(`a ${experiment.experiment} experiment has no cells`);
    return job.kind === 'prepare' ? prepare(experiment) : yield* trainCell(bench, experiment, job);
  },
  conduct,
  judge: judgeRecovery,
};

async function conduct({ experiment, executor, emit, keep }: StudyRun<ResolvedRecoveryExperiment>): Promise<RecoveryResults> {
  emit({ type: 'phase', phase: 'preparing' });
  const { preparation, certificate } = await runOne<Prepared>(executor, { kind: 'prepare' } satisfies RecoveryJob);
  executor.share(preparation);
  if (certificate) keep(certificate);
  if (preparation.modelRank) emit({ type: 'rank', name: MINIMAL_REPRESENTATION, measurement: preparation.modelRank });

  emit({ type: 'phase', phase: 'training' });
  const sizes = gridSizes(experiment);
  const cells = planCells(experiment);
  const tally = new Tally(experiment, sizes);
  await trainAll(cells, tally, sizes.length, { executor, emit });

  const sampleSizes = tally.all();
  return {
    modelRank: preparation.modelRank?.rank ?? null,
    modelRankMeasurement: preparation.modelRank,
    sampleSizes,
    recoveredFrom: holdsFrom(sampleSizes, (result) => result.state === 'recovered'),
    linearlyStableFrom: holdsFrom(sampleSizes, (result) => result.linearlyStable === true),
  };
}

/** Name of the rank event of the target's minimal representation. */
export const MINIMAL_REPRESENTATION = 'minimal representation';

async function trainAll(
  cells: CellKey[],
  tally: Tally,
  representative: number,
  { executor, emit }: Pick<StudyRun<ResolvedRecoveryExperiment>, 'executor' | 'emit'>,
): Promise<void> {
  const tellChanges = () => {
    for (const result of tally.takeChanged()) emit({ type: 'sampleSize', result });
  };
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const news = new News(cells.length, representative, emit, tellChanges, (error) => fail(error));
  const running = executor.run<RecoveryJob, CellResult>(
    cells.map((cell) => ({ kind: 'cell', ...cell })),
    {
      progress({ steps, curve }, index) {
        const { sampleSize, trial } = cells[index];
        news.addSteps(steps);
        if (curve.steps.length > 0) emit({ type: 'curve', sampleSize, trial, ...curve });
      },
      output(cell) {
        news.jobDone();
        tally.add(cell);
        const { sampleSize, trial, hessian } = cell;
        if (hessian) emit({ type: 'spectrum', sampleSize, trial, measurement: hessian });
        emit({ type: 'cell', cell });
      },
    },
  );
  try {
    await Promise.race([running, failed]);
    news.flush();
  } finally {
    news.close();
    // When a batch failed first, the jobs fail later by being cancelled, and nobody waits for them any more.
    running.catch(() => undefined);
  }
}
