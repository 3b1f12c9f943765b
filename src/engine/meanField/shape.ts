import type { RandomStream } from '../random/stream';

/** One dense layer in the parameter vector: a kernel of rows × columns (receiving × sending units), then a bias for each row. */
export interface LayerPlace {
  rows: number;
  columns: number;
  kernel: number;
  biases: number;
}

/**
 * A fully connected net with hidden layers of one activation and linear outputs. In the mean-field scaling of arXiv 1911.07626 a unit
 * receives (1/m) Σ_k w_k f_k + b; what is kept is the kernel W = w/m.
 */
export class NetShape {
  readonly layers: readonly LayerPlace[];
  readonly parameterCount: number;

  constructor(
    readonly inputs: number,
    readonly widths: readonly number[],
    readonly outputs: number,
  ) {
    let at = 0;
    const sizes = [inputs, ...widths, outputs];
    this.layers = sizes.slice(1).map((rows, l) => {
      const columns = sizes[l];
      const kernel = at;
      at += rows * columns + rows;
      return { rows, columns, kernel, biases: kernel + rows * columns };
    });
    this.parameterCount = at;
  }

  /** Number of hidden layers. */
  get depth(): number {
    return this.widths.length;
  }

  /** The layer that receives from the last hidden one. */
  get outputLayer(): LayerPlace {
    return this.layers[this.layers.length - 1];
  }
}

/** Kernels N(0, 1/columns), biases 0. */
export function initialParameters(shape: NetShape, stream: RandomStream): Float64Array {
  const parameters = new Float64Array(shape.parameterCount);
  for (const { rows, columns, kernel } of shape.layers) {
    const scale = 1 / Math.sqrt(columns);
    for (let i = 0; i < rows * columns; i++) parameters[kernel + i] = scale * stream.normal();
  }
  return parameters;
}
