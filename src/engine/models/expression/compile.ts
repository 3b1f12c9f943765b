import type { BinaryOperator, ExpressionTree, FunctionName } from '../../../experiment/expression';
import { applyOperation } from './scalar';
import { Dependence, Operation, type DependenceCode, type OperationCode, type Tape } from './tape';

const BINARY: Readonly<Record<Exclude<BinaryOperator, '^'>, OperationCode>> = {
  '+': Operation.add,
  '-': Operation.subtract,
  '*': Operation.multiply,
  '/': Operation.divide,
};

const UNARY: Readonly<Record<Exclude<FunctionName, 'square'>, OperationCode>> = {
  tanh: Operation.tanh,
  sigmoid: Operation.sigmoid,
  exp: Operation.exp,
  log: Operation.log,
  softplus: Operation.softplus,
  relu: Operation.relu,
  sin: Operation.sin,
  cos: Operation.cos,
  sqrt: Operation.sqrt,
  abs: Operation.abs,
};

/** Integer powers up to this size become products; larger ones go through logarithms. */
const LARGEST_PRODUCT_POWER = 64;

/**
 * Compiles an expression in named parameters and inputs. `inputs` gives the place of every name: several names may share one,
 * such as x and x1.
 */
export function compileExpression(
  tree: ExpressionTree,
  parameters: readonly string[],
  inputs: ReadonlyMap<string, number>,
): Tape {
  const compiler = new TapeCompiler(parameters, inputs);
  return compiler.finish(compiler.compile(tree));
}

