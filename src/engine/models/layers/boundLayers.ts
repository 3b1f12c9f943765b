import type { KernelProblem } from '../../kernels/problem';
import { activationFunction, type ActivationFunction } from '../activation';
import type { BoundModel, Inputs } from '../model';
import type { Block, Layer, LayeredNetwork } from './layered';
import { combineRows, projectRow, rowSum } from './rows';

/** Samples go through the layers in portions of about this many numbers, so that a large test set needs no large workspace. */
const PORTION = 1 << 18;

/** A layered network at fixed inputs. Samples run along the rows of all buffers. */
export class BoundLayers implements BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  /** Values of the network at one input. */
  private readonly outputs: number;
  private readonly activation: ActivationFunction;
  /** Samples in one portion. */
  private readonly portion: number;
  private readonly workspace: Workspace;
  /** The workspace of training holds all samples at once, and the last one twice where their number is odd. */
  private training: Workspace | undefined;

  constructor(
    private readonly network: LayeredNetwork,
    private readonly inputs: Inputs,
  ) {
    const { inputDimension, parameterCount, activation } = network;
    if (inputs.dimension !== inputDimension)
      throw new Error(`The network takes inputs of dimension ${inputDimension}, not ${inputs.dimension}.`);
    const layers = network.layers(1);
    this.outputs = layers[layers.length - 1].height;
    this.sampleCount = inputs.count * this.outputs;
    this.parameterCount = parameterCount;
    this.activation = activationFunction(activation);
    const height = layers.reduce((sum, layer) => sum + layer.height, network.inputHeight);
    this.portion = Math.min(inputs.count, Math.max(16, Math.floor(PORTION / height)));
    this.workspace = new Workspace(network, this.portion);
    this.arrange(0);
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    this.forPortions((from, count) => {
      this.forward(parameters);
      this.unload(this.workspace.result, out, from, count);
    });
  }

  jacobian(parameters: Float64Array, out: Float64Array): void {
    const { workspace, parameterCount: M, outputs } = this;
    const { n, layers, gradients } = workspace;
    this.forPortions((from, count) => {
      this.forward(parameters);
      out.fill(0, from * outputs * M, (from + count) * outputs * M);
      for (let o = 0; o < outputs; o++) {
        gradients[layers.length - 1].fill(0).fill(1, o * n, (o + 1) * n);
        this.backward(parameters);
        this.addJacobianRows(out, from, count, o);
      }
    });
  }

  /** The rows of one output, from the gradients of the last backward pass. */
  private addJacobianRows(out: Float64Array, from: number, portion: number, output: number): void {
    const { parameterCount: M, outputs } = this;
    const { n, layers, values, gradients } = this.workspace;
    for (let l = 0; l < layers.length; l++) {
      const x = values[l];
      const u = gradients[l];
      for (const block of layers[l].blocks) {
        for (let r = 0; r < block.rows; r++) {
          const row = block.output + r * block.outputStep;
          const weights = block.weights + r * block.weightStep;
          const bias = block.biases < 0 ? -1 : block.biases + r * block.biasStep;
          for (let c = 0; c < block.columns; c++) {
            const s = c % n;
            if (s >= portion) continue;
            const at = ((from + s) * outputs + output) * M;
            const slope = u[row + c];
            for (let q = 0; q < block.inner; q++) out[at + weights + q] += slope * x[block.input + q * block.columns + c];
            if (bias >= 0) out[at + bias] += slope;
          }
        }
      }
    }
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    const { layers, gradients, values } = this.workspace;
    out.fill(0, 0, this.parameterCount);
    this.forPortions((from, count) => {
      this.forward(parameters);
      this.loadWeights(weights, from, count);
      this.backward(parameters);
      for (let l = 0; l < layers.length; l++) addProjections(out, layers[l], gradients[l], values[l], true);
    });
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    this.forPortions((from, count) => {
      this.forward(parameters);
      this.forwardTangents(parameters, direction);
      this.unload(this.workspace.resultTangents, out, from, count);
    });
  }

  /**
   * Pearlmutter's product (Neural Computation 6, 1994): the derivative of the backward pass along the direction. With U the
   * gradient by the arguments of a layer, X its input and dots for derivatives along the direction, it adds U̇Xᵀ + UẊᵀ.
   */
  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { layers, gradients, values, tangents, gradientTangents } = this.workspace.withTangents();
    out.fill(0, 0, this.parameterCount);
    this.forPortions((from, count) => {
      this.forward(parameters);
      this.forwardTangents(parameters, direction);
      this.loadWeights(weights, from, count);
      this.backwardTangents(parameters, direction);
      for (let l = 0; l < layers.length; l++) {
        addProjections(out, layers[l], gradientTangents[l], values[l], true);
        // The input of the first layer does not depend on the parameters.
        if (l > 0) addProjections(out, layers[l], gradients[l], tangents[l], false);
      }
    });
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { activation, outputs: D } = this;
    const n = this.inputs.count;
    this.training ??= this.trainingWorkspace();
    const { layers, values, slopes, gradients } = this.training;
    const last = layers.length - 1;
    for (let l = 0; l <= last; l++) {
      applyLayer(layers[l], parameters, values[l], values[l + 1]);
      if (l < last) activation.train(values[l + 1], slopes[l], 0, values[l + 1].length);
    }

    const residuals = gradients[last];
    const results = values[last + 1];
    const row = residuals.length / D;
    const scale = 2 / (n * D);
    let even = 0;
    let odd = 0;
    for (let o = 0; o < D; o++) {
      for (let s = 0; s < n; s++) {
        const r = results[o * row + s] - targets[s * D + o];
        if (s & 1) odd += r * r;
        else even += r * r;
        residuals[o * row + s] = scale * r;
      }
      if (n & 1) residuals[o * row + n] = 0;
    }

    for (let l = last; l >= 0; l--) {
      project(gradient, layers[l], gradients[l], values[l]);
      if (l === 0) break;
      pullBack(layers[l], parameters, gradients[l], gradients[l - 1]);
      multiplyBySlope(activation.slopeFromValue, gradients[l - 1], values[l], slopes[l - 1]);
    }
    return (even + odd) / (n * D);
  }

  kernelProblem(): KernelProblem {
    return { family: 'layers', network: this.network, inputs: this.inputs };
  }

  private forPortions(visit: (from: number, count: number) => void): void {
    const { count } = this.inputs;
    for (let from = 0; from < count; from += this.portion) {
      if (this.portion < count) this.arrange(from);
      visit(from, Math.min(this.portion, count - from));
    }
  }

  private arrange(from: number): void {
    if (this.inputs.count > 0) this.network.arrange(this.inputs, from, this.portion, this.workspace.values[0]);
  }

  /** An even number of samples, as in the kernels: where a row holds several positions, each begins in the first half of a sum. */
  private trainingWorkspace(): Workspace {
    const n = this.inputs.count + (this.inputs.count & 1);
    if (this.portion === n) return this.workspace;
    const workspace = new Workspace(this.network, n);
    this.network.arrange(this.inputs, 0, n, workspace.values[0]);
    return workspace;
  }

  /** Arguments z, values σ(z) and slopes σ′(z) of all layers. */
  private forward(parameters: Float64Array): void {
    const { activation } = this;
    const { layers, values, slopes, sums } = this.workspace;
    const last = layers.length - 1;
    for (let l = 0; l < last; l++) {
      const z = sums[l];
      const h = values[l + 1];
      const slope = slopes[l];
      applyLayer(layers[l], parameters, values[l], z);
      for (let i = 0; i < z.length; i++) {
        h[i] = activation.value(z[i]);
        slope[i] = activation.first(z[i]);
      }
    }
    applyLayer(layers[last], parameters, values[last], values[last + 1]);
  }

  /** From ∂/∂f in the gradients of the last layer to ∂/∂z in those of all layers. */
  private backward(parameters: Float64Array): void {
    const { layers, slopes, gradients } = this.workspace;
    for (let l = layers.length - 1; l > 0; l--) {
      const u = gradients[l - 1];
      pullBack(layers[l], parameters, gradients[l], u);
      for (let i = 0; i < u.length; i++) u[i] *= slopes[l - 1][i];
    }
  }

  private forwardTangents(parameters: Float64Array, direction: Float64Array): void {
    const { layers, values, slopes, tangents, sumTangents, scratch } = this.workspace.withTangents();
    const last = layers.length - 1;
    for (let l = 0; l <= last; l++) {
      const dz = l < last ? sumTangents[l] : tangents[last + 1];
      applyLayer(layers[l], direction, values[l], dz);
      if (l > 0) {
        const other = scratch[l];
        applyLayer(layers[l], parameters, tangents[l], other, false);
        for (let i = 0; i < dz.length; i++) dz[i] += other[i];
      }
      if (l < last) for (let i = 0; i < dz.length; i++) tangents[l + 1][i] = slopes[l][i] * dz[i];
    }
  }

  private backwardTangents(parameters: Float64Array, direction: Float64Array): void {
    const { layers, sums, slopes, sumTangents, gradients, gradientTangents, scratch } = this.workspace.withTangents();
    const last = layers.length - 1;
    gradientTangents[last].fill(0);
    for (let l = last; l > 0; l--) {
      const u = gradients[l - 1];
      const du = gradientTangents[l - 1];
      const other = scratch[l - 1];
      pullBack(layers[l], parameters, gradients[l], u);
      pullBack(layers[l], parameters, gradientTangents[l], du);
      pullBack(layers[l], direction, gradients[l], other);
      const z = sums[l - 1];
      const dz = sumTangents[l - 1];
      const slope = slopes[l - 1];
      for (let i = 0; i < u.length; i++) {
        du[i] = (du[i] + other[i]) * slope[i] + u[i] * this.activation.second(z[i]) * dz[i];
        u[i] *= slope[i];
      }
    }
  }

  private loadWeights(weights: Float64Array, from: number, count: number): void {
    const { outputs } = this;
    const { n, layers, gradients } = this.workspace;
    const seeds = gradients[layers.length - 1].fill(0);
    for (let o = 0; o < outputs; o++) for (let s = 0; s < count; s++) seeds[o * n + s] = weights[(from + s) * outputs + o];
  }

  /** From rows of n numbers, one for each output, to the outputs of one input after the other. */
  private unload(rows: Float64Array, out: Float64Array, from: number, count: number): void {
    const { outputs } = this;
    const { n } = this.workspace;
    for (let o = 0; o < outputs; o++) for (let s = 0; s < count; s++) out[(from + s) * outputs + o] = rows[o * n + s];
  }
}

