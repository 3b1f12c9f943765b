/**
 * Optimal repopulation of one layer, in closed form: minimises (1/m) Σ u_j²/p_j + (1/m) Σ r_j p_j over densities p with mean 1, by
 * p_j = u_j / √(r_j + ν), with ν from bisection (arXiv 1911.07626, two-level nets). For r = 0 that is p ∝ u, and u/p is constant.
 *
 * Where neurons with u_j = 0 have the least cost, ν cannot pass −r_j, and what is left of the mass stays with one of them.
 *
 * @param u weights that the layer sends out, in size; not negative, not all 0
 * @param r what a neuron costs, λ·r in the paper; not negative
 */
export function closedFormDensity(u: Float64Array, r: Float64Array): Float64Array {
  const m = u.length;
  let least = Infinity;
  let idle = -1;
  let total = 0;
  for (let j = 0; j < m; j++) {
    total += u[j];
    if (u[j] > 0) least = Math.min(least, r[j]);
    else if (idle < 0 || r[j] < r[idle]) idle = j;
  }
  if (!(total > 0)) throw new RangeError('A layer that sends nothing out has no importance to distribute.');
  const p = new Float64Array(m);
  const fill = (nu: number): number => {
    let sum = 0;
    for (let j = 0; j < m; j++) {
      p[j] = u[j] > 0 ? u[j] / Math.sqrt(r[j] + nu) : 0;
      sum += p[j];
    }
    return sum / m;
  };
  const floor = idle >= 0 && r[idle] <= least ? -r[idle] : null;
  if (floor !== null && fill(floor) <= 1) {
    p[idle] += m * (1 - fill(floor));
    return p;
  }
  // From the least ν, where the mean is infinite, to one where it is surely below 1: p_j ≤ u_j / √ν′ with ν = ν′ − least.
  let low = floor ?? -least;
  let high = (total / m) * (total / m) - least;
  while (high > low && fill(high) > 1) high = low + 2 * (high - low);
  for (let i = 0; i < 200; i++) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    if (fill(middle) > 1) low = middle;
    else high = middle;
  }
  // What rounding leaves of the mean.
  const mean = fill(high);
  for (let j = 0; j < m; j++) p[j] /= mean;
  return p;
}

/** The regulariser of the outgoing weights after the best repopulation for r = 0: ((1/m) Σ u_j)². */
export function repopulatedOutgoingTerm(u: Float64Array): number {
  let sum = 0;
  for (const weight of u) sum += weight;
  return (sum / u.length) * (sum / u.length);
}

/** Standard deviation over mean: 0 where all neurons are equally important. */
export function coefficientOfVariation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value;
  mean /= values.length;
  let square = 0;
  for (const value of values) square += (value - mean) * (value - mean);
  return Math.sqrt(square / values.length) / Math.abs(mean);
}
