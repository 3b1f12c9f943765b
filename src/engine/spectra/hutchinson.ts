import { randomStream } from '../random/stream';
import { applyChecked, type SymmetricOperator } from './symmetricOperator';
import { dot, fillRademacher } from './vectors';

/** A mean over independent probes. */
export interface StochasticEstimate {
  value: number;
  /** Standard deviation of `value`, from the spread over the probes. */
  standardError: number;
  probes: number;
}

/**
 * The trace as the mean of vᵀA·v over random ±1 vectors v (Hutchinson, Commun. Stat. Simul. 18, 1989); exact for diagonal operators.
 *
 * @param probes at least 2
 */
export function traceEstimate(operator: SymmetricOperator, options: { probes?: number; seed?: number } = {}): StochasticEstimate {
  const probes = options.probes ?? 32;
  const vector = new Float64Array(operator.size);
  const image = new Float64Array(operator.size);
  const samples = new Float64Array(probes);
  for (let p = 0; p < probes; p++) {
    fillRademacher(randomStream(options.seed ?? 0, 'trace', p), vector);
    applyChecked(operator, vector, image);
    samples[p] = dot(vector, image);
  }
  return meanOfProbes(samples);
}

/** Mean of independent samples and its standard error. RangeError for fewer than 2: one sample has no spread. */
export function meanOfProbes(samples: Float64Array): StochasticEstimate {
  const probes = samples.length;
  if (probes < 2) throw new RangeError('A standard error takes at least 2 probes.');
  let sum = 0;
  for (const sample of samples) sum += sample;
  const value = sum / probes;
  let squares = 0;
  for (const sample of samples) squares += (sample - value) * (sample - value);
  return { value, standardError: Math.sqrt(squares / (probes - 1) / probes), probes };
}
