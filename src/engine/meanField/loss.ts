import { exp, log } from '../numbers/elementary';

/** Inputs and targets, row by row. For classes a target row has a 1 at the class and 0 else. */
export interface NetData {
  inputs: Float64Array;
  targets: Float64Array;
  count: number;
}

/** Mean squared error, or cross-entropy of softmax outputs, per sample. */
export type LossKind = 'squaredError' | 'crossEntropy';

/**
 * Mean loss over the rows of `outputs`; with `residuals` also its gradient by the outputs.
 *
 * @param chosen rows of the targets that belong to the outputs, else the first ones
 */
export function lossOf(
  kind: LossKind,
  outputs: Float64Array,
  count: number,
  width: number,
  targets: Float64Array,
  chosen?: Int32Array,
  residuals?: Float64Array,
): number {
  let sum = 0;
  for (let s = 0; s < count; s++) {
    const at = s * width;
    const target = (chosen ? chosen[s] : s) * width;
    if (kind === 'squaredError') {
      for (let o = 0; o < width; o++) {
        const difference = outputs[at + o] - targets[target + o];
        sum += difference * difference;
        if (residuals) residuals[at + o] = (2 * difference) / count;
      }
      continue;
    }
    let most = -Infinity;
    for (let o = 0; o < width; o++) most = Math.max(most, outputs[at + o]);
    let total = 0;
    for (let o = 0; o < width; o++) total += exp(outputs[at + o] - most);
    const logTotal = most + log(total);
    for (let o = 0; o < width; o++) {
      if (targets[target + o] > 0) sum += targets[target + o] * (logTotal - outputs[at + o]);
      if (residuals) residuals[at + o] = (exp(outputs[at + o] - logTotal) - targets[target + o]) / count;
    }
  }
  return sum / count;
}

/** Part of the rows whose largest output is not at the class. */
export function errorRate(outputs: Float64Array, count: number, width: number, targets: Float64Array): number {
  let wrong = 0;
  for (let s = 0; s < count; s++) {
    let best = 0;
    for (let o = 1; o < width; o++) if (outputs[s * width + o] > outputs[s * width + best]) best = o;
    if (targets[s * width + best] !== 1) wrong++;
  }
  return wrong / count;
}
