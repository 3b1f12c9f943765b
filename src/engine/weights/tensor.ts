import { EngineError, EXIT } from '../errors';

/** An array of a weights file. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float64Array;
}

/** A weights file that cannot be used, in words for the person who wrote it. */
export function weightsError(message: string): EngineError {
  return new EngineError('invalid-weights', message, EXIT.invalid);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Largest number of axes of an array: as many as NumPy has. */
export const MOST_AXES = 64;

/** Most numbers in all arrays of a file: a model has a million parameters at the most. They are held as float64. */
export const MOST_NUMBERS = 1 << 24;

/**
 * How many numbers an array of this shape and those `before` it hold, which nothing has been allocated for yet.
 *
 * @throws EngineError for a shape that no array of weights has, and for more numbers than are read.
 */
export function countNumbers(name: string, shape: readonly number[], before = 0): number {
  if (shape.length > MOST_AXES)
    throw weightsError(`The array “${shortened(name)}” has ${shape.length} axes. The most is ${MOST_AXES}.`);
  const total = before + sizeOf(shape);
  if (!shape.every(Number.isSafeInteger) || !(total <= MOST_NUMBERS))
    throw weightsError(`The file says that it holds more than ${MOST_NUMBERS} numbers, the most that are read.`);
  return total;
}

/** A name from a file, as far as a message can bear it. */
export function shortened(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

/** `2 × 3`, or `a single number`. */
export function shapeInWords(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.length === 1 ? `${shape[0]} numbers` : shape.join(' × ');
}
