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

/** `2 × 3`, or `a single number`. */
export function shapeInWords(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.length === 1 ? `${shape[0]} numbers` : shape.join(' × ');
}
