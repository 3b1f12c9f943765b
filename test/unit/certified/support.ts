import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import type { FormulaConfig } from '../../../src/experiment/schema';
import type { Ball } from '../../../src/engine/certified/ball';
import type { Interval } from '../../../src/engine/certified/interval';
import type { Inputs } from '../../../src/engine/models/model';
import { randomStream, type RandomStream } from '../../../src/engine/random/stream';

export function inputsFrom(stream: RandomStream, count: number, dimension: number, scale = 1): Inputs {
  const values = new Float64Array(count * dimension);
  stream.fillNormal(values, scale);
  return { count, dimension, values };
}

export function normals(stream: RandomStream, count: number, scale = 1): Float64Array {
  const values = new Float64Array(count);
  stream.fillNormal(values, scale);
  return values;
}

export const streamFor = (seed: number, name: string) => randomStream(seed, 'certified tests', name);

export function twoLayer(width: number, inputs: number, overrides: Partial<ResolvedTwoLayer> = {}): ResolvedTwoLayer {
  return { kind: 'twoLayer', activation: 'tanh', inputs, width, hiddenBias: false, outputBias: false, ...overrides };
}

export function formula(parameters: string[], inputs: string[], expression: string): FormulaConfig {
  return { kind: 'formula', parameters, inputs, expression };
}

/** Whether a ball of p bits contains all of an interval of q ≥ p bits. */
export function contains(ball: Ball, p: number, interval: Interval, q: number): boolean {
  const shift = BigInt(q - p);
  return (ball.middle - ball.radius) << shift <= interval.lower && interval.upper <= (ball.middle + ball.radius) << shift;
}

export function meets(ball: Ball, p: number, interval: Interval, q: number): boolean {
  const shift = BigInt(q - p);
  return (ball.middle - ball.radius) << shift <= interval.upper && interval.lower <= (ball.middle + ball.radius) << shift;
}

/** A decimal as an interval of `bits` fractional bits, one unit of its last digit wide on either side. */
export function decimalInterval(text: string, bits: number): Interval {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/.exec(text);
  if (!match) throw new Error(`${text} is no decimal.`);
  const fraction = match[3] ?? '';
  const coefficient = BigInt(match[2] + fraction) * (match[1] === '-' ? -1n : 1n);
  const exponent = Number(match[4] ?? 0) - fraction.length;
  const at = (n: bigint) =>
    exponent >= 0 ? (n * 10n ** BigInt(exponent)) << BigInt(bits) : (n << BigInt(bits)) / 10n ** BigInt(-exponent);
  return { lower: at(coefficient - 1n) - 1n, upper: at(coefficient + 1n) + 1n };
}
