import fc from 'fast-check';
import type { ActivationConfig } from '../../../src/experiment/schema';
import type { Inputs } from '../../../src/engine/models/model';

export const size = fc.constantFrom(1, 2, 3, 5, 7);

export const activation: fc.Arbitrary<ActivationConfig> = fc.constantFrom<ActivationConfig>(
  'tanh',
  'sigmoid',
  'exp',
  'softplus',
  'relu',
  'sin',
  {
    kind: 'tanh',
    shift: 0.3,
  },
);

/** A source of numbers for tests, apart from the project's own streams: mulberry32 and Box–Muller. */
export class TestNumbers {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }
  normals(count: number, scale = 1): Float64Array {
    return Float64Array.from({ length: count }, () => scale * this.normal());
  }
  inputs(count: number, dimension: number, scale = 1): Inputs {
    return { count, dimension, values: this.normals(count * dimension, scale) };
  }
  /** `count` entries of a matrix, with repetitions. */
  entries(count: number, rows: number, columns: number): Inputs {
    const values = new Float64Array(2 * count);
    for (let s = 0; s < count; s++) {
      values[2 * s] = this.integer(rows);
      values[2 * s + 1] = this.integer(columns);
    }
    return { count, dimension: 2, values };
  }
}
