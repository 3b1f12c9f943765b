import type { ConvolutionConfig, MatrixFactorizationConfig, ModelConfig, SampleSizesConfig } from './schema';

/** Shape of the product of a matrix factorization, written in either of its forms, and the smallest dimension in between. */
export function matrixShapeOf({ rows, columns, inner, dimensions }: MatrixFactorizationConfig): {
  rows: number;
  columns: number;
  inner: number;
} {
  if (dimensions) {
    return {
      rows: dimensions[dimensions.length - 1],
      columns: dimensions[0],
      inner: dimensions.slice(1, -1).reduce((least, size) => Math.min(least, size), Infinity),
    };
  }
  // A file without them is refused before anything is made of it.
  const [d1, d2] = [rows ?? 1, columns ?? 1];
  return { rows: d1, columns: d2, inner: inner ?? Math.min(d1, d2) };
}

/** Input dimension, positions P and kernel weights of a convolution. */
export function convolutionShapeOf({ inputs, kernel }: Pick<ConvolutionConfig, 'inputs' | 'kernel'>): {
  /** [1, d] for one dimension. */
  image: readonly [number, number];
  /** [1, s] for one dimension. */
  window: readonly [number, number];
  inputs: number;
  positions: number;
  weights: number;
} {
  const image = typeof inputs === 'number' ? ([1, inputs] as const) : inputs;
  const window = [typeof inputs === 'number' ? 1 : kernel, kernel] as const;
  const along = (axis: 0 | 1): number => Math.max(0, image[axis] + 1 - window[axis]);
  return { image, window, inputs: image[0] * image[1], positions: along(0) * along(1), weights: window[0] * window[1] };
}

/** Values of a model at one input. */
export function outputsOf(model: ModelConfig): number {
  return model.kind === 'deepNetwork' ? (model.outputs ?? 1) : 1;
}

/** Number of parameters M of a model. */
export function parameterCountOf(model: ModelConfig): number {
  switch (model.kind) {
    case 'matrixFactorization': {
      if (model.dimensions) return productsOfNeighbours(model.dimensions);
      const { rows, columns, inner } = matrixShapeOf(model);
      return inner * (rows + columns);
    }
    case 'twoLayer':
      return model.width * (model.inputs + 1 + (model.hiddenBias ? 1 : 0)) + (model.outputBias ? 1 : 0);
    case 'formula':
      return model.parameters.length;
    case 'diagonal':
      return model.inputs * model.depth;
    case 'deepNetwork': {
      const sizes = [model.inputs, ...model.widths, model.outputs ?? 1];
      return productsOfNeighbours(sizes) + (model.bias ? sizes.slice(1).reduce((sum, size) => sum + size, 0) : 0);
    }
    case 'convolution': {
      const { positions, weights } = convolutionShapeOf(model);
      const neurons = model.sharing === false ? positions : 1;
      return model.kernels * (positions + neurons * (weights + (model.hiddenBias ? 1 : 0)));
    }
  }
}

function productsOfNeighbours(sizes: readonly number[]): number {
  return sizes.reduce((sum, size, i) => (i === 0 ? 0 : sum + size * sizes[i - 1]), 0);
}

/** Input dimension d of a model: an entry of a matrix has two coordinates. */
export function inputDimensionOf(model: ModelConfig): number {
  switch (model.kind) {
    case 'matrixFactorization':
      return 2;
    case 'formula':
      return model.inputs.length;
    case 'convolution':
      return convolutionShapeOf(model).inputs;
    default:
      return model.inputs;
  }
}

/** Numbers that a network holds for each sample besides its inputs. */
export function hiddenSizeOf(model: ModelConfig): number {
  switch (model.kind) {
    case 'twoLayer':
      return model.width;
    case 'deepNetwork':
      return model.widths.reduce((sum, width) => sum + width, 0);
    case 'convolution': {
      const { positions, weights } = convolutionShapeOf(model);
      return positions * Math.max(model.kernels, weights);
    }
    default:
      return 1;
  }
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
