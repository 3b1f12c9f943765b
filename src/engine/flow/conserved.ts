import type { ParameterBlock } from '../models/model';
import type { SavedFields } from '../training/savedState';

/** Numbers that the exact gradient flow keeps. */
export interface ConservedQuantity {
  readonly name: string;
  /** How many numbers. */
  readonly size: number;
  evaluate(parameters: Float64Array, out: Float64Array): void;
}

export interface ConservedReport {
  name: string;
  initial: number[];
  final: number[];
  /** Largest change of one of the numbers since the start, over all accepted steps. */
  largestDrift: number;
}

/**
 * What a product A·B conserves: AᵀA − BBᵀ (row by row, k × k), for A (m × k) and B (k × n) that enter the model through their product
 * alone: matrix factorization, and two neighbouring layers of a linear network with A the later one (Saxe, McClelland and Ganguli,
 * arXiv 1312.6120; Arora, Cohen and Hazan, arXiv 1802.06509, Theorem 1).
 */
export function balance(a: ParameterBlock, b: ParameterBlock): ConservedQuantity {
  const [m, k] = a.shape;
  const [inner, n] = b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || k !== inner) {
    throw new Error(`${a.name} (${a.shape.join(' × ')}) and ${b.name} (${b.shape.join(' × ')}) have no product.`);
  }
  return {
    name: `${a.name}ᵀ${a.name} − ${b.name}${b.name}ᵀ`,
    size: k * k,
    evaluate(parameters, out) {
      for (let p = 0; p < k; p++) {
        for (let q = 0; q < k; q++) {
          let sum = 0;
          for (let i = 0; i < m; i++) sum += parameters[a.offset + i * k + p] * parameters[a.offset + i * k + q];
          for (let j = 0; j < n; j++) sum -= parameters[b.offset + p * n + j] * parameters[b.offset + q * n + j];
          out[p * k + q] = sum;
        }
      }
    },
  };
}

/**
 * What neurons with a positively homogeneous activation (relu, identity) conserve: a_k² − ‖w_k‖² − b_k² for every neuron k (Du, Hu and
 * Lee, arXiv 1806.00900, Theorem 2.1). `outputWeights` is [m], `inputWeights` [m × d], `hiddenBiases` [m] where there are any.
 */
export function neuronBalance(
  outputWeights: ParameterBlock,
  inputWeights: ParameterBlock,
  hiddenBiases?: ParameterBlock,
): ConservedQuantity {
  const [m, d] = inputWeights.shape;
  return {
    name: 'a² − ‖w‖² of each neuron',
    size: m,
    evaluate(parameters, out) {
      for (let k = 0; k < m; k++) {
        const a = parameters[outputWeights.offset + k];
        let value = a * a;
        for (let j = 0; j < d; j++) {
          const w = parameters[inputWeights.offset + k * d + j];
          value -= w * w;
        }
        if (hiddenBiases !== undefined) {
          const bias = parameters[hiddenBiases.offset + k];
          value -= bias * bias;
        }
        out[k] = value;
      }
    },
  };
}

/** Follows conserved quantities along an integration. */
export class ConservationCheck {
  private readonly initial: Float64Array[];
  private readonly current: Float64Array[];
  private readonly drifts: number[];

  constructor(
    private readonly quantities: readonly ConservedQuantity[],
    start: Float64Array,
  ) {
    this.initial = quantities.map(({ size }) => new Float64Array(size));
    this.current = quantities.map(({ size }) => new Float64Array(size));
    this.drifts = quantities.map(() => 0);
    quantities.forEach((quantity, q) => quantity.evaluate(start, this.initial[q]));
    this.current.forEach((values, q) => values.set(this.initial[q]));
  }

  update(parameters: Float64Array): void {
    this.quantities.forEach((quantity, q) => {
      const values = this.current[q];
      quantity.evaluate(parameters, values);
      for (let i = 0; i < values.length; i++) this.drifts[q] = Math.max(this.drifts[q], Math.abs(values[i] - this.initial[q][i]));
    });
  }

  /** Largest changes so far. */
  save(): { drifts: Float64Array } {
    return { drifts: Float64Array.from(this.drifts) };
  }

  /** @throws StateError when there are other quantities */
  goOn(saved: SavedFields, parameters: Float64Array): void {
    const drifts = saved.vector('drifts', this.quantities.length);
    this.update(parameters);
    drifts.forEach((drift, q) => (this.drifts[q] = drift));
  }

  report(): ConservedReport[] {
    return this.quantities.map(({ name }, q) => ({
      name,
      initial: Array.from(this.initial[q]),
      final: Array.from(this.current[q]),
      largestDrift: this.drifts[q],
    }));
  }
}
