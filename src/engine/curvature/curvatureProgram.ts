import { Program } from '../kernels/program';

/** Numbers of assembly/program.ts. */
const ALONG = 32;
const ACTIVATIONS = 8;
const SEEDS = 9;
const ENTRY_SEEDS = 10;
const DIFFERENCE = 11;

/** A list of operations for the curvature kernels: those of training and some of their own. */
export class CurvatureProgram extends Program {
  private isAlong = false;

  /** What `write` adds takes its weights from the direction, not from the point. */
  along(write: () => void): void {
    this.isAlong = true;
    write();
    this.isAlong = false;
  }

  /** σ(z) in place of `count` numbers z, with σ′ and σ″. */
  activations(count: number, values: number, first: number, second: number): void {
    this.add(ACTIVATIONS, count, values, first, second);
  }

  /** out = 2/n·ḟ, 0 at padding, plus `other` where that is not 0. */
  seeds(count: number, rows: number, padded: number, tangents: number, mask: number, out: number, other: number): void {
    this.add(SEEDS, count, rows, padded, tangents, mask, out, other);
  }

  /** The same at entries of a matrix. */
  entrySeeds(shape: {
    count: number;
    rows: number;
    padded: number;
    matrix: number;
    out: number;
    other: number;
    rowOf: number;
    columnOf: number;
  }): void {
    const { count, rows, padded, matrix, out, other, rowOf, columnOf } = shape;
    this.add(ENTRY_SEEDS, count, rows, padded, matrix, out, other, rowOf, columnOf);
  }

  /** out = a − b. */
  difference(count: number, a: number, b: number, out: number): void {
    this.add(DIFFERENCE, count, a, b, out);
  }

  protected override add(kind: number, ...operands: number[]): void {
    super.add(this.isAlong ? kind + ALONG : kind, ...operands);
  }
}
