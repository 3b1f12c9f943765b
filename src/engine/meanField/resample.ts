import type { RandomStream } from '../random/stream';
import type { Densities } from './regularizer';
import type { NetShape } from './shape';

/**
 * The same function with other densities made explicit: row j of a layer holds w = w̃/p of what sends into it. Multiply by p again and
 * the net is the one before (arXiv 1911.07626, change of variables).
 */
export function outgoingOverDensities(shape: NetShape, parameters: Float64Array, densities: Densities): Float64Array {
  const out = Float64Array.from(parameters);
  for (let l = 1; l < shape.layers.length; l++) {
    const { rows, columns, kernel } = shape.layers[l];
    const p = densities[l - 1];
    for (let j = 0; j < rows; j++) {
      for (let k = 0; k < columns; k++) {
        const at = kernel + j * columns + k;
        out[at] = p[k] > 0 ? out[at] / p[k] : 0;
      }
    }
  }
  return out;
}

/** Independent draws as in the paper, or a comb with one random offset, which is as unbiased and scatters less. */
export type Drawing = 'independent' | 'systematic';

/** `count` indices, index k with probability p_k / Σp in each place. */
export function drawByDensity(p: Float64Array, count: number, drawing: Drawing, stream: RandomStream): Int32Array {
  const cumulative = new Float64Array(p.length);
  let total = 0;
  for (let k = 0; k < p.length; k++) {
    total += p[k];
    cumulative[k] = total;
  }
  const offset = drawing === 'systematic' ? stream.uniform() : 0;
  return Int32Array.from({ length: count }, (_, place) => {
    const goal = drawing === 'systematic' ? ((place + offset) / count) * total : stream.uniform() * total;
    let low = 0;
    let high = p.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > goal) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/**
 * Draws the neurons of hidden layer h anew with the densities p, and divides what each sends out by its density: the outputs' expectation
 * is what they were (arXiv 1911.07626, resampling); exactly so for the last hidden layer, to first order below it.
 */
export function resampleLayer(
  shape: NetShape,
  parameters: Float64Array,
  h: number,
  p: Float64Array,
  drawing: Drawing,
  stream: RandomStream,
): Float64Array {
  const out = Float64Array.from(parameters);
  const own = shape.layers[h];
  const above = shape.layers[h + 1];
  const drawn = drawByDensity(p, own.rows, drawing, stream);
  let mean = 0;
  for (const density of p) mean += density / p.length;
  drawn.forEach((from, to) => {
    for (let i = 0; i < own.columns; i++) {
      out[own.kernel + to * own.columns + i] = parameters[own.kernel + from * own.columns + i];
    }
    out[own.biases + to] = parameters[own.biases + from];
    for (let j = 0; j < above.rows; j++) {
      const row = above.kernel + j * above.columns;
      out[row + to] = (parameters[row + from] * mean) / p[from];
    }
  });
  return out;
}
