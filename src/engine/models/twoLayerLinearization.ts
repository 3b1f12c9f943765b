import type { ActivationFunction } from './activation';
import { tanhFast } from '../numbers/elementary';
import type { SavedFields } from '../training/savedState';
import { LARGEST_REACH, type Linearization, type SavedEvaluations } from './linearization';
import { combineRows, projectRow, rowProduct, rowSum } from './layers/rows';
import type { TwoLayerOffsets } from './twoLayer';

/** A two-layer network at fixed inputs, feature by feature, and its targets. */
export interface TwoLayerFit {
  readonly width: number;
  readonly dimension: number;
  readonly count: number;
  readonly activation: ActivationFunction;
  readonly offsets: TwoLayerOffsets;
  readonly features: Float64Array;
  readonly targets: Float64Array;
}

/** The loss of a two-layer network around a point; twin of ../curvature/assembly/twoLayer.ts, bit for bit. */
export class TwoLayerLinearization implements Linearization {
  readonly parameterCount: number;
  private readonly parameters: Float64Array;
  /** σ, σ′ and σ″, neuron by neuron. */
  private readonly hidden: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly rest: Float64Array;
  private readonly zeros: Float64Array;
  private readonly tangents: Float64Array;
  /** What each neuron adds for each sample. */
  private readonly terms: Float64Array;
  /** σ, σ′ and residuals of the last `lossAndGradient`. */
  private readonly trained: Float64Array;
  private readonly trainedSlopes: Float64Array;
  private readonly trainedRest: Float64Array;
  /** A point near by, with its σ and residuals. */
  private anchor: { parameters: Float64Array; hidden: Float64Array; rest: Float64Array } | null = null;
  private settledRest: Float64Array | null = null;
  /** Residuals that weigh the curvature of f. */
  private curving: Float64Array;
  /** Largest change of an argument since the anchor at the last evaluation. */
  private reach = Infinity;

  constructor(private readonly fit: TwoLayerFit) {
    const { width: m, count: n, offsets } = fit;
    this.parameterCount = offsets.parameterCount;
    this.parameters = new Float64Array(this.parameterCount);
    this.hidden = new Float64Array(m * n);
    this.first = new Float64Array(m * n);
    this.second = new Float64Array(m * n);
    this.terms = new Float64Array(m * n);
    this.trained = new Float64Array(m * n);
    this.trainedSlopes = new Float64Array(m * n);
    this.trainedRest = new Float64Array(n);
    this.rest = new Float64Array(n);
    this.curving = this.rest;
    this.zeros = new Float64Array(n);
    this.tangents = new Float64Array(n);
  }

  lossAndGradient(parameters: Float64Array, gradient: Float64Array): number {
    const loss = this.loss(parameters);
    this.terms.fill(0);
    gradient.fill(0, 0, this.fit.width);
    this.collect(parameters, this.trained, this.trainedSlopes, this.trainedRest, gradient);
    return loss;
  }

  loss(parameters: Float64Array): number {
    const { count: n } = this.fit;
    this.reach = Infinity;
    if (this.anchor) this.forwardFromAnchor(parameters);
    // Written so that NaN goes the plain way, too.
    if (!(this.reach <= 1)) this.forward(parameters);
    return rowProduct(this.trainedRest, 0, this.trainedRest, 0, n) / n;
  }

  settle(parameters: Float64Array): void {
    this.settledRest = this.trainedRest.slice();
    const { slopeFromValue } = this.fit.activation;
    if (this.reach <= LARGEST_REACH || (slopeFromValue !== 'tanh' && slopeFromValue !== 'sigmoid')) return;
    this.takeAnchor(parameters);
  }

  save(): SavedEvaluations {
    const { anchor, settledRest } = this;
    if (!settledRest) throw new Error('nothing has been settled yet');
    return { ...(anchor ? { anchor: anchor.parameters.slice() } : {}), settled: settledRest.slice() };
  }

  goOn(saved: SavedFields): void {
    const settled = saved.vector('settled', this.fit.count);
    if (saved.any('anchor') !== undefined) this.takeAnchor(saved.vector('anchor', this.parameterCount));
    this.settledRest = settled.slice();
  }

  iterationGradient(parameters: Float64Array, increment: Float64Array, gradient: Float64Array): void {
    const { width: m, count: n, offsets } = this.fit;
    const { hidden, first, trained, trainedSlopes, trainedRest: rest, terms } = this;
    const expected = new Float64Array(n).fill(offsets.outputBias >= 0 ? increment[offsets.outputBias] : 0);
    for (let k = 0; k < m; k++) {
      this.arguments(increment, k, terms);
      for (let s = 0, at = k * n; s < n; s++, at++)
        expected[s] = expected[s] + increment[k] * hidden[at] + this.parameters[k] * first[at] * terms[at];
    }
    for (let s = 0; s < n; s++) expected[s] = rest[s] + expected[s];
    this.loss(parameters);
    const mismatches = rest.map((r, s) => r - expected[s]);
    for (let k = 0; k < m; k++) {
      const at = k * n;
      gradient[k] = rowProduct(mismatches, 0, hidden, at, n);
      for (let s = 0; s < n; s++) terms[at + s] = mismatches[s] * (this.parameters[k] * first[at + s]);
    }
    this.collect(parameters, trained, trainedSlopes, expected, gradient);
    if (offsets.outputBias >= 0) gradient[offsets.outputBias] = (2 / n) * (rowSum(expected, 0, n) + rowSum(mismatches, 0, n));
  }