/** Buffers for n samples. `values[l]` is the input of layer l, `gradients[l]` belongs to its arguments z. */
class Workspace {
  readonly layers: readonly Layer[];
  readonly values: readonly Float64Array[];
  readonly sums: readonly Float64Array[];
  readonly slopes: readonly Float64Array[];
  readonly gradients: readonly Float64Array[];
  tangents: readonly Float64Array[] = [];
  sumTangents: readonly Float64Array[] = [];
  gradientTangents: readonly Float64Array[] = [];
  scratch: readonly Float64Array[] = [];

  constructor(
    network: LayeredNetwork,
    readonly n: number,
  ) {
    this.layers = network.layers(n);
    const outputs = () => this.layers.map(({ height }) => new Float64Array(height * n));
    this.values = [new Float64Array(network.inputHeight * n), ...outputs()];
    this.sums = outputs().slice(0, -1);
    this.slopes = outputs().slice(0, -1);
    this.gradients = outputs();
  }

  get result(): Float64Array {
    return this.values[this.layers.length];
  }

  get resultTangents(): Float64Array {
    return this.tangents[this.layers.length];
  }

  /** With the buffers of derivatives along a direction, which training never needs. */
  withTangents(): this {
    if (this.tangents.length > 0) return this;
    const outputs = () => this.layers.map(({ height }) => new Float64Array(height * this.n));
    this.tangents = [new Float64Array(0), ...outputs()];
    this.sumTangents = outputs().slice(0, -1);
    this.gradientTangents = outputs();
    this.scratch = outputs();
    return this;
  }
}

