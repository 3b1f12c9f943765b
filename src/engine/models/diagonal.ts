import type { DiagonalConfig } from '../../experiment/schema';
import type { KernelProblem } from '../kernels/problem';
import { featureMajor } from './features';
import type { BoundModel, Inputs, Model } from './model';
import { combineRows, projectRow } from './layers/rows';

/** f(x) = Σ_j (Π_l a_j^[l]) x_j. Order of the parameters: a^[1] [d], a^[2] [d], …, a^[L] [d]. */
export function diagonal({ inputs: d, depth }: DiagonalConfig): Model {
  return {
    parameterCount: d * depth,
    inputDimension: d,
    layout: Array.from({ length: depth }, (_, l) => ({ name: `a${l + 1}`, offset: l * d, shape: [d] })),
    bind: (inputs) => new BoundDiagonal(d, depth, inputs),
  };
}

/** All is done on the d coefficients; the inputs enter through one product with them. */
class BoundDiagonal implements BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  private readonly features: Float64Array;
  private readonly residuals: Float64Array;
  /** Coefficients, or derivatives by them. */
  private readonly coefficients: Float64Array;
  private readonly projected: Float64Array;
  /** Products of the factors of one input before and after each factor, and derivatives of them along a direction. */
  private readonly before: Float64Array;
  private readonly after: Float64Array;
  private readonly beforeTangents: Float64Array;
  private readonly afterTangents: Float64Array;

  constructor(
    private readonly d: number,
    private readonly depth: number,
    inputs: Inputs,
  ) {
    if (inputs.dimension !== d) throw new Error(`The model takes inputs of dimension ${d}, not ${inputs.dimension}.`);
    this.sampleCount = inputs.count;
    this.parameterCount = d * depth;
    this.features = featureMajor(inputs);
    this.residuals = new Float64Array(inputs.count);
    this.coefficients = new Float64Array(d);
    this.projected = new Float64Array(d);
    this.before = new Float64Array(depth + 1);
    this.after = new Float64Array(depth + 1);
    this.beforeTangents = new Float64Array(depth + 1);
    this.afterTangents = new Float64Array(depth + 1);
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    this.multiplyFactors(parameters);
    combineRows(out, 0, this.sampleCount, 0, this.coefficients, 0, 1, this.features, 0, this.d);
  }

  jacobian(parameters: Float64Array, out: Float64Array): void {
    const { sampleCount: n, d, depth, features, parameterCount: M, before, after } = this;
    for (let j = 0; j < d; j++) {
      this.factorsOf(j, parameters);
      for (let l = 0; l < depth; l++) {
        const others = before[l] * after[l + 1];
        for (let s = 0; s < n; s++) out[s * M + l * d + j] = others * features[j * n + s];
      }
    }
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    projectRow(this.projected, 0, weights, 0, this.sampleCount, this.features, 0, this.d, false);
    this.pullBack(parameters, out);
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    for (let j = 0; j < this.d; j++) {
      this.factorsOf(j, parameters, direction);
      this.coefficients[j] = this.beforeTangents[this.depth];
    }
    combineRows(out, 0, this.sampleCount, 0, this.coefficients, 0, 1, this.features, 0, this.d);
  }

  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { d, depth, before, after, beforeTangents, afterTangents, projected } = this;
    projectRow(projected, 0, weights, 0, this.sampleCount, this.features, 0, d, false);
    for (let j = 0; j < d; j++) {
      this.factorsOf(j, parameters, direction);
      for (let l = 0; l < depth; l++)
        out[l * d + j] = projected[j] * (beforeTangents[l] * after[l + 1] + before[l] * afterTangents[l + 1]);
    }
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { sampleCount: n, residuals } = this;
    this.evaluate(parameters, residuals);
    const scale = 2 / n;
    // Even and odd samples apart, as in the two lanes of the SIMD kernel, which gives the same bits.
    let evenLoss = 0;
    let oddLoss = 0;
    for (let s = 0; s < n; s++) {
      const r = residuals[s] - targets[s];
      if (s & 1) oddLoss += r * r;
      else evenLoss += r * r;
      residuals[s] = scale * r;
    }
    projectRow(this.projected, 0, residuals, 0, n, this.features, 0, this.d, false);
    this.pullBack(parameters, gradient);
    return (evenLoss + oddLoss) / n;
  }

  kernelProblem(): KernelProblem {
    const { d, depth, features, sampleCount } = this;
    return { family: 'diagonal', inputs: d, depth, features, count: sampleCount };
  }

  private multiplyFactors(parameters: Float64Array): void {
    const { d, depth, coefficients } = this;
    for (let j = 0; j < d; j++) {
      let product = 1;
      for (let l = 0; l < depth; l++) product *= parameters[l * d + j];
      coefficients[j] = product;
    }
  }

  /** ∂/∂a_j^[l] is ∂/∂c_j times the product of the other factors, which no division gives where factors are 0. */
  private pullBack(parameters: Float64Array, out: Float64Array): void {
    const { d, depth, before, after, projected } = this;
    for (let j = 0; j < d; j++) {
      this.factorsOf(j, parameters);
      for (let l = 0; l < depth; l++) out[l * d + j] = projected[j] * (before[l] * after[l + 1]);
    }
  }

  private factorsOf(j: number, parameters: Float64Array, direction?: Float64Array): void {
    const { d, depth, before, after, beforeTangents, afterTangents } = this;
    before[0] = 1;
    after[depth] = 1;
    beforeTangents[0] = 0;
    afterTangents[depth] = 0;
    for (let l = 0; l < depth; l++) {
      const factor = parameters[l * d + j];
      before[l + 1] = before[l] * factor;
      if (direction) beforeTangents[l + 1] = beforeTangents[l] * factor + before[l] * direction[l * d + j];
    }
    for (let l = depth - 1; l >= 0; l--) {
      const factor = parameters[l * d + j];
      after[l] = after[l + 1] * factor;
      if (direction) afterTangents[l] = afterTangents[l + 1] * factor + after[l + 1] * direction[l * d + j];
    }
  }
}
