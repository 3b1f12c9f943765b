import fc from 'fast-check';
import { evaluate, parse } from 'mathjs';
import { describe, expect, it } from 'vitest';
import {
  EXPRESSION_DEPTH,
  EXPRESSION_NESTING,
  ExpressionError,
  FUNCTION_NAMES,
  namesIn,
  parseExpression,
  type ExpressionTree,
} from '../../../src/experiment/expression';

const NAMES = ['a', 'b', 'x1', 'theta_2'];
const SCOPE: Record<string, number> = { a: 0.7, b: -1.3, x1: 2.1, theta_2: 0.4 };

/** Values by the plain meaning of the tree. */
function valueOf(tree: ExpressionTree): number {
  switch (tree.kind) {
    case 'number':
      return tree.value;
    case 'name':
      return SCOPE[tree.name];
    case 'unary':
      return -valueOf(tree.operand);
    case 'call':
      return (MORE[tree.function] ?? (Math as unknown as Record<string, (z: number) => number>)[tree.function])(
        valueOf(tree.argument),
      );
    case 'binary': {
      const [left, right] = [valueOf(tree.left), valueOf(tree.right)];
      return { '+': left + right, '-': left - right, '*': left * right, '/': left / right, '^': left ** right }[tree.operator];
    }
  }
}

const MORE: Record<string, (z: number) => number> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  softplus: (z) => Math.log(1 + Math.exp(z)),
  relu: (z) => Math.max(0, z),
  square: (z) => z * z,
};

function errorOf(text: string, names: readonly string[] = NAMES): ExpressionError {
  try {
    parseExpression(text, names);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

/** Random expressions as text, with signs, powers and parentheses wherever the grammar lets them stand. */
const { expression } = fc.letrec<{ expression: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'expression' },
    fc.constantFrom(...NAMES, 'pi', 'e', '2', '0.5', '3.', '.25', '1e-1', '2E+1'),
    fc
      .tuple(fc.constantFrom('', 'tanh', 'sin', 'cos', 'exp', 'abs', 'square', 'sqrt', 'log'), tie('expression'))
      .map(([name, inner]) => `${name}(${inner})`),
  ),
  expression: fc
    .tuple(
      fc.constantFrom('', '-', '+', '- -', '-+'),
      tie('atom'),
      fc.array(fc.tuple(fc.constantFrom('+', ' - ', '*', ' / ', '^', '*-', '^-', '- -'), tie('atom')), { maxLength: 3 }),
    )
    .map(([sign, first, rest]) => sign + first + rest.map(([operator, atom]) => operator + atom).join('')),
}));

