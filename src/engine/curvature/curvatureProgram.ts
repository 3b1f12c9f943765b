import { Program } from '../kernels/program';

/** Numbers of assembly/program.ts. */
const ALONG = 32;
const IN_MEMORY = 64;
const ACTIVATIONS = 8;
const SEEDS = 9;
const ENTRY_SEEDS = 10;
const DIFFERENCE = 11;
const LEVELS = 12;
const LEVEL_TANGENTS = 13;
const PULL_BACK_LEVELS = 14;
const BEND_LEVELS = 15;
const ARRANGE = 16;
const MULTIPLY_ENTRIES = 17;
const ENTRY_LOSS = 18;
const GATHER = 19;

/** Levels of factors of a diagonal model; buffers hold `depth` + 1 rows. */
export interface Levels {
  depth: number;
  inputs: number;
  before: number;
  behind: number;
}

/** Entries row by row of one factor, as assembly/entries.ts has them. */
export interface EntryList {
  groups: number;
  groupCount: number;
  entries: number;
  /** Inner dimension with its padding. */
  inner: number;
}

/** Where a vector of two factors is arranged row by row. */
export interface Arrangement {
  rows: number;
  columns: number;
  inner: number;
  padded: number;
}

/** A list of operations for the curvature kernels: those of training and some of their own. */
export class CurvatureProgram extends Program {
  /** Added to the numbers of operations. */
  private flag = 0;

  /** What `write` adds takes its weights from the direction, not from the point. */
  along(write: () => void): void {
    this.flagged(ALONG, write);
  }

  /** What `write` adds has its weights and gradients in memory: their places are byte offsets over 8. */
  inMemory(write: () => void): void {
    this.flagged(IN_MEMORY, write);
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

  /** Products of the factors on either side of each; the last row before is the coefficients. */
  levels({ depth, inputs, before, behind }: Levels): void {
    this.add(LEVELS, depth, inputs, before, behind);
  }

  /** How those of the point change along the direction. */
  levelTangents({ depth, inputs, before, behind }: Levels, tangents: Levels): void {
    this.add(LEVEL_TANGENTS, depth, inputs, before, behind, tangents.before, tangents.behind);
  }

  /** The gradient by factors from that by coefficients. */
  pullBackLevels({ depth, inputs, before, behind }: Levels, seeds: number, add = false): void {
    this.add(PULL_BACK_LEVELS, depth, inputs, before, behind, seeds, Number(add));
  }

  /** How that changes along the direction with `seeds` unchanged, added. */
  bendLevels({ depth, inputs, before, behind }: Levels, tangents: Levels, seeds: number): void {
    this.add(BEND_LEVELS, depth, inputs, before, behind, tangents.before, tangents.behind, seeds);
  }

  arrange({ rows, columns, inner, padded }: Arrangement, to: number): void {
    this.add(ARRANGE, rows, columns, inner, padded, to, 0);
  }

  /** Into the gradient, or added to it. */
  arrangeBack({ rows, columns, inner, padded }: Arrangement, from: number, add = false): void {
    this.add(ARRANGE, rows, columns, inner, padded, from, add ? 2 : 1);
  }

  /** Entries of a product of factors, or with `y` its derivative at either along the other. */
  multiplyEntries({ groups, groupCount, entries, inner }: EntryList, x: number, y: number, out: number): void {
    this.add(MULTIPLY_ENTRIES, groups, groupCount, entries, inner, x, y, out);
  }

  entryLoss({ groups, groupCount }: EntryList, count: number, values: number, residuals: number): void {
    this.add(ENTRY_LOSS, groups, groupCount, count, values, residuals);
  }

  /** out_i = Σ_s u_s x_j + v_s y_j; without v and y where they are 0. */
  gather({ groups, groupCount, entries, inner }: EntryList, u: number, x: number, v: number, y: number, out: number): void {
    this.add(GATHER, groups, groupCount, entries, inner, u, x, v, y, out);
  }

  protected override add(kind: number, ...operands: number[]): void {
    super.add(kind + this.flag, ...operands);
  }

  private flagged(flag: number, write: () => void): void {
    this.flag = flag;
    write();
    this.flag = 0;
  }
}
