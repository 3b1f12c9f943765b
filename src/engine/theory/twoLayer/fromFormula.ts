import { ExpressionError, parseExpression, type ExpressionTree } from '../../../experiment/expression';
import { inputNamesOf } from '../../../experiment/inputNames';
import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { compileExpression } from '../../models/expression/compile';
import { Operation } from '../../models/expression/tape';
import { exp } from '../../numbers/elementary';
import { activationValue } from './reduction';
import { activationFamily, activationShift, isZero, type Network, type NetworkNeuron } from './neurons';

/**
 * Reads a formula as a network of the model's family: a sum of multiples of its activation at affine functions of the inputs,
 * and constants. Null when the formula has anything else in it.
 */
export function networkFromFormula(model: ResolvedTwoLayer, expression: string): Network | null {
  try {
    return new NetworkReader(model).read(parseExpression(expression, inputNamesOf(model).keys()));
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}

interface AffineForm {
  readonly weights: readonly number[];
  readonly bias: number;
}

class NetworkReader {
  private readonly neurons: NetworkNeuron[] = [];
  private constant = 0;
  /** Linear part of the formula, for activations that have one. */
  private readonly linear: number[];
  private readonly input: ReadonlyMap<string, number>;

  constructor(private readonly model: ResolvedTwoLayer) {
    this.input = inputNamesOf(model);
    this.linear = new Array<number>(model.inputs).fill(0);
  }

  read(tree: ExpressionTree): Network | null {
    if (!this.add(tree, 1)) return null;
    if (!isZero(this.linear)) {
      // σ(z) − σ(−z) = z
      this.neurons.push({ outputWeight: 1, inputWeights: this.linear, bias: 0 });
      this.neurons.push({ outputWeight: -1, inputWeights: this.linear.map((weight) => -weight), bias: 0 });
    }
    return { neurons: this.neurons, outputBias: this.constant };
  }

  /** Adds factor·tree to the network; false when it is none. */
  private add(tree: ExpressionTree, factor: number): boolean {
    const value = constantValue(tree);
    if (value !== null) {
      this.constant += factor * value;
      return true;
    }
    if (tree.kind === 'unary') return this.add(tree.operand, -factor);
    if (tree.kind === 'binary') {
      const left = constantValue(tree.left);
      const right = constantValue(tree.right);
      if (tree.operator === '+') return this.add(tree.left, factor) && this.add(tree.right, factor);
      if (tree.operator === '-') return this.add(tree.left, factor) && this.add(tree.right, -factor);
      if (tree.operator === '*' && left !== null) return this.add(tree.right, factor * left);
      if (tree.operator === '*' && right !== null) return this.add(tree.left, factor * right);
      if (tree.operator === '/' && right !== null && right !== 0) return this.add(tree.left, factor / right);
      if (tree.operator === '^' && left === Math.E) return this.addCall('exp', tree.right, factor);
    }
    if (tree.kind === 'call' && this.addCall(tree.function, tree.argument, factor)) return true;
    return this.addAffine(tree, factor);
  }

  private addCall(name: string, argument: ExpressionTree, factor: number): boolean {
    const form = this.affine(argument);
    if (!form) return false;
    const family = activationFamily(this.model.activation);
    if (name === family) return this.addNeuron(factor, form);
    const scaled = (by: number): AffineForm => ({ weights: form.weights.map((weight) => by * weight), bias: by * form.bias });
    if (name === 'sigmoid' && family === 'tanh') {
      this.constant += 0.5 * factor;
      return this.addNeuron(0.5 * factor, scaled(0.5));
    }
    if (name === 'tanh' && family === 'sigmoid') {
      this.constant -= factor;
      return this.addNeuron(2 * factor, scaled(2));
    }
    if (name === 'cos' && family === 'sin')
      return this.addNeuron(factor, { weights: form.weights, bias: form.bias + Math.PI / 2 });
    if (name === 'abs' && family === 'relu') return this.addNeuron(factor, form) && this.addNeuron(factor, scaled(-1));
    return false;
  }

  /** Affine functions are within reach of activations with σ(z) − σ(−z) = z. */
  private addAffine(tree: ExpressionTree, factor: number): boolean {
    const family = activationFamily(this.model.activation);
    if (family !== 'relu' && family !== 'softplus') return false;
    const form = this.affine(tree);
    if (!form) return false;
    this.constant += factor * form.bias;
    form.weights.forEach((weight, j) => (this.linear[j] += factor * weight));
    return true;
  }

  /** factor·g(w·x + b) with g the activation without its shift. */
  private addNeuron(factor: number, form: AffineForm): boolean {
    const { model } = this;
    const shift = activationShift(model.activation);
    if (isZero(form.weights)) {
      this.constant += factor * activationValue(model, form.bias - shift);
      return true;
    }
    if (model.hiddenBias) {
      this.neurons.push({ outputWeight: factor, inputWeights: form.weights, bias: form.bias - shift });
      return true;
    }
    if (activationFamily(model.activation) === 'exp') {
      this.neurons.push({ outputWeight: factor * exp(form.bias), inputWeights: form.weights, bias: 0 });
      return true;
    }
    const slack = 1e-12 * (1 + Math.abs(shift));
    if (Math.abs(form.bias - shift) <= slack) {
      this.neurons.push({ outputWeight: factor, inputWeights: form.weights, bias: 0 });
      return true;
    }
    if (shift !== 0 && Math.abs(form.bias + shift) <= slack) {
      this.neurons.push({ outputWeight: -factor, inputWeights: form.weights.map((weight) => -weight), bias: 0 });
      return true;
    }
    return false;
  }

  private affine(tree: ExpressionTree): AffineForm | null {
    const value = constantValue(tree);
    if (value !== null) return { weights: new Array<number>(this.model.inputs).fill(0), bias: value };
    if (tree.kind === 'name') {
      const weights = new Array<number>(this.model.inputs).fill(0);
      const index = this.input.get(tree.name);
      if (index === undefined) return null;
      weights[index] = 1;
      return { weights, bias: 0 };
    }
    if (tree.kind === 'unary') return combine(this.affine(tree.operand), -1, null, 0);
    if (tree.kind !== 'binary') return null;
    const left = constantValue(tree.left);
    const right = constantValue(tree.right);
    if (tree.operator === '+') return combine(this.affine(tree.left), 1, this.affine(tree.right), 1);
    if (tree.operator === '-') return combine(this.affine(tree.left), 1, this.affine(tree.right), -1);
    if (tree.operator === '*' && left !== null) return combine(this.affine(tree.right), left, null, 0);
    if (tree.operator === '*' && right !== null) return combine(this.affine(tree.left), right, null, 0);
    if (tree.operator === '/' && right !== null && right !== 0) return combine(this.affine(tree.left), 1 / right, null, 0);
    return null;
  }
}

/** p·first + q·second; with q = 0 the second does not matter, otherwise both must be affine. */
function combine(first: AffineForm | null, p: number, second: AffineForm | null, q: number): AffineForm | null {
  if (!first || (q !== 0 && !second)) return null;
  return {
    weights: first.weights.map((weight, j) => p * weight + (second ? q * second.weights[j] : 0)),
    bias: p * first.bias + (second ? q * second.bias : 0),
  };
}

/** The value of a tree without names; null when it has names. */
function constantValue(tree: ExpressionTree): number | null {
  if (tree.kind === 'name') return null;
  if (tree.kind === 'number') return tree.value;
  if (hasNames(tree)) return null;
  const tape = compileExpression(tree, [], new Map());
  return tape.operations[tape.result] === Operation.constant ? tape.constants[tape.result] : null;
}

function hasNames(tree: ExpressionTree): boolean {
  switch (tree.kind) {
    case 'number':
      return false;
    case 'name':
      return true;
    case 'unary':
      return hasNames(tree.operand);
    case 'call':
      return hasNames(tree.argument);
    case 'binary':
      return hasNames(tree.left) || hasNames(tree.right);
  }
}