describe('parseExpression', () => {
  it('means what mathjs means by the same text', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const expected: unknown = evaluate(text, { ...SCOPE });
        const found = valueOf(parseExpression(text, NAMES));
        // Beyond the reals mathjs goes on with complex numbers, where this grammar has none.
        if (typeof expected !== 'number' || !Number.isFinite(expected) || !Number.isFinite(found)) return;
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['-x1^2', -4.41],
    ['2^3^2', 512],
    ['2^-2', 0.25],
    ['8/4/2', 1],
    ['8/4*2', 4],
    ['1-2-3', -4],
    ['-2^2', -4],
    ['2*-x1', -4.2],
    ['relu(-1) + relu(3)', 3],
    ['softplus(0)', Math.log(2)],
    ['sigmoid(0)', 0.5],
    [' square ( 3 ) ', 9],
  ])('%s is %d', (text, value) => {
    expect(valueOf(parseExpression(text, NAMES))).toBeCloseTo(value, 12);
  });

  it('gives every node its place in the text', () => {
    const text = 'a + tanh( b*x1 )^2';
    const tree = parseExpression(text, NAMES);
    const seen: string[] = [];
    const visit = (node: ExpressionTree): void => {
      seen.push(text.slice(node.start, node.end));
      if (node.kind === 'unary') visit(node.operand);
      if (node.kind === 'call') visit(node.argument);
      if (node.kind === 'binary') [node.left, node.right].forEach(visit);
    };
    visit(tree);
    expect(seen).toEqual(['a + tanh( b*x1 )^2', 'a', 'tanh( b*x1 )^2', 'tanh( b*x1 )', 'b*x1', 'b', 'x1', '2']);
  });

  it('knows all its functions and lists the names in use', () => {
    for (const name of FUNCTION_NAMES)
      expect(parseExpression(`${name}(a)`, NAMES)).toMatchObject({ kind: 'call', function: name });
    expect(namesIn(parseExpression('b*a + b*tanh(-x1) + pi', NAMES))).toEqual(['b', 'a', 'x1']);
  });

  it.each([
    ['', 'expression-syntax', 0, 0],
    ['   ', 'expression-syntax', 0, 3],
    ['a +', 'expression-syntax', 2, 3],
    ['a b', 'expression-syntax', 2, 3],
    ['2a', 'expression-syntax', 1, 2],
    ['(a)(b)', 'expression-syntax', 3, 4],
    ['(a', 'expression-syntax', 0, 1],
    ['a)', 'expression-syntax', 1, 2],
    ['()', 'expression-syntax', 0, 2],
    ['tanh', 'expression-syntax', 0, 4],
    ['tanh a', 'expression-syntax', 0, 4],
    ['tanh(a, b)', 'expression-syntax', 6, 7],
    ['a(b)', 'expression-syntax', 0, 1],
    ['a = 2', 'expression-syntax', 2, 3],
    ['f(x) = 2', 'unknown-function', 0, 1],
    ['a; b', 'expression-syntax', 1, 2],
    ['[1, 2]', 'expression-syntax', 0, 1],
    ['a[1]', 'expression-syntax', 1, 2],
    ['a.b', 'expression-syntax', 1, 2],
    ['"a"', 'expression-syntax', 0, 1],
    ['{a: 1}', 'expression-syntax', 0, 1],
    ['a!', 'expression-syntax', 1, 2],
    ['a ? b : 1', 'expression-syntax', 2, 3],
    ['a ** 2', 'expression-syntax', 2, 4],
    ['3 cm', 'expression-syntax', 2, 4],
    ['1e999', 'expression-syntax', 0, 5],
    ['0x10', 'expression-syntax', 1, 4],
    ['a − b', 'expression-syntax', 2, 3],
    ['θ + 1', 'expression-syntax', 0, 1],
    ['a\u200b', 'expression-syntax', 1, 2],
    ['𝔽', 'expression-syntax', 0, 2],
    ['1 + thta_2', 'unknown-name', 4, 10],
    ['constructor', 'unknown-name', 0, 11],
    ['__proto__', 'unknown-name', 0, 9],
    ['toString()', 'unknown-function', 0, 8],
    ['import(a)', 'unknown-function', 0, 6],
    ['x', 'unknown-name', 0, 1],
  ])('refuses %j', (text, code, start, end) => {
    const error = errorOf(text);
    expect([error.code, error.start, error.end]).toEqual([code, start, end]);
    expect(error.message).toMatch(/[.?]$/);
  });

  it('says what was meant', () => {
    expect(errorOf('tahn(a)').suggestion).toBe('tanh');
    expect(errorOf('Sqrt(a)').suggestion).toBe('sqrt');
    expect(errorOf('theta2').suggestion).toBe('theta_2');
    expect(errorOf('completelyDifferent').suggestion).toBeUndefined();
  });

  it('bounds the nesting and the length of chains', () => {
    const nested = (depth: number): string => '('.repeat(depth) + 'a' + ')'.repeat(depth);
    expect(parseExpression(nested(EXPRESSION_NESTING), NAMES).kind).toBe('name');
    expect(errorOf(nested(EXPRESSION_NESTING + 1)).message).toContain('nested');
    for (const deep of ['-', '2^', 'abs(', '(']) expect(errorOf(deep.repeat(5000) + 'a').message).toContain('nested');
    const chain = (terms: number): string => Array<string>(terms).fill('a').join('+');
    expect(parseExpression(chain(EXPRESSION_DEPTH), NAMES).kind).toBe('binary');
    expect(errorOf(chain(EXPRESSION_DEPTH + 2)).message).toContain('chain');
  });

  it('throws nothing but ExpressionError, with a place inside the text, whatever the text', () => {
    const pieces = fc.constantFrom(
      'a',
      'x1',
      '(',
      ')',
      '+',
      '-',
      '*',
      '/',
      '^',
      ' ',
      '2',
      '.',
      'e',
      'tanh',
      'tanh(',
      ',',
      '=',
      '"',
      '𝔽',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((list) => list.join('')),
        ),
        (text) => {
          try {
            parseExpression(text, NAMES);
          } catch (error) {
            if (!(error instanceof ExpressionError)) throw error;
            expect(error.start).toBeGreaterThanOrEqual(0);
            expect(error.end).toBeLessThanOrEqual(text.length);
            expect(error.end - error.start).toBeGreaterThanOrEqual(text.length > 0 ? 1 : 0);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('accepts nothing that mathjs does not parse', () => {
    const pieces = fc.constantFrom('a', 'x1', '(', ')', '+', '-', '*', '/', '^', ' ', '2', '.5', 'e', 'tanh(', 'pi');
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 9 }), (list) => {
        const text = list.join('');
        let isAccepted = true;
        try {
          parseExpression(text, NAMES);
        } catch {
          isAccepted = false;
        }
        if (isAccepted) expect(() => parse(text)).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });
});
