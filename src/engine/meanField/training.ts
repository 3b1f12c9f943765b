import type { ActivationConfig } from '../../experiment/schema';
import type { Repopulation, RepopulationState } from '../../protocol/events';
import { activationFunction } from '../models/activation';
import { randomStream } from '../random/stream';
import { coefficientOfVariation } from '../theory/repopulation/closedForm';
import type { Moments } from '../training/optimizer';
import { StateError, type SavedFields } from '../training/savedState';
import { Adam } from './adam';
import { discretizationVariance } from './discretization';
import { errorRate, lossOf, type LossKind, type NetData } from './loss';
import { NetKernels } from './netKernels';
import { optimalDensities } from './optimalDensities';
import {
  addRegularizerGradient,
  marginalVariation,
  outgoingSizes,
  regularizerTerms,
  uniformDensities,
  weightedSum,
  type Densities,
} from './regularizer';
import { resampleLayer, type Drawing } from './resample';
import { initialParameters, type NetShape } from './shape';

export interface NetTrainingRules {
  loss: LossKind;
  epochs: number;
  batch: number;
  learningRate: number;
  /** The rate is multiplied by this after every epoch. */
  decay: number;
  /** Weight of the whole regulariser in the objective. */
  strength: number;
  /** One for each layer of weights. */
  decays: readonly number[];
  /** √rate times this times N(0, 1/columns²) is added to the gradient of kernels at every step; 0 for none. */
  gradientNoise: number;
  seed: number;
  repopulation: RepopulationRules | null;
}

export interface RepopulationRules {
  /** After these epochs. */
  epochs: readonly number[];
  /** The last hidden layer, as in the paper, or all of them. */
  layers: 'last' | 'all';
  drawing: Drawing;
  /** Then this times N(0, 1/columns) is added to the kernels that the drawn neurons receive by: copies drift apart. */
  noise: number;
}

/** Inputs that the discretisation variance is taken over at most. */
const VARIANCE_INPUTS = 100;
/** Columns of a pass over a whole data set. */
const CHUNK = 200;

/** A training on its way, as plain data. What follows from the number of steps is not in it. */
interface SavedNetTraining extends Moments {
  epoch: number;
  /** Samples of this epoch that steps were taken with. */
  position: number;
  parameters: Float64Array;
  /** Of the samples, in this epoch; in the last one where none was taken yet. */
  order: Int32Array;
  repopulations: readonly Repopulation[];
}

const REPOPULATION_NUMBERS = [
  'epoch',
  'before',
  'optimal',
  'resampled',
  'gap',
  'variationBefore',
  'variationOptimal',
  'marginalBefore',
  'marginalOptimal',
] as const satisfies readonly (keyof Repopulation)[];

/** Minibatch training of a wide net with the ℓ_{1,2} regulariser, with repopulations in between. An epoch at a time. */
export class NetTraining {
  readonly parameters: Float64Array;
  repopulations: Repopulation[] = [];
  epoch = 0;
  private position = 0;
  private readonly kernels: NetKernels;
  private readonly adam: Adam;
  private order: number[];
  private readonly batch: number;
  private rate: number;

  constructor(
    private readonly shape: NetShape,
    private readonly activation: ActivationConfig,
    private readonly train: NetData,
    private readonly test: NetData,
    private readonly rules: NetTrainingRules,
  ) {
    this.parameters = initialParameters(shape, randomStream(rules.seed, 'initialization'));
    this.kernels = new NetKernels(shape, activation);
    this.adam = new Adam(shape.parameterCount);
    this.order = Array.from({ length: train.count }, (_, s) => s);
    this.batch = Math.min(rules.batch, train.count);
    this.rate = rules.learningRate;
  }

  /** Steps of the optimizer. */
  get steps(): number {
    return this.epoch * this.stepsPerEpoch + this.position / this.batch;
  }

  private get stepsPerEpoch(): number {
    return Math.floor(this.train.count / this.batch);
  }

  /** All that goes on from here depends on; between two steps. */
  save(): SavedNetTraining {
    const { epoch, position, parameters, adam, order, repopulations } = this;
    return {
      epoch,
      position,
      parameters: parameters.slice(),
      ...adam.save(),
      order: Int32Array.from(order),
      repopulations: repopulations.slice(),
    };
  }

