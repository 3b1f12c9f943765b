import { describe, expect, it } from 'vitest';
import { UndecidedError } from '../../../src/engine/certified/arithmetic';
import { SymbolicArithmetic, type Polynomial } from '../../../src/engine/certified/structure/polynomial';

/** x^(2^times), which takes as many products of monomials as squares. */
function squares(symbolic: SymbolicArithmetic, start: Polynomial, times: number): Polynomial {
  let power = start;
  for (let i = 0; i < times; i++) power = symbolic.apply('square', power).value;
  return power;
}

describe('the work of exact polynomials', () => {
  it('is enough for many short products', () => {
    const symbolic = new SymbolicArithmetic(1000);
    const sum = Array.from({ length: 20 }, (_, i) => symbolic.input(i)).reduce((a, b) => symbolic.add(a, b));
    expect(symbolic.multiply(sum, sum).size).toBe(210);
  });

  it('counts the length of monomials', () => {
    const symbolic = new SymbolicArithmetic(1000);
    expect(squares(symbolic, symbolic.input(0), 6).size).toBe(1);
    expect(() => squares(symbolic, symbolic.input(0), 12)).toThrow(UndecidedError);
  });

  it('counts the digits of coefficients', () => {
    const symbolic = new SymbolicArithmetic(1000);
    expect(() => squares(symbolic, symbolic.fromFloat(1.1), 12)).toThrow(UndecidedError);
  });
});
