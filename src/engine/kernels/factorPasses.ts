import type { Factor } from '../models/deepFactorization';
import type { Program } from './program';

/** `right[l]` holds W_(l+1) … W_1, rows of `n` numbers of which `columns` count. */
export interface FactorChain {
  factors: readonly Factor[];
  columns: number;
  n: number;
}

/** out = W_(l+1)·input for l ≥ 1, or added to it. */
export function applyFactor(
  program: Program,
  { factors, n }: FactorChain,
  l: number,
  input: number,
  output: number,
  add = false,
): void {
  const { rows, columns: inner, offset } = factors[l];
  program.combine({
    rows,
    inner,
    columns: n,
    weights: offset,
    rowStep: inner,
    innerStep: 1,
    biases: -1,
    biasStep: 0,
    input,
    output,
    outputStep: n,
    finish: { mode: 'plain' },
    add,
  });
}

/** out = W_(l+1)ᵀ·u, or added to it. */
export function pullBackFactor(
  program: Program,
  { factors, n }: FactorChain,
  l: number,
  u: number,
  output: number,
  add = false,
): void {
  const { rows, columns: inner, offset } = factors[l];
  program.combine({
    rows: inner,
    inner: rows,
    columns: n,
    weights: offset,
    rowStep: 1,
    innerStep: inner,
    biases: -1,
    biasStep: 0,
    input: u,
    output,
    outputStep: n,
    finish: { mode: 'plain' },
    add,
  });
}

/** Gradient by W_(l+1): u·inputᵀ. */
export function projectFactor(
  program: Program,
  { factors, n }: FactorChain,
  l: number,
  u: number,
  input: number,
  add = false,
): void {
  const { rows, columns: inner, offset } = factors[l];
  program.project({ rows, inner, columns: n, gradient: offset, gradientStep: inner, u, uStep: n, input, add });
}

/** All products from the right, up to that of all factors. */
export function multiplyFactors(program: Program, chain: FactorChain, right: readonly number[]): void {
  const { factors, columns, n } = chain;
  program.copyParameters(factors[0].rows, columns, n, factors[0].offset, right[0]);
  for (let l = 1; l < factors.length; l++) applyFactor(program, chain, l, right[l - 1], right[l]);
}

/** The gradient, from that by the product in `seeds`; `gradients` are those by the products before. */
export function factorGradient(
  program: Program,
  chain: FactorChain,
  right: readonly number[],
  gradients: readonly number[],
  seeds: number,
): void {
  const { factors, columns, n } = chain;
  for (let l = factors.length - 1; l > 0; l--) {
    const u = l === factors.length - 1 ? seeds : gradients[l];
    projectFactor(program, chain, l, u, right[l - 1]);
    pullBackFactor(program, chain, l, u, gradients[l - 1]);
  }
  program.copyToGradient(factors[0].rows, columns, n, factors.length === 1 ? seeds : gradients[0], factors[0].offset);
}
