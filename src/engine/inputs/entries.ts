import type { Inputs } from '../models/model';
import { randomStream } from '../random/stream';

/**
 * Inputs (row, column), counted from 0, for the first `sampleSize` row-major indices of `order`.
 *
 * @throws RangeError when the order has fewer entries.
 */
export function entryInputs(order: readonly number[], columns: number, sampleSize: number): Inputs {
  if (sampleSize > order.length)
    throw new RangeError(`a sample of ${sampleSize} entries was asked for, but the order has only ${order.length}`);
  const values = new Float64Array(2 * sampleSize);
  for (let i = 0; i < sampleSize; i++) {
    const index = order[i];
    values[2 * i] = Math.floor(index / columns);
    values[2 * i + 1] = index % columns;
  }
  return { count: sampleSize, dimension: 2, values };
}

/**
 * First row and first column, then what is left of the second row and column, and so on, as row-major indices: the
 * first r(d1 + d2 − r) entries then determine a generic matrix of rank r.
 */
export function nestedOrder(rows: number, columns: number): number[] {
  const order: number[] = [];
  for (let level = 0; level < Math.min(rows, columns); level++) {
    for (let column = level; column < columns; column++) order.push(level * columns + column);
    for (let row = level + 1; row < rows; row++) order.push(row * columns + level);
  }
  return order;
}

/** A random order of all entries, one for each trial. */
export function randomOrder(rows: number, columns: number, seed: number, trial: number): number[] {
  const order = Array.from({ length: rows * columns }, (_, index) => index);
  const stream = randomStream(seed, 'inputs', trial);
  // Fisher–Yates from the front: the first n places are settled by the first n draws.
  for (let i = 0; i < order.length - 1; i++) {
    const j = i + stream.integer(order.length - i);
    const kept = order[i];
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
