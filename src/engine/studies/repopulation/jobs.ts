import { performance } from 'node:perf_hooks';
import type { ResolvedRepopulationExperiment } from '../../../experiment/kinds/repopulation';
import type { Repopulation, RepopulationResults, RepopulationState } from '../../../protocol/events';
import { convexityInSteps, type ConvexityResult } from '../../meanField/convexity';
import { distilledError, drawDistinct, featureImportance, type FeatureData } from '../../meanField/distillation';
import { lossOf, type NetData } from '../../meanField/loss';
import { NetKernels } from '../../meanField/netKernels';
import { outgoingSizes, weightedSum } from '../../meanField/regularizer';
import { NetShape } from '../../meanField/shape';
import { barrierOf, rawBetween, repopulatedBetween, type NetBetween } from '../../meanField/straightPath';
import type { NetTask } from '../../meanField/task';
import { evaluateNet, lastFeatures, NetTraining } from '../../meanField/training';
import { EngineError } from '../../errors';
import { randomStream } from '../../random/stream';
import { SavedFields, StateError } from '../../training/savedState';
import { goOn, type JobCheckpoint } from '../jobCheckpoint';
import { JobParts, numbersForm } from '../jobParts';
import { NO_NEWS } from '../slice';
import type { JobProgress } from '../study';

type Experiment = ResolvedRepopulationExperiment;

/** The nets of an experiment: the same start with and without repopulation, and another one for the path. */
export type NetName = 'repopulated' | 'baseline' | 'other';

export interface TrainedNet {
  parameters: Float64Array;
  history: RepopulationState[];
  repopulations: Repopulation[];
  /** Importance weights of the last hidden layer. */
  importance: Float64Array;
}

export function shapeOf({ network }: Experiment, task: NetTask): NetShape {
  return new NetShape(task.inputs, network.widths, task.outputs);
}

/** How long a slice of training lasts, about. */
const SLICE_MS = 10;

/** A training on its way. */
interface SavedNet {
  training: object;
  history: readonly RepopulationState[];
}

