import type { Inputs } from '../models/model';
import { randomStream } from '../random/stream';

/** x ~ N(0, scale²·I), drawn input by input so that a larger sample extends a smaller one. */
export function normalInputs(
  dimension: number,
  count: number,
  scale: number,
  seed: number,
  ...stream: (string | number)[]
): Inputs {
  const values = new Float64Array(count * dimension);
  const random = randomStream(seed, ...stream);
  for (let i = 0; i < values.length; i++) values[i] = scale * random.normal();
  return { count, dimension, values };
}

/** Uniform in a box, drawn input by input. */
export function uniformInputs(
  box: readonly { low: number; high: number }[],
  count: number,
  seed: number,
  ...stream: (string | number)[]
): Inputs {
  const dimension = box.length;
  const values = new Float64Array(count * dimension);
  const random = randomStream(seed, ...stream);
  for (let i = 0; i < count; i++) {
    for (let axis = 0; axis < dimension; axis++) {
      const { low, high } = box[axis];
      values[i * dimension + axis] = low + (high - low) * random.uniform();
    }
  }
  return { count, dimension, values };
}

/** Equally spaced from low to high, both included; a single point lies in the middle. */
export function gridInputs(low: number, high: number, count: number): Inputs {
  const values = new Float64Array(count);
  if (count === 1) values[0] = (low + high) / 2;
  else for (let i = 0; i < count; i++) values[i] = i === count - 1 ? high : low + ((high - low) * i) / (count - 1);
  return { count, dimension: 1, values };
}

/**
 * The first `count` of explicit points.
 *
 * @throws RangeError when there are fewer.
 */
export function pointInputs(points: readonly (readonly number[])[], dimension: number, count: number): Inputs {
  if (count > points.length)
    throw new RangeError(`a sample of ${count} points was asked for, but the experiment lists only ${points.length}`);
  const values = new Float64Array(count * dimension);
  for (let i = 0; i < count; i++) values.set(points[i], i * dimension);
  return { count, dimension, values };
}
