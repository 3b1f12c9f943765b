import { createMatrix } from '../linalg/matrix';
import { symmetricEigen } from '../linalg/symmetricEigen';
import { activationFunction } from '../models/activation';
import { layersOf, parametersOfLayers, type FullyConnected, type LayerWeights } from './layers';
import { norm, type SquaredLoss } from './squaredLoss';

/** The move along the certificate: input weights by η, then the output weights by ∓. */
export interface SaddleStep {
  eta: number;
  /** ∂R/∂a_o after the input weights have moved. */
  derivatives: number[];
  /** The output weights that lower the loss most: −∂R/∂a_o / (2Σσ²). */
  outputWeights: number[];
  /** −Σ_o (∂R/∂a_o)² / (4Σσ²). */
  predicted: number;
  /** Measured change of the loss at these output weights, and at the opposite ones. */
  down: number;
  up: number;
}

/** That a critical point is a saddle: a hidden neuron without output weights, whose input weights move at constant loss. */
export interface SaddleCertificate {
  /** From 1, in the last hidden layer. */
  neuron: number;
  /** Of length 1, in the neuron's input weights and, where there is one, its bias. */
  direction: number[];
  steps: SaddleStep[];
}

const ETAS = [0.1, 0.01];

/**
 * The certificate of "Geometry of critical sets and existence of saddle branches" (arXiv 2405.17501): where a neuron has output weights
 * 0, its input weights may leave the set {Σ_i e_i σ(w·h_i) = 0} at constant loss; then ∂R/∂a ≠ 0, and a small output weight lowers the
 * loss on one side. Null where no neuron without output weights gives one.
 */
export function saddleCertificate(model: FullyConnected, loss: SquaredLoss, parameters: Float64Array): SaddleCertificate | null {
  const layers = layersOf(model, parameters);
  const outgoing = layers[layers.length - 1].weights;
  const value = loss.value(parameters);
  for (let j = 0; j < outgoing[0].length; j++) {
    if (outgoing.some((row) => row[j] !== 0)) continue;
    const direction = steepestDirection(model, layers, j, loss, parameters);
    if (!direction) continue;
    const steps = ETAS.map((eta) => measureStep(model, loss, parameters, j, direction, eta));
    if (steps[0].down < -1e-13 * value) return { neuron: j + 1, direction, steps };
  }
  return null;
}

/** The loss along the output weights of a certificate's neuron, at its place (η = 0) and after its first step. */
export function alongCertificate(
  model: FullyConnected,
  loss: SquaredLoss,
  parameters: Float64Array,
  { neuron, direction, steps: [{ eta, outputWeights }] }: SaddleCertificate,
): { factors: number[]; before: number[]; after: number[] } {
  const factors = Array.from({ length: 41 }, (_, k) => -2 + k / 10);
  const start = loss.value(parameters);
  const change = (distance: number) =>
    factors.map((factor) => {
      const weights = outputWeights.map((weight) => factor * weight);
      return loss.value(moved(model, parameters, neuron - 1, direction, distance, weights)) - start;
    });
  return { factors, before: change(0), after: change(eta) };
}

function measureStep(
  model: FullyConnected,
  loss: SquaredLoss,
  parameters: Float64Array,
  j: number,
  direction: readonly number[],
  eta: number,
): SaddleStep {
  const outputs = layersOf(model, parameters).at(-1)!.weights.length;
  const nothing = new Array<number>(outputs).fill(0);
  const start = loss.value(parameters);
  const place = moved(model, parameters, j, direction, eta, nothing);
  const gradient = layersOf(model, loss.gradient(place)).at(-1)!.weights;
  const derivatives = gradient.map((row) => row[j]);
  const square = activitySquare(model, loss, place, j);
  const outputWeights = derivatives.map((derivative) => -derivative / (2 * square));
  const change = (sign: number) =>
    loss.value(
      moved(
        model,
        parameters,
        j,
        direction,
        eta,
        outputWeights.map((weight) => sign * weight),
      ),
    ) - start;
  return {
    eta,
    derivatives,
    outputWeights,
    predicted: -derivatives.reduce((sum, derivative) => sum + derivative * derivative, 0) / (4 * square),
    down: change(1),
    up: change(-1),
  };
}

