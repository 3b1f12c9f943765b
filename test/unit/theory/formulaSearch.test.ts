import { describe, expect, it } from 'vitest';
import type { FormulaConfig, FormulaTargetConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../src/engine/targets/probes';
import { createTarget } from '../../../src/engine/targets/target';
import { searchRepresentation } from '../../../src/engine/theory/formula/search';
import { relativeDifference, values } from '../models/differences';

const formula = (expression: string, parameters: string[], inputs: string[]): FormulaConfig => ({
  kind: 'formula',
  parameters,
  inputs,
  expression,
});
const target = (expression: string): FormulaTargetConfig => ({ kind: 'formula', expression });
const toy = (): FormulaConfig =>
  formula('theta0 + theta1*x1 + theta2*theta3*x2', ['theta0', 'theta1', 'theta2', 'theta3'], ['x1', 'x2']);

describe('rank of a formula model at a target', () => {
  it('is that of Fig. 1 of "Linear stability hypothesis" for the toy model: 2 without x2, 3 with it', () => {
    const expected: Record<string, number> = { '1': 2, x1: 2, '1 + x1': 2, x2: 3, '1 + x2': 3, 'x1 + x2': 3, '1 + x1 + x2': 3 };
    for (const [text, rank] of Object.entries(expected)) {
      const found = searchRepresentation(toy(), target(text));
      expect(found?.rank, text).toMatchObject({ rank, conclusive: true });
      expect(found).toMatchObject({ exact: false, linear: false });
    }
  });

  it('is the number of independent basis functions of a linear model, exactly', () => {
    const linear = formula('theta0 + theta1*x1 + theta2*x2', ['theta0', 'theta1', 'theta2'], ['x1', 'x2']);
    for (const text of ['1', 'x1', '1 + x1 + x2'])
      expect(searchRepresentation(linear, target(text))).toMatchObject({ exact: true, rank: { rank: 3 } });
    const redundant = formula('(p + q)*x + 2', ['p', 'q'], ['x']);
    expect(searchRepresentation(redundant, target('5*x + 2'))).toMatchObject({ exact: true, rank: { rank: 1 } });
    expect(searchRepresentation(redundant, target('x + 3'))).toBeNull();
  });

  it('finds condensed points of a spelled-out network and of a diagonal model', () => {
    const net = formula('a1*tanh(w1*x) + a2*tanh(w2*x)', ['a1', 'w1', 'a2', 'w2'], ['x']);
    expect(searchRepresentation(net, target('tanh(0.8*x)'))).toMatchObject({ rank: { rank: 2, conclusive: true } });
    // Σ (a_j² − b_j²) x_j: rank k for a k-sparse target.
    const names = [1, 2, 3].flatMap((j) => [`a${j}`, `b${j}`]);
    const diagonal = formula([1, 2, 3].map((j) => `(a${j}^2 - b${j}^2)*x${j}`).join(' + '), names, ['x1', 'x2', 'x3']);
    expect(searchRepresentation(diagonal, target('2*x1'))?.rank.rank).toBe(1);
    expect(searchRepresentation(diagonal, target('x1 - 3*x3'))?.rank.rank).toBe(2);
  });

  it('returns parameters that are the target', () => {
    const model = formula('a*exp(-b*x) + c*sin(w*x)', ['a', 'b', 'c', 'w'], ['x']);
    const wanted = target('2*exp(-0.3*x) + 0.5*sin(1.4*x)');
    const found = searchRepresentation(model, wanted)!;
    const inputs = probeInputs(model, 77);
    const out = new Float64Array(inputs.count);
    createTarget(model, wanted).evaluate(inputs, out);
    expect(relativeDifference(values(createModel(model).bind(inputs), found.parameters), out)).toBeLessThan(1e-9);
    expect(tangentRank(createModel(model), found.parameters, inputs).rank).toBe(4);
  });

  it('takes probes where the data are, for formulas that are defined there only', () => {
    const model = formula('p*log(x) + q*sqrt(x)*r', ['p', 'q', 'r'], ['x']);
    expect(searchRepresentation(model, target('2*log(x)'))).toBeNull();
    expect(
      searchRepresentation(formula('p*log(x) + q*sqrt(x)*r', ['p', 'q', 'r'], ['x']), target('2*log(x)'), {
        kind: 'uniform',
        low: 0.5,
        high: 4,
      }),
    ).toMatchObject({
      rank: { rank: 1 },
    });
  });

  it('says nothing where it finds nothing', () => {
    expect(searchRepresentation(formula('p*q*x', ['p', 'q'], ['x']), target('x^2'))).toBeNull();
  });

  it('takes six parameters whole, and does not run away with twenty', () => {
    searchRepresentation(formula('a*tanh(b*x+c) + d*tanh(e1*x+f)', ['a', 'b', 'c', 'd', 'e1', 'f'], ['x']), target('tanh(x+1)'));
    // Ten times what it takes on an idle machine.
    const names = Array.from({ length: 20 }, (_, p) => `p${p}`);
    const wide = formula(
      names
        .slice(0, 10)
        .map((name, k) => `${name}*tanh(${names[10 + k]}*x)`)
        .join(' + '),
      names,
      ['x'],
    );
    expect(searchRepresentation(wide, target('tanh(0.8*x)'))).not.toBeNull();
  });
});
