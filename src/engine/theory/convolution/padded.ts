import type { ResolvedConvolution } from '../../../experiment/resolved';
import { convolutionShapeOf } from '../../../experiment/sizes';

/**
 * A kernel without its margins of zeros. Two kernels at two positions are the same padded kernel exactly when they are the same
 * without margins and begin at the same place of the input; that is how kernels that are shifts of each other show.
 */
export interface TrimmedKernel {
  /** In the upper left corner of the window, zeros after it. */
  readonly weights: readonly number[];
  /** Where the kernel began in the window. */
  readonly row: number;
  readonly column: number;
  /** Size without margins; 0 × 0 for a kernel of zeros. */
  readonly height: number;
  readonly width: number;
}

export function trimKernel(model: ResolvedConvolution, weights: readonly number[]): TrimmedKernel {
  const {
    window: [rows, columns],
  } = convolutionShapeOf(model);
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  weights.forEach((value, t) => {
    if (value === 0) return;
    const row = Math.floor(t / columns);
    const column = t % columns;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    left = Math.min(left, column);
    right = Math.max(right, column);
  });
  if (bottom < 0) return { weights, row: 0, column: 0, height: 0, width: 0 };
  const trimmed = new Array<number>(weights.length).fill(0);
  for (let i = top; i <= bottom; i++) {
    for (let j = left; j <= right; j++) trimmed[(i - top) * columns + j - left] = weights[i * columns + j];
  }
  return { weights: trimmed, row: top, column: left, height: bottom - top + 1, width: right - left + 1 };
}

/** A trimmed kernel with its margins before it again. */
export function shiftKernel(model: ResolvedConvolution, trimmed: readonly number[], row: number, column: number): number[] {
  const {
    window: [rows, columns],
  } = convolutionShapeOf(model);
  const weights = new Array<number>(trimmed.length).fill(0);
  for (let i = 0; i + row < rows; i++) {
    for (let j = 0; j + column < columns; j++) weights[(i + row) * columns + j + column] = trimmed[i * columns + j];
  }
  return weights;
}

/** Positions, and places of the input as one number. */
export class Places {
  readonly count: number;
  private readonly columns: number;
  private readonly positionColumns: number;

  constructor(model: ResolvedConvolution) {
    const { image, window, positions } = convolutionShapeOf(model);
    this.count = positions;
    this.columns = image[1];
    this.positionColumns = image[1] + 1 - window[1];
  }

  /** Where in the input something lies that begins at (row, column) of the window, the window being at a position. */
  placeAt(position: number, row: number, column: number): number {
    const top = Math.floor(position / this.positionColumns);
    return (top + row) * this.columns + (position % this.positionColumns) + column;
  }

  /** All places of something that begins at (row, column) of the window, by position. */
  placesOf(row: number, column: number): number[] {
    return Array.from({ length: this.count }, (_, position) => this.placeAt(position, row, column));
  }
}
