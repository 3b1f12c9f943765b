import { MOST_AXES, shortened, weightsError, type NamedTensor } from './tensor';

/** An object of names with nested lists of numbers, or one list with all parameters. */
export function readJsonWeights(bytes: Uint8Array): NamedTensor[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw weightsError(`This is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (Array.isArray(value)) return [toTensor('parameters', value)];
  if (typeof value !== 'object' || value === null)
    throw weightsError('A JSON file of weights is an object of names with lists of numbers, or one list of numbers.');
  return Object.entries(value).map(([name, each]) => toTensor(name, each));
}

function toTensor(name: string, value: unknown): NamedTensor {
  const shape: number[] = [];
  for (let first = value; Array.isArray(first); first = first[0] as unknown) {
    shape.push(first.length);
    if (shape.length > MOST_AXES) throw weightsError(`“${shortened(name)}” is a list of lists more than ${MOST_AXES} deep.`);
  }
  const values: number[] = [];
  const collect = (each: unknown, depth: number): void => {
    if (depth === shape.length && typeof each === 'number') values.push(each);
    else if (Array.isArray(each) && each.length === shape[depth]) for (const inner of each) collect(inner, depth + 1);
    else throw weightsError(`“${shortened(name)}” is not a number or a rectangular list of numbers.`);
  };
  collect(value, 0);
  return { name, shape, values: Float64Array.from(values) };
}