  moveTo(parameters: Float64Array, settled = false): number {
    const { width: m, count: n, activation, offsets, targets } = this.fit;
    const { hidden, first, second, rest } = this;
    this.parameters.set(parameters);
    this.curving = (settled && this.settledRest) || rest;
    const start = offsets.outputBias >= 0 ? parameters[offsets.outputBias] : 0;
    for (let s = 0; s < n; s++) rest[s] = start - targets[s];
    for (let k = 0; k < m; k++) {
      this.arguments(parameters, k, this.terms);
      for (let s = 0, at = k * n; s < n; s++, at++) {
        const z = this.terms[at];
        hidden[at] = activation.value(z);
        first[at] = activation.first(z);
        second[at] = activation.second(z);
        rest[s] += parameters[k] * hidden[at];
      }
    }
    return rowProduct(rest, 0, rest, 0, n) / n;
  }

  gradient(out: Float64Array): void {
    this.terms.fill(0);
    out.fill(0, 0, this.fit.width);
    this.collect(this.parameters, this.hidden, this.first, this.rest, out);
  }

  residuals(out: Float64Array): void {
    out.set(this.rest);
  }

  product(direction: Float64Array, out: Float64Array, curved = true): void {
    const { width: m, count: n, offsets } = this.fit;
    const { parameters, hidden, first, second, tangents, terms } = this;
    const rest = curved ? this.curving : this.zeros;
    tangents.fill(offsets.outputBias >= 0 ? direction[offsets.outputBias] : 0);
    for (let k = 0; k < m; k++) {
      const a = parameters[k];
      const da = direction[k];
      this.arguments(direction, k, terms);
      let even = 0;
      let odd = 0;
      for (let s = 0, at = k * n; s < n; s++, at++) {
        const dz = terms[at];
        const slope = first[at];
        const r = rest[s];
        tangents[s] = tangents[s] + da * hidden[at] + a * slope * dz;
        if (s & 1) odd += r * slope * dz;
        else even += r * slope * dz;
        terms[at] = r * (da * slope + a * second[at] * dz);
      }
      out[k] = even + odd;
    }
    this.collect(parameters, hidden, first, tangents, out);
  }

  hessian(out: Float64Array): void {
    const { width: m, dimension: d, count: n, features, offsets } = this.fit;
    const { parameterCount: P, parameters, first, second, curving: rest } = this;
    const jacobian = this.transposedJacobian();
    for (let i = 0; i < P; i++) for (let j = 0; j <= i; j++) out[i * P + j] = rowProduct(jacobian, i * n, jacobian, j * n, n);
    const add = (i: number, j: number, value: number): void => {
      out[i > j ? i * P + j : j * P + i] += value;
    };
    const slopes = new Float64Array(n);
    const bends = new Float64Array(n);
    const bentInput = new Float64Array(n);
    for (let k = 0; k < m; k++) {
      for (let s = 0; s < n; s++) {
        slopes[s] = rest[s] * first[k * n + s];
        bends[s] = rest[s] * (parameters[k] * second[k * n + s]);
      }
      const w = offsets.inputWeights + k * d;
      const bias = offsets.hiddenBiases + k;
      for (let j = 0; j < d; j++) {
        add(k, w + j, rowProduct(slopes, 0, features, j * n, n));
        for (let s = 0; s < n; s++) bentInput[s] = bends[s] * features[j * n + s];
        for (let l = 0; l <= j; l++) add(w + j, w + l, rowProduct(bentInput, 0, features, l * n, n));
        if (offsets.hiddenBiases >= 0) add(w + j, bias, rowSum(bentInput, 0, n));
      }
      if (offsets.hiddenBiases >= 0) {
        add(k, bias, rowSum(slopes, 0, n));
        add(bias, bias, rowSum(bends, 0, n));
      }
    }
    const scale = 2 / n;
    for (let i = 0; i < P; i++) for (let j = 0; j <= i; j++) out[j * P + i] = out[i * P + j] = scale * out[i * P + j];
  }

  private takeAnchor(parameters: Float64Array): void {
    this.anchor = null;
    this.loss(parameters);
    this.anchor = { parameters: parameters.slice(), hidden: this.trained.slice(), rest: this.trainedRest.slice() };
    this.reach = 0;
  }

