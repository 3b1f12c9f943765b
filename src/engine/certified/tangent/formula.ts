import { parseExpression, type BinaryNode, type ExpressionTree } from '../../../experiment/expression';
import type { FormulaConfig } from '../../../experiment/schema';
import type { Inputs } from '../../models/model';
import { UndecidedError, integerPower, type Arithmetic, type ElementaryName } from '../arithmetic';
import type { DifferentiationMode } from './index';

/** Exponents beyond this are taken as exp(b log a). */
const LARGEST_POWER = 10_000;

type Instruction =
  | { kind: 'number'; value: number }
  | { kind: 'parameter' | 'input'; index: number }
  | { kind: 'negate'; operand: number }
  | { kind: 'call'; name: ElementaryName; operand: number }
  | { kind: '+' | '-' | '*' | '/' | '^'; left: number; right: number; dependsOnParameters: boolean };

/** Value of an instruction and its derivative by each operand. */
interface Local<T> {
  value: T;
  partials: { operand: number; slope: T | 1 | -1 }[];
}

/** A model given by an expression. Parameters in the order in which the formula lists them. */
export function formulaTangent<T>(
  arithmetic: Arithmetic<T>,
  formula: FormulaConfig,
  parameters: Float64Array,
  inputs: Inputs,
  mode: DifferentiationMode,
): (input: number) => T[] {
  const gradient = formulaGradient(arithmetic, formula, parameters, mode);
  const dimension = formula.inputs.length;
  return (input) => {
    const x = inputs.values.subarray(input * dimension, (input + 1) * dimension);
    return gradient(
      Array.from(x, (value) => arithmetic.fromFloat(value)),
      x,
    );
  };
}

/** ∇_θ f at an input: in the arithmetic and, where the input is known, as float64. */
export function formulaGradient<T>(
  arithmetic: Arithmetic<T>,
  formula: FormulaConfig,
  parameters: Float64Array,
  mode: DifferentiationMode = 'reverse',
): (input: readonly T[], floats: Float64Array | undefined) => T[] {
  const program = compile(formula);
  const exact = Array.from(parameters, (value) => arithmetic.fromFloat(value));
  return (input, floats) => {
    const locals = evaluate(arithmetic, program, exact, parameters, input, floats);
    if (mode === 'reverse') return reverse(arithmetic, program, locals, exact.length);
    return exact.map((_, parameter) => forward(arithmetic, program, locals, parameter));
  };
}

/** An expression in the name `x` as a function in any arithmetic. */
export function expressionFunction<T>(arithmetic: Arithmetic<T>, expression: string): (x: T) => T {
  const program = compile({ kind: 'formula', parameters: [], inputs: ['x'], expression });
  return (x) => evaluate(arithmetic, program, [], NO_PARAMETERS, [x], undefined)[program.length - 1].value;
}

const NO_PARAMETERS = new Float64Array(0);

/** The tree in the order of evaluation: operands before what uses them. */
function compile(formula: FormulaConfig): Instruction[] {
  const tree = parseExpression(formula.expression, [...formula.parameters, ...formula.inputs]);
  const program: Instruction[] = [];
  const usesParameters: boolean[] = [];
  const append = (instruction: Instruction, uses: boolean) => {
    usesParameters.push(uses);
    return program.push(instruction) - 1;
  };
  const visit = (node: ExpressionTree): number => {
    switch (node.kind) {
      case 'number':
        return append({ kind: 'number', value: node.value }, false);
      case 'name': {
        const index = formula.parameters.indexOf(node.name);
        if (index >= 0) return append({ kind: 'parameter', index }, true);
        return append({ kind: 'input', index: formula.inputs.indexOf(node.name) }, false);
      }
      case 'unary': {
        const operand = visit(node.operand);
        return append({ kind: 'negate', operand }, usesParameters[operand]);
      }
      case 'call': {
        const operand = visit(node.argument);
        return append({ kind: 'call', name: node.function, operand }, usesParameters[operand]);
      }
      case 'binary':
        return visitBinary(node);
    }
  };
  const visitBinary = (node: BinaryNode): number => {
    const left = visit(node.left);
    const right = visit(node.right);
    return append(
      { kind: node.operator, left, right, dependsOnParameters: usesParameters[right] },
      usesParameters[left] || usesParameters[right],
    );
  };
  visit(tree);
  return program;
}

function evaluate<T>(
  arithmetic: Arithmetic<T>,
  program: Instruction[],
  parameters: readonly T[],
  floats: Float64Array,
  input: readonly T[],
  inputFloats: Float64Array | undefined,
): Local<T>[] {
  const locals: Local<T>[] = [];
  // Leaves as float64, negations included: an exponent that is a whole number there is one exactly.
  const leaves: (number | undefined)[] = [];
  for (const instruction of program) {
    let leaf: number | undefined;
    switch (instruction.kind) {
      case 'number':
        leaf = instruction.value;
        locals.push({ value: arithmetic.fromFloat(leaf), partials: [] });
        break;
      case 'parameter':
        leaf = floats[instruction.index];
        locals.push({ value: parameters[instruction.index], partials: [] });
        break;
      case 'input':
        leaf = inputFloats?.[instruction.index];
        locals.push({ value: input[instruction.index], partials: [] });
        break;
      case 'negate': {
        const { operand } = instruction;
        leaf = leaves[operand] === undefined ? undefined : -leaves[operand];
        locals.push({ value: arithmetic.negate(locals[operand].value), partials: [{ operand, slope: -1 }] });
        break;
      }
      case 'call': {
        const { operand } = instruction;
        const { value, slope } = arithmetic.apply(instruction.name, locals[operand].value);
        locals.push({ value, partials: [{ operand, slope }] });
        break;
      }
      default:
        locals.push(binary(arithmetic, instruction, locals, leaves[instruction.right]));
    }
    leaves.push(leaf);
  }
  return locals;
}