  /**
   * Goes on from what another training of the same rules saved; before the first step.
   *
   * @throws StateError when it is none of this training, which then is as before
   */
  goOn(saved: SavedFields): void {
    const { rules, train, batch, stepsPerEpoch } = this;
    const epoch = saved.number('epoch', { least: 0, most: rules.epochs - 1, whole: true });
    const position = saved.number('position', { least: 0, most: stepsPerEpoch * batch, whole: true });
    if (position % batch !== 0) throw new StateError(`its position is ${position}`);
    const parameters = saved.vector('parameters', this.parameters.length);
    const order = permutation(saved.any('order'), train.count);
    const past = [...new Set(rules.repopulation?.epochs)].filter((each) => each <= epoch);
    const repopulations: Repopulation[] = saved.rows('repopulations', past.length, REPOPULATION_NUMBERS);
    this.adam.goOn(saved, (epoch - Math.max(0, ...past)) * stepsPerEpoch + position / batch);
    this.parameters.set(parameters);
    this.order = order;
    this.repopulations = repopulations;
    this.epoch = epoch;
    this.position = position;
    for (let each = 0; each < epoch; each++) this.rate *= rules.decay;
  }

  /**
   * One pass over the training set in a new random order, without the few samples that fill no batch, or what is left of it; then what is
   * due. Yields after every step, so that whoever drives it can do other things.
   */
  *runEpoch(): Generator<void, void> {
    const { shape, rules, kernels, parameters, train, batch } = this;
    const outputs = new Float64Array(batch * shape.outputs);
    const residuals = new Float64Array(batch * shape.outputs);
    const gradient = new Float64Array(shape.parameterCount);
    const drawn = shape.layers.reduce((sum, { rows, columns }) => sum + rows * columns, 0) * (this.position / batch);
    const noise = randomStream(rules.seed, 'gradient noise', this.epoch).at(drawn);
    if (this.position === 0) randomStream(rules.seed, 'order', this.epoch).shuffle(this.order);
    while (this.position + batch <= train.count) {
      const chosen = Int32Array.from(this.order.slice(this.position, this.position + batch));
      kernels.setParameters(parameters);
      kernels.outputs(train.inputs, batch, outputs, chosen);
      lossOf(rules.loss, outputs, batch, shape.outputs, train.targets, chosen, residuals);
      kernels.gradient(residuals, batch, gradient);
      addRegularizerGradient(shape, parameters, rules.decays, rules.strength, gradient);
      if (rules.gradientNoise > 0) {
        for (const { rows, columns, kernel } of shape.layers) {
          const scale = (Math.sqrt(this.rate) * rules.gradientNoise) / columns;
          for (let i = 0; i < rows * columns; i++) gradient[kernel + i] += scale * noise.normal();
        }
      }
      this.adam.step(parameters, gradient, this.rate);
      this.position += batch;
      yield;
    }
    this.position = 0;
    this.rate *= rules.decay;
    this.epoch++;
    if (rules.repopulation?.epochs.includes(this.epoch)) this.repopulate(rules.repopulation);
  }

  state(): RepopulationState {
    const { shape, rules, parameters, test, epoch } = this;
    const last = outgoingSizes(shape, parameters, shape.depth);
    const terms = regularizerTerms(shape, parameters);
    const measured = this.errors(test);
    const inputs = test.inputs.subarray(0, Math.min(VARIANCE_INPUTS, test.count) * shape.inputs);
    return {
      epoch,
      trainError: this.errors(this.train).loss,
      testError: measured.loss,
      regularizer: weightedSum(terms, rules.decays),
      regularizerTerms: terms,
      discretizationVariance: discretizationVariance(shape, activationFunction(this.activation), parameters, inputs),
      importanceVariation: coefficientOfVariation(last),
      ...(rules.loss === 'crossEntropy' ? { testErrorRate: measured.rate } : {}),
    };
  }

  private errors(data: NetData): { loss: number; rate: number } {
    const { shape, rules } = this;
    const outputs = evaluateNet(this.kernels, shape, this.parameters, data);
    return {
      loss: lossOf(rules.loss, outputs, data.count, shape.outputs, data.targets),
      rate: errorRate(outputs, data.count, shape.outputs, data.targets),
    };
  }

