import type { ResolvedTwoLayer } from '../../experiment/resolved';
import type { MaskSource } from '../random/dropoutMasks';
import { activationFunction, type ActivationFunction } from './activation';
import { affineForms, featureMajor, projections } from './features';
import type { BoundModel, Inputs } from './model';
import { twoLayerOffsets, type TwoLayerOffsets } from './twoLayer';

/**
 * Training loss of a two-layer network with dropout of hidden neurons: f(x_s) = Σ_k a_k μ_ks σ(w_k·x_s + b_k) + c with a new
 * mask μ (m × n) at every evaluation, one for each neuron and sample.
 */
export class DropoutTwoLayer implements Pick<BoundModel, 'lossAndGradient'> {
  private readonly offsets: TwoLayerOffsets;
  private readonly activation: ActivationFunction;
  private readonly features: Float64Array;
  private readonly n: number;
  private readonly masks: Float64Array;
  private readonly hidden: Float64Array;
  private readonly slopes: Float64Array;
  private readonly residuals: Float64Array;
  private readonly row: Float64Array;
  private step = 0;

  constructor(
    private readonly config: ResolvedTwoLayer,
    inputs: Inputs,
    private readonly source: MaskSource,
  ) {
    const size = config.width * inputs.count;
    this.offsets = twoLayerOffsets(config);
    this.activation = activationFunction(config.activation);
    this.features = featureMajor(inputs);
    this.n = inputs.count;
    this.masks = new Float64Array(size);
    this.hidden = new Float64Array(size);
    this.slopes = new Float64Array(this.activation.slopeFromValue === null ? size : 0);
    this.residuals = new Float64Array(inputs.count);
    this.row = new Float64Array(inputs.count);
  }

  /** The next call is that of this step. */
  startAt(step: number): void {
    this.step = step;
  }

  /** Each call is a step with a mask of its own. */
  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { n, offsets, features, masks, hidden, slopes, residuals, row, activation } = this;
    const { width: m, inputs: d } = this.config;
    this.source.fill(this.step++, masks);

    const c = offsets.outputBias >= 0 ? parameters[offsets.outputBias] : 0;
    for (let s = 0; s < n; s++) residuals[s] = c - targets[s];
    for (let k = 0; k < m; k++) {
      const at = k * n;
      const bias = offsets.hiddenBiases >= 0 ? parameters[offsets.hiddenBiases + k] : 0;
      affineForms(hidden, at, features, n, d, parameters, offsets.inputWeights + k * d, bias);
      activation.train(hidden, slopes, at, n);
      const a = parameters[k];
      for (let s = 0; s < n; s++) residuals[s] += a * masks[at + s] * hidden[at + s];
    }

    let loss = 0;
    let sum = 0;
    for (let s = 0; s < n; s++) {
      loss += residuals[s] * residuals[s];
      residuals[s] = (2 / n) * residuals[s];
      sum += residuals[s];
    }
    for (let k = 0; k < m; k++) {
      const at = k * n;
      let value = 0;
      let bias = 0;
      for (let s = 0; s < n; s++) {
        const e = residuals[s] * masks[at + s];
        const h = hidden[at + s];
        value += e * h;
        row[s] = e * this.slope(h, at + s);
        bias += row[s];
      }
      gradient[k] = value;
      projections(gradient, offsets.inputWeights + k * d, features, n, d, row, parameters[k]);
      if (offsets.hiddenBiases >= 0) gradient[offsets.hiddenBiases + k] = parameters[k] * bias;
    }
    if (offsets.outputBias >= 0) gradient[offsets.outputBias] = sum;
    return loss / n;
  }

  private slope(h: number, at: number): number {
    switch (this.activation.slopeFromValue) {
      case 'tanh':
        return 1 - h * h;
      case 'sigmoid':
        return h * (1 - h);
      case 'exp':
        return h;
      case null:
        return this.slopes[at];
    }
  }
}
