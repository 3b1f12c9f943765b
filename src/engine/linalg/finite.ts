import { NumericalError } from '../numbers/numericalError';
import { largestMagnitude, type Matrix } from './matrix';

/**
 * The largest magnitude in a matrix.
 *
 * @param name what the matrix is, for people
 * @throws NumericalError with the place (counted from 1) of the first entry that is NaN or infinite
 */
export function requireFinite(a: Matrix, name: string): number {
  if (a.values.length !== a.rows * a.columns) {
    throw new RangeError(`The ${name} is said to be ${a.rows}×${a.columns} but has ${a.values.length} entries.`);
  }
  const largest = largestMagnitude(a.values);
  if (largest < Infinity) return largest;
  const index = a.values.findIndex((x) => !Number.isFinite(x));
  const row = Math.floor(index / a.columns) + 1;
  const column = (index % a.columns) + 1;
  throw new NumericalError(`Entry (${row}, ${column}) of the ${name} is ${a.values[index]!}.`);
}