/** Neuron j of the last hidden layer with its input weights moved, and given output weights. */
function moved(
  model: FullyConnected,
  parameters: Float64Array,
  j: number,
  direction: readonly number[],
  eta: number,
  outputWeights: readonly number[],
): Float64Array {
  const layers = layersOf(model, parameters);
  const hidden = layers[layers.length - 2];
  const width = hidden.weights[j].length;
  hidden.weights[j] = hidden.weights[j].map((weight, k) => weight + eta * direction[k]);
  if (hidden.biases) hidden.biases[j] += eta * direction[width];
  layers[layers.length - 1].weights.forEach((row, o) => (row[j] = outputWeights[o]));
  return parametersOfLayers(model, layers);
}

/** Σ_i σ(w_j·h_i + b_j)², the derivative of an output by its weight of neuron j, squared and summed. */
function activitySquare(model: FullyConnected, loss: SquaredLoss, parameters: Float64Array, j: number): number {
  const { rows, columns, values } = loss.jacobian(parameters);
  const marked = layersOf(
    model,
    Float64Array.from({ length: columns }, (_, place) => place),
  );
  const column = marked[marked.length - 1].weights[0][j];
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += values[i * columns + column] * values[i * columns + column];
  return sum;
}

/**
 * The direction in which g_o = Σ_i e_io σ(w·h_i + b) leaves 0 fastest: its gradient, or where that vanishes the eigenvector of its
 * Hessian with the largest |eigenvalue|, of the output with the largest of them. Null where all vanish.
 */
function steepestDirection(
  model: FullyConnected,
  layers: readonly LayerWeights[],
  j: number,
  loss: SquaredLoss,
  parameters: Float64Array,
): number[] | null {
  const { inputs } = loss.data;
  const sigma = activationFunction(model.activation);
  const hidden = layers[layers.length - 2];
  const residuals = loss.residuals(parameters);
  const outputs = residuals.length / inputs.count;
  const size = hidden.weights[j].length + (hidden.biases ? 1 : 0);
  let best: { strength: number; direction: number[] } | null = null;
  for (let o = 0; o < outputs; o++) {
    const gradient = new Float64Array(size);
    const scale = new Float64Array(size);
    const hessian = createMatrix(size, size);
    for (let s = 0; s < inputs.count; s++) {
      let h = Array.from(inputs.values.subarray(s * inputs.dimension, (s + 1) * inputs.dimension));
      for (const { weights, biases } of layers.slice(0, -2))
        h = weights.map((row, i) => sigma.value(row.reduce((z, weight, k) => z + weight * h[k], biases?.[i] ?? 0)));
      const z = hidden.weights[j].reduce((sum, weight, k) => sum + weight * h[k], hidden.biases?.[j] ?? 0);
      const x = hidden.biases ? [...h, 1] : h;
      const e = residuals[s * outputs + o];
      for (let a = 0; a < size; a++) {
        gradient[a] += e * sigma.first(z) * x[a];
        scale[a] += Math.abs(e * sigma.first(z) * x[a]);
        for (let b = 0; b < size; b++) hessian.values[a * size + b] += e * sigma.second(z) * x[a] * x[b];
      }
    }
    const slope = norm(gradient);
    if (slope > 1e-7 * norm(scale)) {
      if (!best || slope > best.strength) best = { strength: slope, direction: Array.from(gradient, (value) => value / slope) };
      continue;
    }
    const { values, vectors } = symmetricEigen(hessian);
    const k = Math.abs(values[0]) > Math.abs(values[size - 1]) ? 0 : size - 1;
    const strength = Math.abs(values[k]);
    if (strength <= 1e-10 * norm(scale) || (best && strength <= best.strength)) continue;
    best = { strength, direction: oriented(Array.from({ length: size }, (_, a) => vectors.values[a * size + k])) };
  }
  return best?.direction ?? null;
}

/** Of the two signs the one whose largest component is positive, without negative zeros. */
function oriented(direction: number[]): number[] {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return direction.map((value) => (largest < 0 ? 0 - value : value));
}
