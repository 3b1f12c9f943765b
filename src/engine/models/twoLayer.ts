import type { ResolvedTwoLayer } from '../../experiment/resolved';
import type { KernelProblem } from '../kernels/problem';
import { activationFunction, type ActivationFunction } from './activation';
import { affineForms, dotInFour, featureMajor, projections, sumInFour } from './features';
import type { Linearization } from './linearization';
import type { BoundModel, Inputs, Model, ParameterBlock } from './model';
import { TwoLayerLinearization } from './twoLayerLinearization';

/** Where the parts of a two-layer network stand in its parameter vector; −1 for a bias that it does not have. */
export interface TwoLayerOffsets {
  readonly outputWeights: number;
  readonly inputWeights: number;
  readonly hiddenBiases: number;
  readonly outputBias: number;
  readonly parameterCount: number;
}

/** Order of the parameters: output weights a [m], input weights W [m × d], hidden biases b [m], output bias c. */
export function twoLayerOffsets(
  model: Pick<ResolvedTwoLayer, 'inputs' | 'width' | 'hiddenBias' | 'outputBias'>,
): TwoLayerOffsets {
  const { inputs: d, width: m } = model;
  const afterWeights = m + m * d;
  const afterBiases = afterWeights + (model.hiddenBias ? m : 0);
  return {
    outputWeights: 0,
    inputWeights: m,
    hiddenBiases: model.hiddenBias ? afterWeights : -1,
    outputBias: model.outputBias ? afterBiases : -1,
    parameterCount: afterBiases + (model.outputBias ? 1 : 0),
  };
}

/** f(x) = Σ_k a_k σ(w_k·x + b_k) + c with optional biases. */
export function twoLayer(config: ResolvedTwoLayer): Model {
  const { inputs: d, width: m } = config;
  const offsets = twoLayerOffsets(config);
  const layout: ParameterBlock[] = [
    { name: 'outputWeights', offset: offsets.outputWeights, shape: [m] },
    { name: 'inputWeights', offset: offsets.inputWeights, shape: [m, d] },
  ];
  if (config.hiddenBias) layout.push({ name: 'hiddenBiases', offset: offsets.hiddenBiases, shape: [m] });
  if (config.outputBias) layout.push({ name: 'outputBias', offset: offsets.outputBias, shape: [] });
  return {
    parameterCount: offsets.parameterCount,
    inputDimension: d,
    layout,
    bind(inputs) {
      if (inputs.dimension !== d) throw new Error(`The network takes inputs of dimension ${d}, not ${inputs.dimension}.`);
      return new BoundTwoLayer(config, offsets, inputs);
    },
  };
}