  /** Jᵀ, P × n. */
  private transposedJacobian(): Float64Array {
    const { width: m, dimension: d, count: n, features, offsets } = this.fit;
    const { parameterCount: P, parameters, hidden, first } = this;
    const out = new Float64Array(P * n);
    out.set(hidden);
    for (let k = 0; k < m; k++) {
      for (let s = 0; s < n; s++) {
        const slope = parameters[k] * first[k * n + s];
        for (let j = 0; j < d; j++) out[(offsets.inputWeights + k * d + j) * n + s] = slope * features[j * n + s];
        if (offsets.hiddenBiases >= 0) out[(offsets.hiddenBiases + k) * n + s] = slope;
      }
    }
    if (offsets.outputBias >= 0) out.fill(1, offsets.outputBias * n, (offsets.outputBias + 1) * n);
    return out;
  }

  /**
   * out = (2/n)(Jᵀ·weights + what stands in `terms` for the arguments and in `out` for the output weights), at a point with σ and σ′ in
   * `values` and `slopes`.
   */
  private collect(
    point: Float64Array,
    values: Float64Array,
    slopes: Float64Array,
    weights: Float64Array,
    out: Float64Array,
  ): void {
    const { width: m, dimension: d, count: n, features, offsets } = this.fit;
    const { terms } = this;
    const scale = 2 / n;
    for (let k = 0; k < m; k++) {
      const a = point[k];
      const at = k * n;
      for (let s = 0; s < n; s++) terms[at + s] = weights[s] * (a * slopes[at + s]) + terms[at + s];
      out[k] = scale * (rowProduct(weights, 0, values, at, n) + out[k]);
      if (offsets.hiddenBiases >= 0) out[offsets.hiddenBiases + k] = scale * rowSum(terms, at, n);
      const w = offsets.inputWeights + k * d;
      projectRow(out, w, terms, at, n, features, 0, d, false);
      for (let j = w; j < w + d; j++) out[j] *= scale;
    }
    if (offsets.outputBias >= 0) out[offsets.outputBias] = scale * rowSum(weights, 0, n);
  }

  /** out[k·n + s] = w_k·x_s + b_k, of the parameters or of a direction in parameter space. */
  private arguments(vector: Float64Array, k: number, out: Float64Array): void {
    const { dimension: d, count: n, features, offsets } = this.fit;
    const bias = offsets.hiddenBiases >= 0 ? vector[offsets.hiddenBiases + k] : 0;
    combineRows(out, k * n, n, bias, vector, offsets.inputWeights + k * d, 1, features, 0, d);
  }

  /** σ, σ′ and residuals at any point, with the fast functions of training. */
  private forward(parameters: Float64Array): void {
    const { width: m, count: n, activation, offsets, targets } = this.fit;
    const { trained, trainedSlopes, trainedRest: rest } = this;
    const start = offsets.outputBias >= 0 ? parameters[offsets.outputBias] : 0;
    for (let s = 0; s < n; s++) rest[s] = start - targets[s];
    for (let k = 0; k < m; k++) {
      this.arguments(parameters, k, trained);
      activation.train(trained, trainedSlopes, k * n, n);
      this.slopesFromValues(k);
      for (let s = 0, at = k * n; s < n; s++, at++) rest[s] += parameters[k] * trained[at];
    }
  }

  /** The same by what has changed since the anchor. */
  private forwardFromAnchor(parameters: Float64Array): void {
    const { width: m, count: n, activation, offsets } = this.fit;
    const { trained, trainedRest: rest, terms } = this;
    const anchor = this.anchor!;
    const displacement = parameters.map((value, i) => value - anchor.parameters[i]);
    const start = offsets.outputBias >= 0 ? displacement[offsets.outputBias] : 0;
    for (let s = 0; s < n; s++) rest[s] = anchor.rest[s] + start;
    this.reach = 0;
    for (let k = 0; k < m; k++) {
      this.arguments(displacement, k, terms);
      for (let s = 0, at = k * n; s < n; s++, at++) {
        const h = anchor.hidden[at];
        const delta = terms[at];
        const change = activation.slopeFromValue === 'tanh' ? changeOfTanh(h, delta) : 0.5 * changeOfTanh(h + h - 1, 0.5 * delta);
        this.reach = Math.max(this.reach, Math.abs(delta));
        trained[at] = h + change;
        rest[s] = rest[s] + displacement[k] * trained[at] + anchor.parameters[k] * change;
      }
      this.slopesFromValues(k);
    }
  }

  private slopesFromValues(k: number): void {
    const { count: n, activation } = this.fit;
    const { trained, trainedSlopes } = this;
    for (let at = k * n; at < (k + 1) * n; at++) {
      const h = trained[at];
      if (activation.slopeFromValue === 'tanh') trainedSlopes[at] = 1 - h * h;
      else if (activation.slopeFromValue === 'sigmoid') trainedSlopes[at] = h - h * h;
      else if (activation.slopeFromValue === 'exp') trainedSlopes[at] = h;
    }
  }
}

/** tanh(z + δ) − tanh(z) for h = tanh(z), to the relative accuracy of δ. */
function changeOfTanh(h: number, delta: number): number {
  const t = tanhFast(delta);
  return (t * (1 - h * h)) / (1 + h * t);
}