/** Trains one net; its curve is the training error after every epoch that the history has. */
export function* trainNet(
  experiment: Experiment,
  task: NetTask,
  name: NetName,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, TrainedNet> {
  const { network, training: rules, repopulation, analysis } = experiment;
  const shape = shapeOf(experiment, task);
  const training = new NetTraining(shape, network.activation, task.train, task.test, {
    ...rules,
    loss: task.loss,
    // The other net differs in its start and the order of samples, not in its data.
    seed: name === 'other' ? rules.seed + 1 : rules.seed,
    repopulation: name === 'baseline' ? null : repopulation,
  });
  const saved = checkpoint?.read();
  const history = (saved !== undefined &&
    goOn(checkpoint, () => goOnFrom(saved, training, shape.layers.length, analysis.every))) || [training.state()];
  let told = 0;
  if (training.steps > 0) {
    const seen = history.slice(1);
    yield {
      steps: training.steps,
      curve: { steps: seen.map(({ epoch }) => epoch), losses: seen.map(({ trainError }) => trainError) },
    };
    told = training.steps;
  }
  // Slices follow the clock, numbers do not.
  let before = performance.now();
  while (training.epoch < rules.epochs) {
    const epoch = training.runEpoch();
    while (!epoch.next().done) {
      if (performance.now() - before < SLICE_MS) continue;
      yield { steps: training.steps - told, curve: NO_NEWS.curve };
      told = training.steps;
      if (checkpoint?.due()) checkpoint.write({ training: training.save(), history } satisfies SavedNet);
      before = performance.now();
    }
    const losses: number[] = [];
    const steps: number[] = [];
    if (training.epoch % analysis.every === 0 || training.epoch === rules.epochs) {
      const state = training.state();
      if (!Number.isFinite(state.trainError)) {
        throw new EngineError('diverged', `Training diverged before epoch ${training.epoch}. Choose a smaller learning rate.`);
      }
      history.push(state);
      steps.push(state.epoch);
      losses.push(state.trainError);
    }
    yield { steps: training.steps - told, curve: { steps, losses } };
    told = training.steps;
  }
  const { parameters, repopulations } = training;
  return { parameters, history, repopulations, importance: outgoingSizes(shape, parameters, shape.depth) };
}

const STATE_NUMBERS = [
  'epoch',
  'trainError',
  'testError',
  'regularizer',
  'discretizationVariance',
  'importanceVariation',
] as const satisfies readonly (keyof RepopulationState)[];

/**
 * The history of what was saved; the training goes on from there.
 *
 * @throws StateError when it is none of this training, which then is as before
 */
function goOnFrom(value: unknown, training: NetTraining, layers: number, every: number): RepopulationState[] {
  const saved = new SavedFields(value);
  const own = saved.record('training');
  const count = 1 + Math.floor(own.number('epoch', { least: 0, whole: true }) / every);
  const history = saved.rows('history', count, STATE_NUMBERS).map((each, i) => {
    const fields = new SavedFields(each);
    if (each.epoch !== i * every) throw new StateError(`its history has epoch ${each.epoch} for ${i * every}`);
    if (fields.any('testErrorRate') !== undefined) fields.number('testErrorRate');
    return { ...each, regularizerTerms: fields.numbers('regularizerTerms', layers) } as RepopulationState;
  });
  training.goOn(own);
  return history;
}

/** Samples that the convexity test takes the loss over at most. */
const CONVEXITY_SAMPLES = 100;

export function* convexityOf(
  experiment: Experiment,
  task: NetTask,
  parameters: Float64Array,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, RepopulationResults['convexity']> {
  const { network, training, analysis } = experiment;
  const shape = shapeOf(experiment, task);
  const count = Math.min(CONVEXITY_SAMPLES, task.train.count);
  const data: NetData = {
    inputs: task.train.inputs.subarray(0, count * task.inputs),
    targets: task.train.targets.subarray(0, count * task.outputs),
    count,
  };
  const features = lastFeatures(new NetKernels(shape, network.activation), shape, parameters, data);
  const problem = { shape, parameters, features, targets: data.targets, count, loss: task.loss, ...training };
  const stream = randomStream(training.seed, 'segments');
  const saved = checkpoint?.read();
  const begun =
    saved === undefined ? undefined : goOn(checkpoint, () => readConvexity(new SavedFields(saved), analysis.segments));
  const test = convexityInSteps(problem, analysis.segments, stream, begun);
  for (let next = test.next(); ; next = test.next()) {
    if (next.done) return next.value;
    if (checkpoint?.due()) checkpoint.write(next.value);
    yield NO_NEWS;
  }
}

function readConvexity(saved: SavedFields, segments: number): ConvexityResult {
  const done = saved.number('segments', { least: 0, most: segments, whole: true });
  return {
    segments: done,
    violations: saved.number('violations', { least: 0, most: done, whole: true }),
    largestExcess: saved.number('largestExcess'),
  };
}

const PATH_STEPS = 20;

/** Loss along the straight path between two nets, in both representations. A place is a part of the job. */
export function* pathOf(
  experiment: Experiment,
  task: NetTask,
  a: Float64Array,
  b: Float64Array,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, RepopulationResults['path']> {
  const { network, training } = experiment;
  const shape = shapeOf(experiment, task);
  const places = Array.from({ length: PATH_STEPS + 1 }, (_, i) => i / PATH_STEPS);
  const parts = new JobParts(checkpoint);
  const form = numbersForm('loss', 'objective');
  const along = function* (between: (t: number) => NetBetween) {
    const losses: number[] = [];
    const objectives: number[] = [];
    for (const t of places) {
      const { loss, objective } = yield* parts.next(form, function* () {
        const net = between(t);
        const outputs = evaluateNet(new NetKernels(net.shape, network.activation), net.shape, net.parameters, task.test);
        yield NO_NEWS;
        const mean = lossOf(task.loss, outputs, task.test.count, task.outputs, task.test.targets);
        return { loss: mean, objective: mean + training.strength * weightedSum(net.regularizerTerms, training.decays) };
      });
      losses.push(loss);
      objectives.push(objective);
    }
    return { losses, objectives };
  };
  const raw = yield* along((t) => rawBetween(shape, a, b, t));
  const repopulated = yield* along((t) => repopulatedBetween(shape, a, b, t));
  return {
    places,
    raw: raw.losses,
    repopulated: repopulated.losses,
    rawObjective: raw.objectives,
    repopulatedObjective: repopulated.objectives,
    rawBarrier: barrierOf(places, raw.losses),
    repopulatedBarrier: barrierOf(places, repopulated.losses),
  };
}

/** Errors of nets of a few neurons of the last hidden layer, drawn by importance and uniformly. A draw is a part of the job. */
export function* distill(
  experiment: Experiment,
  task: NetTask,
  parameters: Float64Array,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, RepopulationResults['distillation']> {
  const { network, training, analysis } = experiment;
  const shape = shapeOf(experiment, task);
  const kernels = new NetKernels(shape, network.activation);
  const seen = (data: NetData): FeatureData => ({
    ...data,
    features: lastFeatures(kernels, shape, parameters, data),
    width: shape.widths[shape.depth - 1],
    outputs: task.outputs,
  });
  const train = seen(task.train);
  const test = seen(task.test);
  const importance = featureImportance(outgoingSizes(shape, parameters, shape.depth), train);
  const uniform = new Float64Array(importance.length).fill(1);
  const rows: RepopulationResults['distillation'] = [];
  const parts = new JobParts(checkpoint);
  const form = numbersForm('error');
  for (const neurons of analysis.neurons) {
    const errors: number[][] = [[], []];
    for (let draw = 0; draw < analysis.draws; draw++) {
      for (const [way, weights] of [importance, uniform].entries()) {
        const chosen = drawDistinct(weights, neurons, randomStream(training.seed, 'distillation', neurons, draw, way));
        const { error } = yield* parts.next(form, function* () {
          yield NO_NEWS;
          return { error: distilledError(chosen, train, test, task.loss === 'crossEntropy') };
        });
        errors[way].push(error);
      }
    }
    const [byImportance, uniformly] = errors.map(meanAndSpread);
    rows.push({
      neurons,
      importance: byImportance.mean,
      uniform: uniformly.mean,
      importanceSpread: byImportance.spread,
      uniformSpread: uniformly.spread,
    });
  }
  return rows;
}

/** Mean, and the standard deviation over the draws. */
function meanAndSpread(values: readonly number[]): { mean: number; spread: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
  return { mean, spread: Math.sqrt(square) };
}
