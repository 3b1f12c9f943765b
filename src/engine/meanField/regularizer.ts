import type { NetShape } from './shape';

/**
 * Densities p^{(l)} of the hidden layers, mean 1 each: how many neurons of a kind there are in the continuous net, relative to the net
 * that is kept. Weights go with them as w̃ = w·p: with w̃ fixed, the function does not depend on p.
 */
export type Densities = readonly Float64Array[];

export function uniformDensities(shape: NetShape): Float64Array[] {
  return shape.widths.map((width) => new Float64Array(width).fill(1));
}

/**
 * Mean size of what each unit of the layer below sends into layer l: c_k = (1/n) Σ_j p_j |W̃_jk| over its n receiving units. The
 * importance of unit k is c_k / p_k.
 */
export function outgoingSizes(shape: NetShape, parameters: Float64Array, l: number, receiving?: Float64Array): Float64Array {
  const { rows, columns, kernel } = shape.layers[l];
  const sizes = new Float64Array(columns);
  for (let j = 0; j < rows; j++) {
    const weight = (receiving ? receiving[j] : 1) / rows;
    const row = kernel + j * columns;
    for (let k = 0; k < columns; k++) sizes[k] += weight * Math.abs(parameters[row + k]);
  }
  return sizes;
}

/**
 * The ℓ_{1,2} regulariser of each layer, R_l = Σ_k c_k²/p_k: n times the mean-field R^{(l)} = ∫(∫|w̃| p)²/p of arXiv 1911.07626 is
 * divided by n there and here, so that it stays of order 1 for kernels N(0, 1/n). Jointly convex in the densities and the output weights.
 */
export function regularizerTerms(shape: NetShape, parameters: Float64Array, densities?: Densities): number[] {
  return shape.layers.map((_, l) => {
    const sizes = outgoingSizes(shape, parameters, l, densities?.[l]);
    const own = densities?.[l - 1];
    let sum = 0;
    // 0²/0 is 0: a unit that sends nothing out may have no mass.
    for (let k = 0; k < sizes.length; k++) if (sizes[k] !== 0) sum += (sizes[k] * sizes[k]) / (own ? own[k] : 1);
    return sum;
  });
}

export function weightedSum(terms: readonly number[], decays: readonly number[]): number {
  let sum = 0;
  for (let l = 0; l < terms.length; l++) sum += decays[l] * terms[l];
  return sum;
}

/** gradient += strength · ∇ Σ_l decays[l] R_l at p = 1; where a weight is 0 its subgradient is 0. */
export function addRegularizerGradient(
  shape: NetShape,
  parameters: Float64Array,
  decays: readonly number[],
  strength: number,
  gradient: Float64Array,
): void {
  shape.layers.forEach(({ rows, columns, kernel }, l) => {
    const factor = strength * decays[l];
    if (factor === 0) return;
    const slopes = outgoingSizes(shape, parameters, l);
    for (let k = 0; k < columns; k++) slopes[k] *= (2 * factor) / rows;
    for (let j = 0; j < rows; j++) {
      const row = kernel + j * columns;
      for (let k = 0; k < columns; k++) {
        const weight = parameters[row + k];
        gradient[row + k] += weight > 0 ? slopes[k] : weight < 0 ? -slopes[k] : 0;
      }
    }
  });
}

/** ∂R/∂p_k of hidden layer h (from 0) through what it receives and what it sends, R = Σ decays[l] R_l. */
export function densityGradient(
  shape: NetShape,
  parameters: Float64Array,
  decays: readonly number[],
  densities: Densities,
  h: number,
): { received: Float64Array; sent: Float64Array } {
  const p = densities[h];
  const sent = outgoingSizes(shape, parameters, h + 1, densities[h + 1]);
  for (let k = 0; k < sent.length; k++) sent[k] = sent[k] === 0 ? 0 : (-decays[h + 1] * sent[k] * sent[k]) / (p[k] * p[k]);
  const { rows, columns, kernel } = shape.layers[h];
  const sizes = outgoingSizes(shape, parameters, h, p);
  const below = densities[h - 1];
  const received = new Float64Array(rows);
  for (let i = 0; i < columns; i++) sizes[i] *= (2 * decays[h]) / (rows * (below ? below[i] : 1));
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++)
      if (sizes[i] !== 0) received[j] += sizes[i] * Math.abs(parameters[kernel + j * columns + i]);
  }
  return { received, sent };
}

/**
 * How unevenly hidden layer h (from 0) is populated: standard deviation of ∂R/∂p_k over the neurons, which are as frequent as p says, over
 * the mean of its parts' sizes. 0 at the optimum whatever receiving costs: there (c_k/p_k)² less the cost is the same for all neurons.
 */
export function marginalVariation(
  shape: NetShape,
  parameters: Float64Array,
  decays: readonly number[],
  densities: Densities,
  h: number,
): number {
  const { received, sent } = densityGradient(shape, parameters, decays, densities, h);
  const p = densities[h];
  const m = p.length;
  let mean = 0;
  let size = 0;
  for (let k = 0; k < m; k++) {
    mean += (p[k] * (received[k] + sent[k])) / m;
    size += (p[k] * (received[k] - sent[k])) / m;
  }
  if (!(size > 0)) return 0;
  let square = 0;
  for (let k = 0; k < m; k++) {
    const off = received[k] + sent[k] - mean;
    square += (p[k] * off * off) / m;
  }
  return Math.sqrt(square) / size;
}