function binary<T>(
  arithmetic: Arithmetic<T>,
  { kind, left, right, dependsOnParameters }: Extract<Instruction, { left: number }>,
  locals: Local<T>[],
  exponent: number | undefined,
): Local<T> {
  const a = locals[left].value;
  const b = locals[right].value;
  switch (kind) {
    case '+':
      return {
        value: arithmetic.add(a, b),
        partials: [
          { operand: left, slope: 1 },
          { operand: right, slope: 1 },
        ],
      };
    case '-':
      return {
        value: arithmetic.subtract(a, b),
        partials: [
          { operand: left, slope: 1 },
          { operand: right, slope: -1 },
        ],
      };
    case '*':
      return {
        value: arithmetic.multiply(a, b),
        partials: [
          { operand: left, slope: b },
          { operand: right, slope: a },
        ],
      };
    case '/': {
      const value = arithmetic.divide(a, b);
      const slope = arithmetic.divide(arithmetic.one, b);
      return {
        value,
        partials: [
          { operand: left, slope },
          { operand: right, slope: arithmetic.negate(arithmetic.multiply(value, slope)) },
        ],
      };
    }
    case '^':
      return power(arithmetic, { left, right, a, b, exponent, dependsOnParameters });
  }
}

interface Power<T> {
  left: number;
  right: number;
  a: T;
  b: T;
  exponent: number | undefined;
  dependsOnParameters: boolean;
}

/** a^b by multiplication for a known whole exponent, else exp(b log a), which asks for a > 0. */
function power<T>(arithmetic: Arithmetic<T>, { left, right, a, b, exponent, dependsOnParameters }: Power<T>): Local<T> {
  const whole = exponent !== undefined && Number.isInteger(exponent) && Math.abs(exponent) <= LARGEST_POWER;
  if (whole && !dependsOnParameters) {
    const { value, slope } = integerPower(arithmetic, a, exponent);
    return { value, partials: [{ operand: left, slope }] };
  }
  if (arithmetic.sign(a) === -1 || arithmetic.sign(a) === 0) {
    throw new UndecidedError('a power of a base that is not positive is defined for fixed whole exponents only', true);
  }
  const logarithm = arithmetic.apply('log', a).value;
  const value = arithmetic.apply('exp', arithmetic.multiply(b, logarithm)).value;
  return {
    value,
    partials: [
      { operand: left, slope: arithmetic.divide(arithmetic.multiply(b, value), a) },
      { operand: right, slope: arithmetic.multiply(value, logarithm) },
    ],
  };
}

/** slope·factor, without a multiplication where the slope is ±1. */
function scaled<T>(arithmetic: Arithmetic<T>, slope: T | 1 | -1, factor: T): T {
  if (slope === 1) return factor;
  return slope === -1 ? arithmetic.negate(factor) : arithmetic.multiply(slope, factor);
}

function reverse<T>(arithmetic: Arithmetic<T>, program: Instruction[], locals: Local<T>[], count: number): T[] {
  const tangent = new Array<T>(count).fill(arithmetic.zero);
  const adjoints = new Array<T | undefined>(program.length).fill(undefined);
  adjoints[program.length - 1] = arithmetic.one;
  for (let i = program.length - 1; i >= 0; i--) {
    const adjoint = adjoints[i];
    if (adjoint === undefined) continue;
    const instruction = program[i];
    if (instruction.kind === 'parameter') tangent[instruction.index] = arithmetic.add(tangent[instruction.index], adjoint);
    for (const { operand, slope } of locals[i].partials) {
      const term = scaled(arithmetic, slope, adjoint);
      const before = adjoints[operand];
      adjoints[operand] = before === undefined ? term : arithmetic.add(before, term);
    }
  }
  return tangent;
}

function forward<T>(arithmetic: Arithmetic<T>, program: Instruction[], locals: Local<T>[], parameter: number): T {
  // Undefined stands for a derivative that is 0 because the parameter does not occur.
  const derivatives: (T | undefined)[] = [];
  program.forEach((instruction, i) => {
    let sum: T | undefined = instruction.kind === 'parameter' && instruction.index === parameter ? arithmetic.one : undefined;
    for (const { operand, slope } of locals[i].partials) {
      const inner = derivatives[operand];
      if (inner === undefined) continue;
      const term = scaled(arithmetic, slope, inner);
      sum = sum === undefined ? term : arithmetic.add(sum, term);
    }
    derivatives.push(sum);
  });
  return derivatives[program.length - 1] ?? arithmetic.zero;
}
