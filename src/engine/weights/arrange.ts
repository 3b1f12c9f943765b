import type { ParameterBlock } from '../models/model';
import { shapeInWords, shortened, sizeOf, weightsError, type NamedTensor } from './tensor';

/** Most arrays that a message names. */
const MOST_LISTED = 40;

/** What is asked of a file: the blocks of the model, in the order in which a network is written down. */
interface Expected extends ParameterBlock {
  readonly role: 'weights' | 'biases';
}

/**
 * The parameter vector of a model from the arrays of a file. Read in one of three ways, the first that fits:
 *
 * - one list of all parameters, in the order of the model;
 * - an array for each block of the model, with its name (upper and lower case do not matter);
 * - weights and biases in the natural order of their names, as PyTorch's `state_dict` (`0.weight`, `0.bias`, `2.weight`) and Flax
 *   (`Dense_0/kernel`, whose axes are exchanged) have them; biases are what has “bias” in its name, or is called b, b1, ….
 *
 * Axes of length one are ignored. Nothing is guessed: an array that does not fit is an error that names what was expected.
 */
export function arrangeParameters(tensors: readonly NamedTensor[], layout: readonly ParameterBlock[]): Float64Array {
  const count = layout.reduce((sum, block) => sum + sizeOf(block.shape), 0);
  const [only] = tensors;
  const listed = tensors.length === 1 && squeezed(only.shape).length <= 1 && only.values.length === count;
  const out = listed ? only.values.slice() : new Float64Array(count);
  if (!listed) {
    const chosen = byName(tensors, layout) ?? byOrder(tensors, layout);
    layout.forEach((block, i) => out.set(fitted(chosen[i], block), block.offset));
  }
  const bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw weightsError(`Parameter ${bad + 1} in the weights file is ${out[bad]}.`);
  return out;
}

function byName(tensors: readonly NamedTensor[], layout: readonly ParameterBlock[]): NamedTensor[] | null {
  const named = new Map(tensors.map((tensor) => [tensor.name.toLowerCase(), tensor]));
  const chosen = layout.map((block) => named.get(block.name.toLowerCase()));
  return chosen.every((tensor) => tensor !== undefined) ? chosen : null;
}

function byOrder(tensors: readonly NamedTensor[], layout: readonly ParameterBlock[]): NamedTensor[] {
  const expected = inNetworkOrder(layout);
  const ordered = [...tensors].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const chosen = new Map<string, NamedTensor>();
  for (const role of ['weights', 'biases'] as const) {
    const blocks = expected.filter((block) => block.role === role);
    const found = ordered.filter((tensor) => roleOf(tensor.name) === role);
    if (blocks.length !== found.length) throw mismatch(tensors, layout);
    blocks.forEach((block, i) => chosen.set(block.name, found[i]));
  }
  return layout.map((block) => chosen.get(block.name)!);
}

/** Layouts of two-layer nets and convolutions begin with the output weights, files with the first layer. */
function inNetworkOrder(layout: readonly ParameterBlock[]): Expected[] {
  const last = (block: ParameterBlock) => (block.name === 'outputWeights' ? 1 : 0);
  return [...layout]
    .sort((a, b) => last(a) - last(b))
    .map((block) => ({ ...block, role: /bias/i.test(block.name) || /^b\d+$/.test(block.name) ? 'biases' : 'weights' }));
}

function roleOf(name: string): Expected['role'] {
  return /bias/i.test(name) || /(^|[./_])b\d*$/.test(name) ? 'biases' : 'weights';
}

/** The numbers of a tensor in the order of the block. */
function fitted({ name, shape, values }: NamedTensor, block: ParameterBlock): Float64Array {
  const isKernel = /(^|[./])kernel$/.test(name) && shape.length === 2;
  const found = isKernel ? [shape[1], shape[0]] : shape;
  if (squeezed(found).join() !== squeezed(block.shape).join()) {
    const wanted = `“${block.name}” takes ${shapeInWords(block.shape)}`;
    const given = `“${shortened(name)}” is ${shapeInWords(shape)}${isKernel ? ', read with its axes exchanged' : ''}`;
    throw weightsError(`${wanted}, but ${given}.`);
  }
  return isKernel ? transposed(values, shape[0], shape[1]) : values;
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j];
  return out;
}

function squeezed(shape: readonly number[]): number[] {
  return shape.filter((length) => length !== 1);
}

function mismatch(tensors: readonly NamedTensor[], layout: readonly ParameterBlock[]): Error {
  const list = (items: readonly { name: string; shape: readonly number[] }[]) =>
    [
      ...items.slice(0, MOST_LISTED).map(({ name, shape }) => `${shortened(name)} (${shapeInWords(shape)})`),
      ...(items.length > MOST_LISTED ? [`… (${items.length} in all)`] : []),
    ].join(', ');
  return weightsError(
    `The file has ${tensors.length === 0 ? 'no arrays' : list(tensors)}, the model has ${list(layout)}. Give the arrays these names, or one array “parameters” with all of them in this order.`,
  );
}