class BoundTwoLayer implements BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  private readonly d: number;
  private readonly m: number;
  private readonly activation: ActivationFunction;
  private readonly features: Float64Array;
  /** One number for each sample: arguments z of one neuron, and what is made of them. */
  private readonly row: Float64Array;
  private readonly otherRow: Float64Array;
  /** Residuals of the training loop. */
  private readonly residuals: Float64Array;
  /** Activations (m × n) of the training loop, and slopes where they do not follow from them; made when training starts. */
  private hidden = new Float64Array(0);
  private slopes = new Float64Array(0);

  constructor(
    private readonly config: ResolvedTwoLayer,
    private readonly offsets: TwoLayerOffsets,
    inputs: Inputs,
  ) {
    this.sampleCount = inputs.count;
    this.parameterCount = offsets.parameterCount;
    this.d = config.inputs;
    this.m = config.width;
    this.activation = activationFunction(config.activation);
    this.features = featureMajor(inputs);
    this.row = new Float64Array(inputs.count);
    this.otherRow = new Float64Array(inputs.count);
    this.residuals = new Float64Array(inputs.count);
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    const { m, sampleCount: n, row, activation, offsets } = this;
    out.fill(offsets.outputBias >= 0 ? parameters[offsets.outputBias] : 0, 0, n);
    for (let k = 0; k < m; k++) {
      const a = parameters[k];
      this.arguments(parameters, k, row);
      for (let s = 0; s < n; s++) out[s] += a * activation.value(row[s]);
    }
  }

  jacobian(parameters: Float64Array, out: Float64Array): void {
    const { m, d, sampleCount: n, parameterCount: M, row, activation, offsets, features } = this;
    for (let k = 0; k < m; k++) {
      const a = parameters[k];
      const w = offsets.inputWeights + k * d;
      this.arguments(parameters, k, row);
      for (let s = 0; s < n; s++) {
        const at = s * M;
        const slope = a * activation.first(row[s]);
        out[at + k] = activation.value(row[s]);
        for (let j = 0; j < d; j++) out[at + w + j] = slope * features[j * n + s];
        if (offsets.hiddenBiases >= 0) out[at + offsets.hiddenBiases + k] = slope;
      }
    }
    if (offsets.outputBias >= 0) for (let s = 0; s < n; s++) out[s * M + offsets.outputBias] = 1;
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    const { m, d, sampleCount: n, row, otherRow, activation, offsets, features } = this;
    for (let k = 0; k < m; k++) {
      this.arguments(parameters, k, row);
      let value = 0;
      let slope = 0;
      for (let s = 0; s < n; s++) {
        value += weights[s] * activation.value(row[s]);
        const u = weights[s] * activation.first(row[s]);
        otherRow[s] = u;
        slope += u;
      }
      const a = parameters[k];
      out[k] = value;
      projections(out, offsets.inputWeights + k * d, features, n, d, otherRow, a);
      if (offsets.hiddenBiases >= 0) out[offsets.hiddenBiases + k] = a * slope;
    }
    if (offsets.outputBias >= 0) out[offsets.outputBias] = sumInFour(weights, n);
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { m, sampleCount: n, row, otherRow, activation, offsets } = this;
    out.fill(offsets.outputBias >= 0 ? direction[offsets.outputBias] : 0, 0, n);
    for (let k = 0; k < m; k++) {
      const a = parameters[k];
      const da = direction[k];
      this.arguments(parameters, k, row);
      this.arguments(direction, k, otherRow);
      for (let s = 0; s < n; s++) out[s] += da * activation.value(row[s]) + a * activation.first(row[s]) * otherRow[s];
    }
  }

  /** Of neuron k the Hessian has σ′ between a and (w, b), and aσ″ within (w, b); nothing between different neurons. */
  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { m, d, sampleCount: n, row, otherRow, activation, offsets, features } = this;
    for (let k = 0; k < m; k++) {
      const a = parameters[k];
      const da = direction[k];
      this.arguments(parameters, k, row);
      this.arguments(direction, k, otherRow);
      let outputWeight = 0;
      let bias = 0;
      for (let s = 0; s < n; s++) {
        const z = row[s];
        const dz = otherRow[s];
        const first = activation.first(z);
        outputWeight += weights[s] * first * dz;
        const u = weights[s] * (da * first + a * activation.second(z) * dz);
        otherRow[s] = u;
        bias += u;
      }
      out[k] = outputWeight;
      projections(out, offsets.inputWeights + k * d, features, n, d, otherRow, 1);
      if (offsets.hiddenBiases >= 0) out[offsets.hiddenBiases + k] = bias;
    }
    if (offsets.outputBias >= 0) out[offsets.outputBias] = 0;
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { m, d, sampleCount: n, activation, offsets, features, residuals, row } = this;
    if (this.hidden.length === 0) {
      this.hidden = new Float64Array(m * n);
      if (activation.slopeFromValue === null) this.slopes = new Float64Array(m * n);
    }
    const { hidden, slopes } = this;
    const { hiddenBiases, inputWeights } = offsets;
    const c = offsets.outputBias >= 0 ? parameters[offsets.outputBias] : 0;
    for (let s = 0; s < n; s++) residuals[s] = c - targets[s];
    for (let k = 0; k < m; k++) {
      const at = k * n;
      affineForms(
        hidden,
        at,
        features,
        n,
        d,
        parameters,
        inputWeights + k * d,
        hiddenBiases >= 0 ? parameters[hiddenBiases + k] : 0,
      );
      activation.train(hidden, slopes, at, n);
      const a = parameters[k];
      for (let s = 0; s < n; s++) residuals[s] += a * hidden[at + s];
    }

    const loss = dotInFour(residuals, residuals, 0, n) / n;
    const scale = 2 / n;
    for (let s = 0; s < n; s++) residuals[s] = scale * residuals[s];
    if (offsets.outputBias >= 0) gradient[offsets.outputBias] = sumInFour(residuals, n);

    for (let k = 0; k < m; k++) {
      const at = k * n;
      this.errorsBehind(at, row);
      const a = parameters[k];
      gradient[k] = dotInFour(residuals, hidden, at, n);
      projections(gradient, inputWeights + k * d, features, n, d, row, a);
      if (hiddenBiases >= 0) gradient[hiddenBiases + k] = a * sumInFour(row, n);
    }
    return loss;
  }

  /** out[s] = e·σ′ of the neuron whose activations begin at `at`, with e in `residuals`. */
  private errorsBehind(at: number, out: Float64Array): void {
    const { sampleCount: n, residuals, hidden, slopes } = this;
    switch (this.activation.slopeFromValue) {
      case 'tanh':
        for (let s = 0; s < n; s++) out[s] = residuals[s] - residuals[s] * hidden[at + s] * hidden[at + s];
        break;
      case 'sigmoid':
        for (let s = 0; s < n; s++) {
          const eh = residuals[s] * hidden[at + s];
          out[s] = eh - eh * hidden[at + s];
        }
        break;
      case 'exp':
        for (let s = 0; s < n; s++) out[s] = residuals[s] * hidden[at + s];
        break;
      case null:
        for (let s = 0; s < n; s++) out[s] = residuals[s] * slopes[at + s];
    }
  }

  kernelProblem(): KernelProblem {
    const { activation, hiddenBias, outputBias } = this.config;
    const shift = typeof activation === 'string' ? 0 : activation.shift;
    return {
      family: 'twoLayer',
      activation: typeof activation === 'string' ? activation : shift === 0 ? 'tanh' : 'shiftedTanh',
      shift,
      width: this.m,
      dimension: this.d,
      features: this.features,
      count: this.sampleCount,
      hiddenBias,
      outputBias,
    };
  }

  linearization(targets: Float64Array): Linearization {
    const { m: width, d: dimension, sampleCount: count, activation, offsets, features } = this;
    return new TwoLayerLinearization({ width, dimension, count, activation, offsets, features, targets });
  }

  /** out[s] = w_k·x_s + b_k, of the parameters or of a direction in parameter space. */
  private arguments(vector: Float64Array, k: number, out: Float64Array): void {
    const { offsets, d } = this;
    const bias = offsets.hiddenBiases >= 0 ? vector[offsets.hiddenBiases + k] : 0;
    affineForms(out, 0, this.features, this.sampleCount, d, vector, offsets.inputWeights + k * d, bias);
  }
}
