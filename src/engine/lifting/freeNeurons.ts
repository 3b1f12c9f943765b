import { createMatrix, type Matrix } from '../linalg/matrix';
import { symmetricEigen } from '../linalg/symmetricEigen';
import { activationFunction } from '../models/activation';
import type { RandomStream } from '../random/stream';
import { numericalRank } from '../rank/numericalRank';
import { idleCopies, type Lifted, type Lifting } from './embeddings';
import { layersOf, parametersOfLayers, widthsOf, type LayerWeights } from './layers';
import { norm, type DataSet } from './squaredLoss';

/** Gradients of a constraint below this fraction of their scale may be 0. */
const REGULAR = 1e-6;
/** Standard deviation of arbitrary input weights and biases. */
const SCALE = 1;

/**
 * Neurons that the output does not depend on to first order: no path of weights that are not 0 leads from them to an output. Of each
 * hidden layer, true for such a neuron.
 */
export function deadNeurons(layers: readonly LayerWeights[]): boolean[][] {
  const dead: boolean[][] = [];
  for (let l = layers.length - 2; l >= 0; l--) {
    const { weights } = layers[l + 1];
    const next = dead[0];
    dead.unshift(layers[l].weights.map((_, j) => weights.every((row, i) => row[j] === 0 || next?.[i] === true)));
  }
  return dead;
}

/**
 * The degenerate construction that critical embeddings miss: where all neurons of a hidden layer are dead, any further neuron of the
 * layer before it, with arbitrary input weights and no output weights, adds nothing to the tangent space, although it adds a feature.
 * Null where the narrow network has no dead layer, or the layer before it is not wider. The dimension is that of the arbitrary weights.
 */
export function degenerateLift(lifting: Lifting, stream: RandomStream): Lifted | null {
  const { narrow, wide, parameters } = lifting;
  const dead = deadNeurons(layersOf(narrow, parameters));
  const [before, after] = [widthsOf(narrow), widthsOf(wide)];
  const layers = layersOf(wide, idleCopies(lifting, stream));
  let dimension = 0;
  for (let l = 0; l + 1 < dead.length; l++) {
    if (!dead[l + 1].every((each) => each)) continue;
    for (let i = before[l]; i < after[l]; i++) {
      dimension += free(layers, l, i, () => SCALE * stream.normal());
    }
  }
  return dimension === 0 ? null : { parameters: parametersOfLayers(wide, layers), dimension };
}

/** Gives a neuron new input weights and takes away its output weights; how many are new. */
function free(layers: readonly LayerWeights[], l: number, i: number, draw: () => number): number {
  layers[l].weights[i] = layers[l].weights[i].map(draw);
  const { biases } = layers[l];
  if (biases) biases[i] = draw();
  for (const row of layers[l + 1].weights) row[i] = 0;
  return layers[l].weights[i].length + (biases ? 1 : 0);
}

/**
 * The wide network with one free neuron in its last hidden layer: arbitrary input weights, no output weights, so that the function
 * is the same. It is critical exactly where g_o(w, b) = Σ_i e_io σ(w·h(x_i) + b) = 0 for all outputs o, which depends on the data.
 */
export class FreeNeuron {
  /** Place of the neuron in the last hidden layer. */
  readonly place: number;
  private readonly layers: LayerWeights[];
  private readonly hidden: number;

  constructor(
    private readonly lifting: Lifting,
    stream: RandomStream,
  ) {
    this.layers = layersOf(lifting.wide, idleCopies(lifting, stream));
    this.hidden = this.layers.length - 2;
    this.place = this.layers[this.hidden].weights.length - 1;
    free(this.layers, this.hidden, this.place, () => SCALE * stream.normal());
  }

  /** Whether the last hidden layer has room for it. */
  static fits({ narrow, wide }: Lifting): boolean {
    return widthsOf(wide).at(-1)! > widthsOf(narrow).at(-1)!;
  }

  parameters(): Float64Array {
    return parametersOfLayers(this.lifting.wide, this.layers);
  }

  /**
   * Moves the neuron onto g = 0 for residuals e at the data, by Gauss-Newton steps on |g|², which also reach zeros at which g does not
   * change its sign. Null when no start leads to a point that `isNew`. The dimension is that of {g = 0} around the neuron: the fibre of
   * such points over the narrow one, further neurons as they are.
   */
  solve(
    { inputs }: DataSet,
    residuals: Float64Array,
    stream: RandomStream,
    isNew: (parameters: Float64Array) => boolean,
  ): Lifted | null {
    const { layers, hidden, place } = this;
    const features = lastFeatures(layers.slice(0, hidden), this.lifting, inputs);
    const bias = layers[hidden].biases !== null;
    const constraint = new FreeNeuronConstraint(features, inputs.count, residuals, bias, this.lifting);
    for (let attempt = 0; attempt < 20; attempt++) {
      const start = Float64Array.from({ length: constraint.unknowns }, () => SCALE * stream.normal());
      const found = constraint.solve(start);
      if (!found) continue;
      const width = layers[hidden].weights[place].length;
      layers[hidden].weights[place] = Array.from(found.subarray(0, width));
      if (bias) layers[hidden].biases![place] = found[width];
      const parameters = this.parameters();
      if (isNew(parameters)) return { parameters, dimension: constraint.dimension(found) };
    }
    return null;
  }
}

/** Values of the layer before the last hidden one at all inputs, input by input. */
function lastFeatures(
  layers: readonly LayerWeights[],
  { wide }: Lifting,
  { count, dimension, values }: DataSet['inputs'],
): Float64Array {
  const sigma = activationFunction(wide.activation);
  const rows = Array.from({ length: count }, (_, s) => {
    let h = Array.from(values.subarray(s * dimension, (s + 1) * dimension));
    for (const { weights, biases } of layers)
      h = weights.map((row, i) => sigma.value(row.reduce((z, weight, j) => z + weight * h[j], biases?.[i] ?? 0)));
    return h;
  });
  return Float64Array.from(rows.flat());
}

