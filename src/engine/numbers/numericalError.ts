/** A computation that has no answer in float64, said for people: what is wrong, and where. */
export class NumericalError extends Error {
  override readonly name = 'NumericalError';
}
