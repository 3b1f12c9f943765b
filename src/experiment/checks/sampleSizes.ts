import type { JsonPath } from '../problem';
import type { SampleSizesConfig } from '../schema';
import { largestSampleSize, matrixShapeOf } from '../sizes';
import { counted } from '../words';
import type { Check, WithData } from './check';

const PATH: JsonPath = ['data', 'sampleSizes'];

/** Ranges run upwards, and no sample is larger than what the sampler can give. */
export const checkSampleSizes: Check<WithData> = (file, report) => {
  const sizes = file.data?.sampleSizes;
  if (sizes === undefined) return;
  if (typeof sizes === 'object' && !Array.isArray(sizes) && sizes.from > sizes.to) {
    report('empty-range', [...PATH, 'to'], `The range is empty: "to" is ${sizes.to}, less than "from", ${sizes.from}.`);
    return;
  }
  const supply = supplyOf(file);
  if (!supply || largestSampleSize(sizes) <= supply.count) return;
  const { path, size } = firstBeyond(sizes, supply.count);
  report(
    'sample-size-beyond-supply',
    path,
    `A sample of ${size} cannot be drawn: there are only ${supply.words}. The largest sample size is ${supply.count}.`,
  );
};

/** How many inputs there are, where they are not drawn without end. */
function supplyOf({ model, data }: WithData): { count: number; words: string } | undefined {
  const inputs = data?.inputs;
  const matrix = model.kind === 'matrixFactorization' ? matrixShapeOf(model) : undefined;
  // Inputs of the wrong kind are told elsewhere.
  if (inputs && (matrix !== undefined) !== (inputs.kind === 'entries')) return undefined;
  if (inputs?.kind === 'points') return { count: inputs.values.length, words: counted(inputs.values.length, 'point') };
  if (!matrix) return undefined;
  if (inputs?.kind === 'entries' && Array.isArray(inputs.order)) {
    return { count: inputs.order.length, words: `${counted(inputs.order.length, 'entry', 'entries')} in the order` };
  }
  const count = matrix.rows * matrix.columns;
  return { count, words: `${matrix.rows}·${matrix.columns} = ${counted(count, 'entry', 'entries')} in the matrix` };
}

function firstBeyond(sizes: SampleSizesConfig, count: number): { path: JsonPath; size: number } {
  if (typeof sizes === 'number') return { path: PATH, size: sizes };
  if (Array.isArray(sizes)) {
    const index = sizes.findIndex((size) => size > count);
    return { path: [...PATH, index], size: sizes[index] };
  }
  const end = sizes.from > count ? 'from' : 'to';
  return { path: [...PATH, end], size: end === 'from' ? sizes.from : largestSampleSize(sizes) };
}