  /** Optimal densities with the function held fixed, then the neurons drawn by them; the optimizer starts anew. */
  private repopulate({ layers, drawing, noise }: RepopulationRules): void {
    const { shape, rules, parameters } = this;
    const last = shape.depth - 1;
    const chosen = layers === 'last' ? [last] : shape.widths.map((_, h) => h);
    const optimal = optimalDensities(shape, parameters, rules.decays, chosen);
    const importance = outgoingSizes(shape, parameters, shape.depth);
    const variationBefore = coefficientOfVariation(importance);
    const variationOptimal = weightedVariation(importance, optimal.densities[last]);
    const marginalAt = (densities: Densities) => marginalVariation(shape, parameters, rules.decays, densities, last);
    const marginalBefore = marginalAt(uniformDensities(shape));
    const marginalOptimal = marginalAt(optimal.densities);

    for (const h of chosen) {
      const stream = randomStream(rules.seed, 'resampling', this.epoch, h);
      parameters.set(resampleLayer(shape, parameters, h, optimal.densities[h], drawing, stream));
      const { rows, columns, kernel } = shape.layers[h];
      const scale = noise / Math.sqrt(columns);
      for (let i = 0; i < rows * columns; i++) parameters[kernel + i] += scale * stream.normal();
    }
    this.adam.reset();
    this.repopulations.push({
      epoch: this.epoch,
      before: optimal.before,
      optimal: optimal.after,
      resampled: weightedSum(regularizerTerms(shape, parameters), rules.decays),
      gap: optimal.gap,
      variationBefore,
      variationOptimal,
      marginalBefore,
      marginalOptimal,
    });
  }
}

/** @throws StateError when it is no order of so many samples */
function permutation(saved: unknown, count: number): number[] {
  const seen = new Uint8Array(count);
  if (!(saved instanceof Int32Array) || saved.length !== count) throw new StateError(`its order is not one of ${count} samples`);
  for (const sample of saved) {
    if (!(sample >= 0 && sample < count) || seen[sample] === 1)
      throw new StateError(`its order has sample ${sample} twice or not`);
    seen[sample] = 1;
  }
  return Array.from(saved);
}

/** Outputs at all inputs of a data set, row by row. */
export function evaluateNet(kernels: NetKernels, shape: NetShape, parameters: Float64Array, data: NetData): Float64Array {
  const outputs = new Float64Array(data.count * shape.outputs);
  kernels.setParameters(parameters);
  for (let at = 0; at < data.count; at += CHUNK) {
    const count = Math.min(CHUNK, data.count - at);
    const inputs = data.inputs.subarray(at * shape.inputs, (at + count) * shape.inputs);
    kernels.outputs(inputs, count, outputs.subarray(at * shape.outputs, (at + count) * shape.outputs));
  }
  return outputs;
}

/** Values of the last hidden layer at all inputs of a data set, row by row. */
export function lastFeatures(kernels: NetKernels, shape: NetShape, parameters: Float64Array, data: NetData): Float64Array {
  const width = shape.widths[shape.depth - 1];
  const features = new Float64Array(data.count * width);
  kernels.setParameters(parameters);
  for (let at = 0; at < data.count; at += CHUNK) {
    const count = Math.min(CHUNK, data.count - at);
    const inputs = data.inputs.subarray(at * shape.inputs, (at + count) * shape.inputs);
    kernels.features(inputs, count, features.subarray(at * width, (at + count) * width));
  }
  return features;
}

/** Coefficient of variation of u/p where neurons are as frequent as p says; 0 where p ∝ u. */
export function weightedVariation(u: Float64Array, p: Float64Array): number {
  let mass = 0;
  let mean = 0;
  for (let k = 0; k < u.length; k++) {
    mass += p[k];
    mean += u[k];
  }
  mean /= mass;
  let square = 0;
  for (let k = 0; k < u.length; k++) {
    if (p[k] > 0) square += p[k] * (u[k] / p[k] - mean) * (u[k] / p[k] - mean);
  }
  return Math.sqrt(square / mass) / mean;
}