/** z = W·x + b. */
function applyLayer(layer: Layer, parameters: Float64Array, x: Float64Array, out: Float64Array, withBiases = true): void {
  for (const { rows, inner, columns, weights, weightStep, biases, biasStep, input, output, outputStep } of layer.blocks) {
    for (let r = 0; r < rows; r++) {
      const bias = biases < 0 || !withBiases ? 0 : parameters[biases + r * biasStep];
      combineRows(out, output + r * outputStep, columns, bias, parameters, weights + r * weightStep, 1, x, input, inner);
    }
  }
}

/** Wᵀ·u, for a layer of one block. */
function pullBack({ blocks: [block] }: Layer, parameters: Float64Array, u: Float64Array, out: Float64Array): void {
  const { rows, inner, columns, weights, weightStep } = block;
  for (let q = 0; q < inner; q++) combineRows(out, q * columns, columns, 0, parameters, weights + q, weightStep, u, 0, rows);
}

/** Gradient by the weights and biases of a layer: u·xᵀ and the sums of u. */
function project(out: Float64Array, layer: Layer, u: Float64Array, x: Float64Array): void {
  for (const block of layer.blocks) projectBlock(out, block, u, x, false, true);
}

function addProjections(out: Float64Array, layer: Layer, u: Float64Array, x: Float64Array, withBiases: boolean): void {
  for (const block of layer.blocks) projectBlock(out, block, u, x, true, withBiases);
}

function projectBlock(
  out: Float64Array,
  block: Block,
  u: Float64Array,
  x: Float64Array,
  add: boolean,
  withBiases: boolean,
): void {
  const { rows, inner, columns, weights, weightStep, biases, biasStep, input, output, outputStep } = block;
  for (let r = 0; r < rows; r++) {
    const row = output + r * outputStep;
    projectRow(out, weights + r * weightStep, u, row, columns, x, input, inner, add);
    if (biases < 0 || !withBiases) continue;
    const sum = rowSum(u, row, columns);
    if (add) out[biases + r * biasStep] += sum;
    else out[biases + r * biasStep] = sum;
  }
}

function multiplyBySlope(
  kind: ActivationFunction['slopeFromValue'],
  u: Float64Array,
  values: Float64Array,
  slopes: Float64Array,
): void {
  for (let i = 0; i < u.length; i++) {
    const g = u[i];
    const gh = g * values[i];
    if (kind === 'tanh') u[i] = g - gh * values[i];
    else if (kind === 'sigmoid') u[i] = gh - gh * values[i];
    else if (kind === 'exp') u[i] = gh;
    else u[i] = g * slopes[i];
  }
}
