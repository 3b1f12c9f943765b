import fc from 'fast-check';
import { derivative, parse, type MathNode } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/experiment/expression';
import { compileExpression } from '../../../src/engine/models/expression/compile';
import { Operation } from '../../../src/engine/models/expression/tape';
import { formulaTape } from '../../../src/engine/models/formula';
import { createModel } from '../../../src/engine/models/registry';
import { TestNumbers, size } from './arbitraries';
import { checkDerivatives } from './boundModelChecks';
import { jacobianOf, relativeDifference, values, weightedGradientOf } from './differences';

const PARAMETERS = ['p', 'q', 'r'];
const INPUTS = ['x', 'y'];

/** Expressions that are smooth and of moderate size wherever parameters and inputs are. */
const expression: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(...PARAMETERS, ...INPUTS, '2', '0.5', '1.25'),
    fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc.tuple(fc.constantFrom('tanh', 'sigmoid', 'softplus', 'sin', 'cos'), tie('tree')).map(([f, a]) => `${f}(${a})`),
    tie('tree').map((a) => `-(${a})`),
    tie('tree').map((a) => `square(tanh(${a}))`),
    tie('tree').map((a) => `exp(sin(${a}))`),
    tie('tree').map((a) => `log(2 + cos(${a}))`),
    tie('tree').map((a) => `sqrt(1 + (${a})^2)`),
    tie('tree').map((a) => `(2 + sin(${a}))^1.5`),
    tie('tree').map((a) => `1 / (2 + tanh(${a}))`),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(1.5 + sin(${a}))^tanh(${b})`),
    tie('tree').map((a) => `2^sin(${a})`),
    tie('tree').map((a) => `tanh(${a})^3`),
  ),
})).tree;

/** The same expression for mathjs, which lacks some of the functions. */
function mathjsTree(text: string): MathNode {
  const rewritten = parse(text).transform((node) => {
    if (node.type !== 'FunctionNode') return node;
    const call = node as unknown as { fn: { name: string }; args: MathNode[] };
    const z = `(${call.args[0].toString()})`;
    if (call.fn.name === 'sigmoid') return parse(`1 / (1 + exp(-${z}))`);
    if (call.fn.name === 'square') return parse(`${z}^2`);
    if (call.fn.name === 'softplus') return parse(`log(1 + exp(${z}))`);
    return node;
  });
  // Nested calls inside a rewritten call need another pass.
  return /sigmoid|softplus|square/.test(rewritten.toString()) ? mathjsTree(rewritten.toString()) : rewritten;
}

describe('formula model', () => {
  it('has the derivatives of its values', () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 1, max: 5 }), fc.nat(), (text, n, seed) => {
        const numbers = new TestNumbers(seed);
        const model = createModel({ kind: 'formula', parameters: PARAMETERS, inputs: INPUTS, expression: text });
        const parameters = numbers.normals(3, 0.5);
        const bound = model.bind(numbers.inputs(n, 2, 0.5));
        // Sums and products can grow; differences need values of moderate size and frequency.
        fc.pre(values(bound, parameters).every((f) => Math.abs(f) < 20));
        fc.pre(jacobianOf(bound, parameters).every((f) => Math.abs(f) < 20));
        checkDerivatives(
          {
            model,
            inputs: new TestNumbers(seed + 1).inputs(n, 2, 0.5),
            parameters,
            direction: numbers.normals(3, 0.2),
            weights: numbers.normals(n),
            targets: numbers.normals(n),
          },
          1e-6,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the symbolic derivatives of mathjs', () => {
    fc.assert(
      fc.property(expression, fc.nat(), (text, seed) => {
        const numbers = new TestNumbers(seed);
        const parameters = numbers.normals(3, 0.5);
        const inputs = numbers.inputs(1, 2, 0.5);
        const scope = { p: parameters[0], q: parameters[1], r: parameters[2], x: inputs.values[0], y: inputs.values[1] };
        const tree = mathjsTree(text);
        const bound = createModel({ kind: 'formula', parameters: PARAMETERS, inputs: INPUTS, expression: text }).bind(inputs);
        const f = Number(tree.evaluate({ ...scope }));
        fc.pre(Number.isFinite(f) && Math.abs(f) < 1e6);
        expect(relativeDifference(values(bound, parameters), [f])).toBeLessThan(1e-11);
        const gradient = PARAMETERS.map((name) => Number(derivative(tree, name, { simplify: false }).evaluate({ ...scope })));
        fc.pre(gradient.every(Number.isFinite));
        expect(relativeDifference(jacobianOf(bound, parameters), gradient)).toBeLessThan(1e-9);
      }),
      { numRuns: 150 },
    );
  });

  it('does the Hessian product that mathjs does symbolically', () => {
    const texts = [
      'p*exp(q*x)*sin(r*y)',
      'p^q*x + r^2.5*y',
      'tanh(p*x + q)/ (1 + r^2)',
      'log(p + q*x^2)*sqrt(r)',
      'x^p * y^(q*r)',
    ];
    for (const text of texts) {
      const scope = { p: 1.3, q: 0.7, r: 1.9, x: 0.8, y: 1.4 };
      const bound = createModel({ kind: 'formula', parameters: PARAMETERS, inputs: INPUTS, expression: text }).bind({
        count: 1,
        dimension: 2,
        values: Float64Array.of(scope.x, scope.y),
      });
      const parameters = Float64Array.of(scope.p, scope.q, scope.r);
      const direction = Float64Array.of(0.3, -1.1, 0.6);
      const expected = PARAMETERS.map((row) =>
        PARAMETERS.reduce((sum, column, j) => {
          const second = derivative(derivative(parse(text), row), column);
          return sum + Number(second.evaluate({ ...scope })) * direction[j];
        }, 0),
      );
      const product = new Float64Array(3);
      bound.weightedHessianProduct(parameters, Float64Array.of(1), direction, product);
      expect(relativeDifference(product, expected)).toBeLessThan(1e-12);
    }
  });

  it('agrees with the two-layer family when it spells out a network', () => {
    fc.assert(
      fc.property(
        size,
        fc.constantFrom(1, 2, 3),
        fc.constantFrom('tanh', 'sigmoid', 'exp', 'softplus', 'sin', 'relu'),
        fc.nat(),
        (m, d, name, seed) => {
          const a = Array.from({ length: m }, (_, k) => `a${k}`);
          const w = Array.from({ length: m * d }, (_, at) => `w${at}`);
          const b = Array.from({ length: m }, (_, k) => `b${k}`);
          const x = Array.from({ length: d }, (_, j) => `x${j}`);
          const text =
            a.map((ak, k) => `${ak}*${name}(${x.map((xj, j) => `w${k * d + j}*${xj}`).join(' + ')} + b${k})`).join(' + ') +
            ' + c';
          const spelled = createModel({ kind: 'formula', parameters: [...a, ...w, ...b, 'c'], inputs: x, expression: text });
          const family = createModel({
            kind: 'twoLayer',
            activation: name as 'tanh',
            inputs: d,
            width: m,
            hiddenBias: true,
            outputBias: true,
          });
          compare(spelled, family, new TestNumbers(seed), (numbers, n) => numbers.inputs(n, d));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('agrees with the factorization family when it spells out an entry', () => {
    // One row and one column: f = Σ_k A_k B_k, at the only entry.
    const spelled = createModel({
      kind: 'formula',
      parameters: ['a1', 'a2', 'b1', 'b2'],
      inputs: ['i', 'j'],
      expression: 'a1*b1 + a2*b2 + 0*i*j',
    });
    const family = createModel({ kind: 'matrixFactorization', rows: 1, columns: 1, inner: 2 });
    compare(spelled, family, new TestNumbers(3), (_, n) => ({ count: n, dimension: 2, values: new Float64Array(2 * n) }));
  });

  it('runs many samples in blocks as it runs them one by one', () => {
    const model = createModel({ kind: 'formula', parameters: ['p', 'q'], inputs: ['x'], expression: 'p*tanh(q*x) + p^2*x' });
    const inputs = new TestNumbers(1).inputs(777, 1);
    const parameters = Float64Array.of(0.7, -1.2);
    const together = jacobianOf(model.bind(inputs), parameters);
    for (const s of [0, 127, 128, 500, 776]) {
      const alone = jacobianOf(model.bind({ count: 1, dimension: 1, values: inputs.values.slice(s, s + 1) }), parameters);
      expect(Array.from(together.subarray(2 * s, 2 * s + 2))).toEqual(Array.from(alone));
    }
  });

  it('shares equal subexpressions and folds constants', () => {
    const tape = (text: string) => compileExpression(parseExpression(text, ['p', 'x']), ['p'], new Map([['x', 0]]));
    expect(tape('tanh(p*x) + tanh(x*p)').length).toBe(5); // p, x, p·x, tanh, sum
    expect(tape('2*3 + 1').length).toBe(1);
    expect(tape('2*3 + 1').constants[0]).toBe(7);
    expect(tape('x^3').operations.filter((each) => each === Operation.multiply).length).toBe(2);
    expect(tape('e^(p*x)').operations.at(-1)).toBe(Operation.exp);
    expect(tape('p*1 + 0').length).toBe(1);
  });

  it('knows when it is linear in its parameters', () => {
    const dependence = (text: string) => {
      const tape = formulaTape({ kind: 'formula', parameters: ['p', 'q'], inputs: ['x'], expression: text });
      return tape.dependence[tape.result];
    };
    expect(dependence('p + q*x^2 - sin(x)/3')).toBe(1);
    expect(dependence('(p + q)*x')).toBe(1);
    expect(dependence('p*q*x')).toBe(2);
    expect(dependence('exp(p)*x')).toBe(2);
    expect(dependence('x^2')).toBe(0);
  });

  it('is zero in parameters that it does not use', () => {
    const model = createModel({ kind: 'formula', parameters: ['p', 'unused'], inputs: ['x'], expression: 'p*x' });
    const bound = model.bind({ count: 2, dimension: 1, values: Float64Array.of(2, 3) });
    expect(Array.from(jacobianOf(bound, Float64Array.of(1, 5)))).toEqual([2, 0, 3, 0]);
    expect(Array.from(weightedGradientOf(bound, Float64Array.of(1, 5), Float64Array.of(1, 1)))).toEqual([5, 0]);
  });
});

function compare(
  one: ReturnType<typeof createModel>,
  other: ReturnType<typeof createModel>,
  numbers: TestNumbers,
  inputsOf: (numbers: TestNumbers, n: number) => { count: number; dimension: number; values: Float64Array },
): void {
  const n = 4;
  const inputs = inputsOf(numbers, n);
  const parameters = numbers.normals(one.parameterCount);
  const direction = numbers.normals(one.parameterCount);
  const weights = numbers.normals(n);
  const [a, b] = [one.bind(inputs), other.bind(inputs)];
  expect(one.parameterCount).toBe(other.parameterCount);
  expect(relativeDifference(values(a, parameters), values(b, parameters))).toBeLessThan(1e-13);
  expect(relativeDifference(jacobianOf(a, parameters), jacobianOf(b, parameters))).toBeLessThan(1e-13);
  const [u, v] = [new Float64Array(one.parameterCount), new Float64Array(one.parameterCount)];
  a.weightedHessianProduct(parameters, weights, direction, u);
  b.weightedHessianProduct(parameters, weights, direction, v);
  expect(relativeDifference(u, v)).toBeLessThan(1e-12);
}
