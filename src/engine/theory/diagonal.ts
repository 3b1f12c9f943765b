import { parseExpression } from '../../experiment/expression';
import { inputNamesOf } from '../../experiment/inputNames';
import type { DiagonalConfig, TargetConfig } from '../../experiment/schema';
import { compileExpression } from '../models/expression/compile';
import { BoundExpression } from '../models/formula';
import { pow } from '../numbers/elementary';
import { randomStream } from '../random/stream';

/** Exact rank at any point: inputs of which at most one factor is 0 ("Linear stability hypothesis", arXiv 2211.11623, for depth 2). */
export function diagonalPointRank({ inputs, depth }: DiagonalConfig, parameters: Float64Array): number {
  let rank = 0;
  for (let j = 0; j < inputs; j++) {
    let zeros = 0;
    for (let l = 0; l < depth; l++) if (parameters[l * inputs + j] === 0) zeros += 1;
    if (zeros <= 1) rank += 1;
  }
  return rank;
}

/** The coefficients of a linear target; null when a formula is not linear in the inputs. */
export function linearCoefficients(model: DiagonalConfig, target: TargetConfig): readonly number[] | null {
  if (target.kind === 'vector') return target.values;
  if (target.kind !== 'formula') return null;
  const d = model.inputs;
  const names = inputNamesOf(model);
  const tape = compileExpression(parseExpression(target.expression, names.keys()), [], names);
  const probes = 8;
  // The origin, the unit vectors, and points that tell whether these are all.
  const count = 1 + d + probes;
  const values = new Float64Array(count * d);
  for (let j = 0; j < d; j++) values[(1 + j) * d + j] = 1;
  const stream = randomStream(1, 'probes', 'linear');
  for (let i = (1 + d) * d; i < values.length; i++) values[i] = 3 * stream.normal();
  const outputs = new Float64Array(count);
  new BoundExpression(tape, { count, dimension: d, values }).evaluate(new Float64Array(0), outputs);
  const coefficients = Array.from(outputs.subarray(1, 1 + d));
  if (outputs[0] !== 0 || !coefficients.every(Number.isFinite)) return null;
  for (let i = 1 + d; i < count; i++) {
    let sum = 0;
    let size = 0;
    for (let j = 0; j < d; j++) {
      const term = coefficients[j] * values[i * d + j];
      sum += term;
      size += Math.abs(term);
    }
    if (!(Math.abs(outputs[i] - sum) <= 1e-12 * size)) return null;
  }
  return coefficients;
}

/** Balanced factors |c|^(1/L), the first with the sign of c; all factors of a coefficient 0 are 0, which adds no rank. */
export function diagonalPoint({ inputs, depth }: DiagonalConfig, coefficients: readonly number[]): Float64Array {
  const parameters = new Float64Array(inputs * depth);
  coefficients.forEach((value, j) => {
    if (value === 0) return;
    const root = pow(Math.abs(value), 1 / depth);
    for (let l = 0; l < depth; l++) parameters[l * inputs + j] = l === 0 && value < 0 ? -root : root;
  });
  return parameters;
}

/** The same coefficients with factors of random sizes: neighbours are scaled by c and 1/c. */
export function rescaledFactors({ inputs, depth }: DiagonalConfig, parameters: Float64Array, seed: number): Float64Array {
  const stream = randomStream(seed, 'splitting');
  const rescaled = parameters.slice();
  for (let j = 0; j < inputs; j++) {
    for (let l = 0; l + 1 < depth; l++) {
      const scale = 0.5 + 1.5 * stream.uniform();
      rescaled[l * inputs + j] *= scale;
      rescaled[(l + 1) * inputs + j] /= scale;
    }
  }
  return rescaled;
}
