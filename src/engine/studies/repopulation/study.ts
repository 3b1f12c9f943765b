import { createHash } from 'node:crypto';
import type { ResolvedRepopulationExperiment } from '../../../experiment/kinds/repopulation';
import type { RepopulationResults } from '../../../protocol/events';
import { classesTask, functionTask, type NetTask } from '../../meanField/task';
import { EngineError, errorMessage, EXIT } from '../../errors';
import { readFileBeside } from '../../fileBeside';
import { LiveResults } from '../liveResults';
import { runJobs } from '../runJobs';
import type { JobProgress, Study } from '../study';
import type { Workbench } from '../workbench';
import { distillationFigure, errorFigure, historyFigures, importanceFigure, pathFigure, type LiveCurves } from './figures';
import { convexityOf, distill, pathOf, shapeOf, trainNet, type NetName, type TrainedNet } from './jobs';
import { judgeRepopulation } from './judge';
import { distillationTable, historyTable, measuredTable, repopulationTable } from './tables';

/** What every worker has: the task, and for what follows training the nets. */
interface Shared {
  task: NetTask;
  nets?: { repopulated: Float64Array; other: Float64Array | null };
}

type RepopulationJob = { kind: 'train'; net: NetName } | { kind: 'convexity' } | { kind: 'path' } | { kind: 'distillation' };

type RepopulationOutput =
  | TrainedNet
  | { convexity: RepopulationResults['convexity'] }
  | { path: RepopulationResults['path'] }
  | { distillation: RepopulationResults['distillation'] };

/** Nets with and without repopulation, and what the convex formulation says of them (arXiv 1911.07626). */
export const repopulationStudy: Study<ResolvedRepopulationExperiment, RepopulationJob, RepopulationOutput, RepopulationResults> =
  {
    parallelJobs: (experiment) => netsOf(experiment).length,

    *execute(bench: Workbench, job, _index, checkpoint): Generator<JobProgress, RepopulationOutput> {
      const experiment = bench.experimentOf('repopulation');
      const { task, nets } = bench.shared<Shared>();
      switch (job.kind) {
        case 'train':
          return yield* trainNet(experiment, task, job.net, checkpoint);
        case 'convexity':
          return { convexity: yield* convexityOf(experiment, task, nets!.repopulated, checkpoint) };
        case 'path':
          return { path: yield* pathOf(experiment, task, nets!.repopulated, nets!.other!, checkpoint) };
        case 'distillation':
          return { distillation: yield* distill(experiment, task, nets!.repopulated, checkpoint) };
      }
    },

    async conduct(run) {
      const { experiment, executor, emit, folder } = run;
      emit({ type: 'phase', phase: 'preparing' });
      const { task, dataHash } = readTask(experiment, folder);
      executor.share({ task } satisfies Shared);
      const live = new LiveResults(emit);

      emit({ type: 'phase', phase: 'training' });
      const names = netsOf(experiment);
      const trained = new Map<NetName, TrainedNet>();
      const curves: LiveCurves = new Map();
      await runJobs<RepopulationJob, TrainedNet>(
        run,
        names.map((net) => ({ kind: 'train', net })),
        {
          live,
          output: (net, index) => trained.set(names[index], net),
          curve({ steps, losses }, index) {
            const curve = curves.get(names[index]) ?? { epochs: [], errors: [] };
            curve.epochs.push(...steps);
            curve.errors.push(...losses);
            curves.set(names[index], curve);
            live.figure('errors', () => errorFigure(experiment, curves));
          },
        },
      );
      const repopulated = trained.get('repopulated')!;
      const baseline = trained.get('baseline')!;
      const other = trained.get('other')?.parameters ?? null;

      emit({ type: 'phase', phase: 'measuring' });
      executor.share({ task, nets: { repopulated: repopulated.parameters, other } } satisfies Shared);
      const jobs: RepopulationJob[] = [
        ...(experiment.analysis.segments > 0 ? [{ kind: 'convexity' } as const] : []),
        ...(other ? [{ kind: 'path' } as const] : []),
        ...(experiment.analysis.neurons.length > 0 ? [{ kind: 'distillation' } as const] : []),
      ];
      const results: RepopulationResults = {
        inputs: task.inputs,
        outputs: task.outputs,
        parameters: shapeOf(experiment, task).parameterCount,
        trainSamples: task.train.count,
        testSamples: task.test.count,
        dataHash,
        history: repopulated.history,
        baseline: baseline.history,
        repopulations: repopulated.repopulations,
        convexity: null,
        path: null,
        distillation: [],
        distillationMeasure: task.loss === 'crossEntropy' ? 'errorRate' : 'meanSquaredError',
        importance: { repopulated: sortedShares(repopulated.importance), baseline: sortedShares(baseline.importance) },
      };
      await runJobs<RepopulationJob, Exclude<RepopulationOutput, TrainedNet>>(run, jobs, {
        output: (output) => void Object.assign(results, output),
      });

      live.table('history', () => historyTable(results));
      live.table('repopulations', () => repopulationTable(results));
      live.table('measured', () => measuredTable(results));
      if (results.distillation.length > 0) live.table('distillation', () => distillationTable(results));
      for (const { id, ...figure } of historyFigures(experiment, results)) live.figure(id, () => figure);
      live.figure('importance', () => importanceFigure(results));
      if (results.path) live.figure('path', () => pathFigure(results));
      if (results.distillation.length > 0) live.figure('distillation', () => distillationFigure(results));
      live.tell();
      return results;
    },

    judge: ({ expect }, results) => judgeRepopulation(expect, results),
  };

function netsOf({ analysis }: ResolvedRepopulationExperiment): NetName[] {
  return analysis.path ? ['repopulated', 'baseline', 'other'] : ['repopulated', 'baseline'];
}

const LARGEST_DATA_FILE = 64 * 1024 * 1024;

function readTask(
  { task, training }: ResolvedRepopulationExperiment,
  folder: string,
): { task: NetTask; dataHash: string | null } {
  if (task.kind === 'function') return { task: functionTask(task, training.seed), dataHash: null };
  try {
    const bytes = readFileBeside(folder, task.file, LARGEST_DATA_FILE);
    return {
      task: classesTask(new TextDecoder().decode(bytes), task.testFraction, training.seed),
      dataHash: createHash('sha256').update(bytes).digest('hex'),
    };
  } catch (error) {
    throw new EngineError('invalid-experiment', `Cannot learn from ${task.file}: ${errorMessage(error)}`, EXIT.invalid, {
      path: ['task', 'file'],
    });
  }
}

/** Over their mean, largest first. */
function sortedShares(values: Float64Array): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length || 1;
  return Array.from(values, (value) => value / mean).sort((a, b) => b - a);
}