/** g_o(w, b) = Σ_i e_io σ(w·h_i + b), one for each output, with gradient and curvature. */
export class FreeNeuronConstraint {
  readonly unknowns: number;
  private readonly width: number;
  private readonly outputs: number;

  constructor(
    private readonly features: Float64Array,
    private readonly count: number,
    private readonly residuals: Float64Array,
    private readonly bias: boolean,
    private readonly lifting: Lifting,
  ) {
    this.width = features.length / count;
    this.unknowns = this.width + (bias ? 1 : 0);
    this.outputs = residuals.length / count;
  }

  /** From a start; null when |g| does not become rounding. */
  solve(start: Float64Array): Float64Array | null {
    let w = start;
    for (let step = 0; step < 200; step++) {
      const { value, scale, gradients } = this.evaluate(w);
      if (value.every((g, o) => Math.abs(g) <= 4e-16 * scale[o])) return this.touching(w);
      // One constraint after the other: steps −g ∇g/|∇g|², as Kaczmarz did; for one output it is Newton's method along the gradient.
      const next = Float64Array.from(w);
      gradients.forEach((gradient, o) => {
        const square = gradient.reduce((sum, each) => sum + each * each, 0);
        if (square === 0) return;
        for (let j = 0; j < next.length; j++) next[j] -= (value[o] * gradient[j]) / square;
      });
      if (!next.every((each) => Math.abs(each) < 50)) return null;
      if (next.every((each, j) => each === w[j])) break;
      w = next;
    }
    const { value, scale } = this.evaluate(w);
    return value.every((g, o) => Math.abs(g) <= 1e-14 * scale[o]) ? this.touching(w) : null;
  }

  /** Of {g = 0} around a zero w: unknowns − outputs where the gradients of g are independent there, else unknown. */
  dimension(w: Float64Array): number | null {
    const { gradients, slopeScale } = this.evaluate(w);
    if (gradients.some((gradient) => norm(gradient) <= REGULAR * slopeScale)) return null;
    const slopes = createMatrix(this.unknowns, this.outputs);
    gradients.forEach((gradient, o) => gradient.forEach((value, j) => (slopes.values[j * this.outputs + o] = value)));
    const { rank, conclusive } = numericalRank(slopes, { tolerance: REGULAR });
    return conclusive && rank === this.outputs ? this.unknowns - this.outputs : null;
  }

  /**
   * A zero at which g touches 0 is found to half of the digits only, since g is quadratic there; but it is a zero of ∇g, which Newton's
   * method finds to all of them. For one output.
   */
  private touching(w: Float64Array): Float64Array {
    let best = w;
    for (let step = 0; step < 5; step++) {
      const { gradients, slopeScale } = this.evaluate(best);
      const slope = norm(gradients[0]);
      if (this.outputs !== 1 || slope === 0 || slope > 1e-5 * slopeScale) return best;
      const { values, vectors } = symmetricEigen(this.curvature(best));
      const size = values.length;
      const largest = Math.max(Math.abs(values[0]), Math.abs(values[size - 1]));
      const next = Float64Array.from(best);
      for (let k = 0; k < size; k++) {
        if (Math.abs(values[k]) <= 1e-6 * largest) continue;
        let along = 0;
        for (let j = 0; j < size; j++) along += vectors.values[j * size + k] * gradients[0][j];
        for (let j = 0; j < size; j++) next[j] -= (along / values[k]) * vectors.values[j * size + k];
      }
      const after = this.evaluate(next);
      if (!(norm(after.gradients[0]) < slope && Math.abs(after.value[0]) <= 1e-14 * after.scale[0])) return best;
      best = next;
    }
    return best;
  }

  /** Hessian of g of the first output. */
  private curvature(w: Float64Array): Matrix {
    const { features, count, residuals, width, outputs, bias, unknowns } = this;
    const sigma = activationFunction(this.lifting.wide.activation);
    const hessian = createMatrix(unknowns, unknowns);
    for (let s = 0; s < count; s++) {
      const h = [...features.subarray(s * width, (s + 1) * width), ...(bias ? [1] : [])];
      const z = h.reduce((sum, value, j) => sum + value * w[j], 0);
      const weight = residuals[s * outputs] * sigma.second(z);
      for (let i = 0; i < unknowns; i++)
        for (let j = 0; j < unknowns; j++) hessian.values[i * unknowns + j] += weight * h[i] * h[j];
    }
    return hessian;
  }

  private evaluate(w: Float64Array): { value: number[]; scale: number[]; gradients: Float64Array[]; slopeScale: number } {
    const { features, count, residuals, width, outputs, bias } = this;
    const sigma = activationFunction(this.lifting.wide.activation);
    const value = new Array<number>(outputs).fill(0);
    const scale = new Array<number>(outputs).fill(0);
    const gradients = value.map(() => new Float64Array(this.unknowns));
    let slopeScale = 0;
    for (let s = 0; s < count; s++) {
      let z = bias ? w[width] : 0;
      for (let j = 0; j < width; j++) z += w[j] * features[s * width + j];
      const [height, slope] = [sigma.value(z), sigma.first(z)];
      for (let o = 0; o < outputs; o++) {
        const e = residuals[s * outputs + o];
        value[o] += e * height;
        scale[o] += Math.abs(e * height);
        for (let j = 0; j < width; j++) gradients[o][j] += e * slope * features[s * width + j];
        if (bias) gradients[o][width] += e * slope;
        slopeScale += Math.abs(e * slope);
      }
    }
    return { value, scale, gradients, slopeScale };
  }
}