class TapeCompiler {
  private readonly operations: OperationCode[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly constants: number[] = [];
  private readonly dependence: DependenceCode[] = [];
  private readonly known = new Map<string, number>();
  private readonly parameterIndex: ReadonlyMap<string, number>;

  constructor(
    parameters: readonly string[],
    private readonly inputIndex: ReadonlyMap<string, number>,
  ) {
    this.parameterIndex = new Map(parameters.map((name, i) => [name, i]));
  }

  compile(tree: ExpressionTree): number {
    switch (tree.kind) {
      case 'number':
        return this.constant(tree.value);
      case 'name':
        return this.named(tree.name);
      case 'unary':
        return this.negated(this.compile(tree.operand));
      case 'call': {
        const argument = this.compile(tree.argument);
        return tree.function === 'square' ? this.product(argument, argument) : this.emit(UNARY[tree.function], argument, -1);
      }
      case 'binary': {
        const left = this.compile(tree.left);
        const right = this.compile(tree.right);
        return tree.operator === '^' ? this.power(left, right) : this.binary(BINARY[tree.operator], left, right);
      }
    }
  }

  finish(result: number): Tape {
    // Folding leaves constants behind that nothing uses.
    const used = new Uint8Array(this.operations.length);
    used[result] = 1;
    for (let i = result; i >= 0; i--) {
      if (!used[i] || this.operations[i] < Operation.add) continue;
      used[this.left[i]] = 1;
      if (this.right[i] >= 0) used[this.right[i]] = 1;
    }
    const place = new Int32Array(this.operations.length);
    let length = 0;
    for (let i = 0; i < used.length; i++) place[i] = used[i] ? length++ : -1;
    const tape = {
      length,
      operations: new Uint8Array(length),
      left: new Int32Array(length),
      right: new Int32Array(length),
      constants: new Float64Array(length),
      dependence: new Uint8Array(length),
      result: place[result],
      parameterCount: this.parameterIndex.size,
      inputCount: 1 + Math.max(-1, ...this.inputIndex.values()),
    };
    for (let i = 0; i < used.length; i++) {
      const at = place[i];
      if (at < 0) continue;
      const hasOperands = this.operations[i] >= Operation.add;
      tape.operations[at] = this.operations[i];
      tape.left[at] = hasOperands ? place[this.left[i]] : this.left[i];
      tape.right[at] = hasOperands && this.right[i] >= 0 ? place[this.right[i]] : -1;
      tape.constants[at] = this.constants[i];
      tape.dependence[at] = this.dependence[i];
    }
    return tape;
  }

  private named(name: string): number {
    const parameter = this.parameterIndex.get(name);
    if (parameter !== undefined) return this.append(Operation.parameter, parameter, -1, 0, Dependence.affine);
    const input = this.inputIndex.get(name);
    if (input !== undefined) return this.append(Operation.input, input, -1, 0, Dependence.none);
    throw new Error(`The name ${name} is neither a parameter nor an input.`);
  }

  private constant(value: number): number {
    return this.append(Operation.constant, -1, -1, value, Dependence.none);
  }

  private negated(operand: number): number {
    if (this.operations[operand] === Operation.negate) return this.left[operand];
    return this.emit(Operation.negate, operand, -1);
  }

  private product(left: number, right: number): number {
    return this.binary(Operation.multiply, left, right);
  }

  private binary(operation: OperationCode, left: number, right: number): number {
    const isOne = (i: number): boolean => this.operations[i] === Operation.constant && this.constants[i] === 1;
    const isZero = (i: number): boolean => this.operations[i] === Operation.constant && this.constants[i] === 0;
    if (operation === Operation.multiply && isOne(left)) return right;
    if ((operation === Operation.multiply || operation === Operation.divide) && isOne(right)) return left;
    if (operation === Operation.add && isZero(left)) return right;
    if ((operation === Operation.add || operation === Operation.subtract) && isZero(right)) return left;
    const commutes = operation === Operation.add || operation === Operation.multiply;
    return commutes && left > right ? this.emit(operation, right, left) : this.emit(operation, left, right);
  }

  private power(base: number, exponent: number): number {
    if (this.operations[exponent] === Operation.constant) {
      const p = this.constants[exponent];
      if (Number.isInteger(p) && Math.abs(p) <= LARGEST_PRODUCT_POWER) return this.integerPower(base, p);
      if (p === 0.5) return this.emit(Operation.sqrt, base, -1);
      if (this.operations[base] === Operation.constant)
        return this.constant(applyOperation(Operation.power, this.constants[base], p));
      const dependence = this.dependence[base] === Dependence.none ? Dependence.none : Dependence.nonlinear;
      return this.append(Operation.constantPower, base, -1, p, dependence);
    }
    if (this.operations[base] === Operation.constant && this.constants[base] === Math.E)
      return this.emit(Operation.exp, exponent, -1);
    return this.emit(Operation.power, base, exponent);
  }

  /** Square and multiply; shares its squares with other powers of the same base. */
  private integerPower(base: number, exponent: number): number {
    if (exponent === 0) return this.constant(1);
    if (exponent < 0) return this.binary(Operation.divide, this.constant(1), this.integerPower(base, -exponent));
    let result = -1;
    let square = base;
    for (let rest = exponent; ; square = this.product(square, square)) {
      if (rest & 1) result = result < 0 ? square : this.product(result, square);
      rest >>= 1;
      if (rest === 0) return result;
    }
  }

  private emit(operation: OperationCode, left: number, right: number): number {
    const isConstant = (i: number): boolean => i < 0 || this.operations[i] === Operation.constant;
    if (isConstant(left) && isConstant(right)) {
      return this.constant(applyOperation(operation, this.constants[left], right < 0 ? 0 : this.constants[right]));
    }
    return this.append(operation, left, right, 0, this.dependenceOf(operation, left, right));
  }

  private dependenceOf(operation: OperationCode, left: number, right: number): DependenceCode {
    const of = (i: number): DependenceCode => (i < 0 ? Dependence.none : this.dependence[i]);
    const both = Math.max(of(left), of(right)) as DependenceCode;
    if (both === Dependence.none) return Dependence.none;
    switch (operation) {
      case Operation.add:
      case Operation.subtract:
      case Operation.negate:
        return both;
      case Operation.multiply:
        return of(left) === Dependence.none || of(right) === Dependence.none ? both : Dependence.nonlinear;
      case Operation.divide:
        return of(right) === Dependence.none ? both : Dependence.nonlinear;
      default:
        return Dependence.nonlinear;
    }
  }

  private append(operation: OperationCode, left: number, right: number, constant: number, dependence: DependenceCode): number {
    const key = `${operation} ${left} ${right} ${Object.is(constant, -0) ? '-0' : constant}`;
    const existing = this.known.get(key);
    if (existing !== undefined) return existing;
    const index = this.operations.length;
    this.operations.push(operation);
    this.left.push(left);
    this.right.push(right);
    this.constants.push(constant);
    this.dependence.push(dependence);
    this.known.set(key, index);
    return index;
  }
}
