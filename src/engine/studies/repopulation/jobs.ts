import { performance } from 'node:perf_hooks';
import type { ResolvedRepopulationExperiment } from '../../../experiment/kinds/repopulation';
import type { Repopulation, RepopulationResults, RepopulationState } from '../../../protocol/events';
import { testConvexity } from '../../meanField/convexity';
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
import type { CurvePoints } from '../../training/lossCurve';
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
const NO_CURVE: CurvePoints = { steps: [], losses: [] };

/** Trains one net; its curve is the training error after every epoch that the history has. */
export function* trainNet(experiment: Experiment, task: NetTask, name: NetName): Generator<JobProgress, TrainedNet> {
  const { network, training: rules, repopulation, analysis } = experiment;
  const shape = shapeOf(experiment, task);
  const training = new NetTraining(shape, network.activation, task.train, task.test, {
    ...rules,
    loss: task.loss,
    // The other net differs in its start and the order of samples, not in its data.
    seed: name === 'other' ? rules.seed + 1 : rules.seed,
    repopulation: name === 'baseline' ? null : repopulation,
  });
  const history = [training.state()];
  let told = 0;
  // Slices follow the clock, numbers do not.
  let before = performance.now();
  while (training.epoch < rules.epochs) {
    const epoch = training.runEpoch();
    while (!epoch.next().done) {
      if (performance.now() - before < SLICE_MS) continue;
      yield { steps: training.steps - told, curve: NO_CURVE };
      told = training.steps;
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

/** Samples that the convexity test takes the loss over at most. */
const CONVEXITY_SAMPLES = 100;

export function convexityOf(experiment: Experiment, task: NetTask, parameters: Float64Array): RepopulationResults['convexity'] {
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
  return testConvexity(problem, analysis.segments, randomStream(training.seed, 'segments'));
}

const PATH_STEPS = 20;

/** Loss along the straight path between two nets, in both representations. */
export function pathOf(experiment: Experiment, task: NetTask, a: Float64Array, b: Float64Array): RepopulationResults['path'] {
  const { network, training } = experiment;
  const shape = shapeOf(experiment, task);
  const places = Array.from({ length: PATH_STEPS + 1 }, (_, i) => i / PATH_STEPS);
  const along = (between: (t: number) => NetBetween) => {
    const objectives: number[] = [];
    const losses = places.map((t) => {
      const net = between(t);
      const outputs = evaluateNet(new NetKernels(net.shape, network.activation), net.shape, net.parameters, task.test);
      const loss = lossOf(task.loss, outputs, task.test.count, task.outputs, task.test.targets);
      objectives.push(loss + training.strength * weightedSum(net.regularizerTerms, training.decays));
      return loss;
    });
    return { losses, objectives };
  };
  const raw = along((t) => rawBetween(shape, a, b, t));
  const repopulated = along((t) => repopulatedBetween(shape, a, b, t));
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

/** Errors of nets of a few neurons of the last hidden layer, drawn by importance and uniformly. */
export function* distill(
  experiment: Experiment,
  task: NetTask,
  parameters: Float64Array,
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
  for (const neurons of analysis.neurons) {
    const errors: number[][] = [[], []];
    for (let draw = 0; draw < analysis.draws; draw++) {
      for (const [way, weights] of [importance, uniform].entries()) {
        const chosen = drawDistinct(weights, neurons, randomStream(training.seed, 'distillation', neurons, draw, way));
        errors[way].push(distilledError(chosen, train, test, task.loss === 'crossEntropy'));
        yield { steps: 0, curve: NO_CURVE };
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
