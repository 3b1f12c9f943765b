import type { ModelConfig, SampleSizesConfig } from './schema';

/** Number of parameters M of a model. */
export function parameterCountOf(model: ModelConfig): number {
  switch (model.kind) {
    case 'matrixFactorization':
      return (model.inner ?? Math.min(model.rows, model.columns)) * (model.rows + model.columns);
    case 'twoLayer':
      return model.width * (model.inputs + 1 + (model.hiddenBias ? 1 : 0)) + (model.outputBias ? 1 : 0);
    case 'formula':
      return model.parameters.length;
  }
}

/** Input dimension d of a model: an entry of a matrix has two coordinates. */
export function inputDimensionOf(model: ModelConfig): number {
  if (model.kind === 'matrixFactorization') return 2;
  return model.kind === 'twoLayer' ? model.inputs : model.inputs.length;
}

/** How many sample sizes a file asks for, without listing them. */
export function sampleSizeCount(sizes: SampleSizesConfig): number {
  if (typeof sizes === 'number') return 1;
  if (Array.isArray(sizes)) return sizes.length;
  return Math.max(0, Math.floor((sizes.to - sizes.from) / (sizes.step ?? 1)) + 1);
}

/** The largest sample size a file asks for. */
export function largestSampleSize(sizes: SampleSizesConfig): number {
  if (typeof sizes === 'number') return sizes;
  if (Array.isArray(sizes)) return sizes.reduce((largest, size) => Math.max(largest, size), 0);
  return sizes.from + (sampleSizeCount(sizes) - 1) * (sizes.step ?? 1);
}

/** The smallest sample size a file asks for. */
export function smallestSampleSize(sizes: SampleSizesConfig): number {
  if (typeof sizes === 'number') return sizes;
  return Array.isArray(sizes) ? sizes.reduce((smallest, size) => Math.min(smallest, size), Infinity) : sizes.from;
}

/** Whether the grid of a file has this sample size. */
export function hasSampleSize(sizes: SampleSizesConfig, size: number): boolean {
  if (typeof sizes === 'number') return sizes === size;
  if (Array.isArray(sizes)) return sizes.includes(size);
  return size >= sizes.from && size <= sizes.to && (size - sizes.from) % (sizes.step ?? 1) === 0;
}

/** All sample sizes, ascending. */
export function listSampleSizes(sizes: SampleSizesConfig): number[] {
  if (typeof sizes === 'number') return [sizes];
  if (Array.isArray(sizes)) return [...sizes].sort((a, b) => a - b);
  return Array.from({ length: sampleSizeCount(sizes) }, (_, i) => sizes.from + i * (sizes.step ?? 1));
}
