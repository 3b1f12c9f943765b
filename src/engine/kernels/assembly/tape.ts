// Mean squared error of a formula model and its gradient: the tape of ../../models/expression, two samples a vector.
//
// Rows of `values` and `adjoints` belong to instructions, columns (`padded`, an even number) to samples. Rows of constants and
// inputs are filled by the host once. Sums over samples go sample by sample, as in the twin.

import { at } from './lanes';
import { vectorExp, vectorSech2, vectorSigmoid, vectorSoftplus } from './vectorExp';
import { vectorLog } from './vectorLogarithm';
import { vectorPow, vectorPowConstant } from './vectorPower';
import { vectorTanh } from './vectorTanh';
import { vectorCos, vectorSin } from './vectorTrigonometric';

// Numbers as in ../../models/expression/tape.ts.
export const PARAMETER: u8 = 1;
export const ADD: u8 = 3;
export const SUBTRACT: u8 = 4;
export const MULTIPLY: u8 = 5;
export const DIVIDE: u8 = 6;
export const POWER: u8 = 7;
export const NEGATE: u8 = 8;
export const CONSTANT_POWER: u8 = 9;
export const TANH: u8 = 10;
export const SIGMOID: u8 = 11;
export const EXP: u8 = 12;
export const LOG: u8 = 13;
export const SOFTPLUS: u8 = 14;
export const RELU: u8 = 15;
export const SIN: u8 = 16;
export const COS: u8 = 17;
export const SQRT: u8 = 18;
export const ABS: u8 = 19;

let length: usize = 0;
let result: usize = 0;
let padded: usize = 0;
let count: usize = 0;
let parameterTotal: usize = 0;
let operations: usize = 0;
let dependence: usize = 0;
let left: usize = 0;
let right: usize = 0;
let constants: usize = 0;
let parameterRows: usize = 0;
let values: usize = 0;
let adjoints: usize = 0;
let firsts: usize = 0;

export function setTape(
  tapeLength: i32,
  tapeResult: i32,
  sampleCount: i32,
  paddedCount: i32,
  parameterNumber: i32,
  operationsAt: usize,
  dependenceAt: usize,
  leftAt: usize,
  rightAt: usize,
  constantsAt: usize,
  parameterRowsAt: usize,
  valuesAt: usize,
): void {
  length = tapeLength;
  result = tapeResult;
  count = sampleCount;
  padded = paddedCount;
  parameterTotal = parameterNumber;
  operations = operationsAt;
  dependence = dependenceAt;
  left = leftAt;
  right = rightAt;
  constants = constantsAt;
  parameterRows = parameterRowsAt;
  values = valuesAt;
  adjoints = at(values, length * padded);
  firsts = at(adjoints, length * padded);
}

// @ts-ignore: decorator
@inline
function operand(table: usize, instruction: usize): usize {
  return <usize>load<i32>(table + (instruction << 2));
}

// @ts-ignore: decorator
@inline
function row(rows: usize, instruction: usize): usize {
  return at(rows, instruction * padded);
}

// @ts-ignore: decorator
@inline
function dependsOnParameters(instruction: usize): bool {
  return load<u8>(dependence + instruction) != 0;
}

/** A function of one argument that is not a power. */
function unaryFunction(operation: u8, x: v128): v128 {
  switch (operation) {
    case NEGATE:
      return f64x2.neg(x);
    case TANH:
      return vectorTanh(x);
    case SIGMOID:
      return vectorSigmoid(x);
    case EXP:
      return vectorExp(x);
    case LOG:
      return vectorLog(x);
    case SOFTPLUS:
      return vectorSoftplus(x);
    case RELU:
      return v128.bitselect(f64x2.splat(0), x, f64x2.le(x, f64x2.splat(0)));
    case SIN:
      return vectorSin(x);
    case COS:
      return vectorCos(x);
    case SQRT:
      return f64x2.sqrt(x);
    default:
      return f64x2.abs(x);
  }
}

/** y·x^(y−1); 0 for y = 0 also where x = 0. */
export function powerSlope(x: v128, y: v128): v128 {
  const zero = f64x2.splat(0);
  const slope = f64x2.mul(y, vectorPow(x, f64x2.sub(y, f64x2.splat(1))));
  return v128.bitselect(zero, slope, f64x2.eq(y, zero));
}

/** factor·log x with the limit 0 where the factor is 0. */
export function timesLog(factor: v128, x: v128): v128 {
  const zero = f64x2.splat(0);
  return v128.bitselect(zero, f64x2.mul(factor, vectorLog(x)), f64x2.eq(factor, zero));
}

/** All values, in these rows. */
function forward(values: usize): void {
  for (let i: usize = 0; i < length; i++) {
    const operation = load<u8>(operations + i);
    if (operation < ADD) continue;
    const out = row(values, i);
    const a = row(values, operand(left, i));
    if (operation <= DIVIDE) {
      const b = row(values, operand(right, i));
      if (operation == ADD) for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.add(v128.load(at(a, s)), v128.load(at(b, s))));
      else if (operation == SUBTRACT) for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.sub(v128.load(at(a, s)), v128.load(at(b, s))));
      else if (operation == MULTIPLY) for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.mul(v128.load(at(a, s)), v128.load(at(b, s))));
      else for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.div(v128.load(at(a, s)), v128.load(at(b, s))));
    } else if (operation == POWER) {
      const b = row(values, operand(right, i));
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), vectorPow(v128.load(at(a, s)), v128.load(at(b, s))));
    } else if (operation == CONSTANT_POWER) {
      const exponent = load<f64>(at(constants, i));
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), vectorPowConstant(v128.load(at(a, s)), exponent));
    } else {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), unaryFunction(operation, v128.load(at(a, s))));
    }
  }
}

/** Derivative of a function of one argument, into `firsts`. */
function slopes(i: usize, operation: u8): void {
  const o = row(values, i);
  const a = row(values, operand(left, i));
  if (operation == CONSTANT_POWER) {
    const exponent = load<f64>(at(constants, i));
    const factor = f64x2.splat(exponent);
    for (let s: usize = 0; s < padded; s += 2) {
      v128.store(at(firsts, s), f64x2.mul(factor, vectorPowConstant(v128.load(at(a, s)), exponent - 1)));
    }
    return;
  }
  for (let s: usize = 0; s < padded; s += 2) v128.store(at(firsts, s), slopeOf(operation, v128.load(at(a, s)), v128.load(at(o, s))));
}

/** Derivative at x of a function with value v there. */
export function slopeOf(operation: u8, x: v128, v: v128): v128 {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  switch (operation) {
    case TANH:
      return vectorSech2(x);
    case SIGMOID:
      return f64x2.mul(v, vectorSigmoid(f64x2.neg(x)));
    case EXP:
      return v;
    case LOG:
      return f64x2.div(one, x);
    case SOFTPLUS:
      return vectorSigmoid(x);
    case RELU:
      return v128.and(f64x2.gt(x, zero), one);
    case SIN:
      return vectorCos(x);
    case COS:
      return f64x2.neg(vectorSin(x));
    case SQRT:
      return f64x2.div(f64x2.splat(0.5), v);
    default:
      return f64x2.sub(v128.and(f64x2.gt(x, zero), one), v128.and(f64x2.lt(x, zero), one));
  }
}

// @ts-ignore: decorator
@inline
function addTo(target: usize, s: usize, term: v128): void {
  const p = at(target, s);
  v128.store(p, f64x2.add(v128.load(p), term));
}

// @ts-ignore: decorator
@inline
function subtractFrom(target: usize, s: usize, term: v128): void {
  const p = at(target, s);
  v128.store(p, f64x2.sub(v128.load(p), term));
}

/** Derivatives of the seeded result by all values; the seeds already stand in the result's row of `adjoints`. */
function reverse(): void {
  for (let i: usize = result + 1; i-- > 0; ) {
    const operation = load<u8>(operations + i);
    if (operation <= PARAMETER || operation < ADD || !dependsOnParameters(i)) continue;
    const g = row(adjoints, i);
    const l = operand(left, i);
    const a = row(values, l);
    const ga = row(adjoints, l);
    const leftMatters = dependsOnParameters(l);
    if (operation <= POWER) {
      const r = operand(right, i);
      const b = row(values, r);
      const gb = row(adjoints, r);
      const o = row(values, i);
      const rightMatters = dependsOnParameters(r);
      if (leftMatters) {
        if (operation <= SUBTRACT) for (let s: usize = 0; s < padded; s += 2) addTo(ga, s, v128.load(at(g, s)));
        else if (operation == MULTIPLY) for (let s: usize = 0; s < padded; s += 2) addTo(ga, s, f64x2.mul(v128.load(at(g, s)), v128.load(at(b, s))));
        else if (operation == DIVIDE) for (let s: usize = 0; s < padded; s += 2) addTo(ga, s, f64x2.div(v128.load(at(g, s)), v128.load(at(b, s))));
        else {
          for (let s: usize = 0; s < padded; s += 2) {
            addTo(ga, s, f64x2.mul(v128.load(at(g, s)), powerSlope(v128.load(at(a, s)), v128.load(at(b, s)))));
          }
        }
      }
      if (rightMatters) {
        if (operation == ADD) for (let s: usize = 0; s < padded; s += 2) addTo(gb, s, v128.load(at(g, s)));
        else if (operation == SUBTRACT) for (let s: usize = 0; s < padded; s += 2) subtractFrom(gb, s, v128.load(at(g, s)));
        else if (operation == MULTIPLY) for (let s: usize = 0; s < padded; s += 2) addTo(gb, s, f64x2.mul(v128.load(at(g, s)), v128.load(at(a, s))));
        else if (operation == DIVIDE) {
          for (let s: usize = 0; s < padded; s += 2) {
            subtractFrom(gb, s, f64x2.div(f64x2.mul(v128.load(at(g, s)), v128.load(at(o, s))), v128.load(at(b, s))));
          }
        } else {
          for (let s: usize = 0; s < padded; s += 2) {
            addTo(gb, s, f64x2.mul(v128.load(at(g, s)), timesLog(v128.load(at(o, s)), v128.load(at(a, s)))));
          }
        }
      }
    } else if (operation == NEGATE) {
      for (let s: usize = 0; s < padded; s += 2) subtractFrom(ga, s, v128.load(at(g, s)));
    } else {
      slopes(i, operation);
      for (let s: usize = 0; s < padded; s += 2) addTo(ga, s, f64x2.mul(v128.load(at(g, s)), v128.load(at(firsts, s))));
    }
  }
}

/** All values at these parameters, in the given rows, whose constants and inputs stand there already. */
export function tapeValues(rows: usize, parameters: usize): void {
  for (let p: usize = 0; p < parameterTotal; p++) {
    const instruction = load<i32>(parameterRows + (p << 2));
    if (instruction < 0) continue;
    const out = row(rows, <usize>instruction);
    const value = v128.load64_splat(at(parameters, p));
    for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), value);
  }
  forward(rows);
}

/** The loss from values in the given rows, and 2/n·(f − y) in `seeds`. */
export function tapeLoss(rows: usize, targets: usize, seeds: usize): f64 {
  const outputs = row(rows, result);
  const scale = 2.0 / <f64>count;
  let loss = 0.0;
  for (let s: usize = 0; s < count; s++) {
    const residual = load<f64>(at(outputs, s)) - load<f64>(at(targets, s));
    loss += residual * residual;
    store<f64>(at(seeds, s), scale * residual);
  }
  return loss / <f64>count;
}

/** The gradient by the parameters from adjoints in the given rows, or added to what is there. */
export function collectAdjoints(rows: usize, gradient: usize, add: bool): void {
  for (let p: usize = 0; p < parameterTotal; p++) {
    const instruction = load<i32>(parameterRows + (p << 2));
    let sum = 0.0;
    if (instruction >= 0) {
      const g = row(rows, <usize>instruction);
      for (let s: usize = 0; s < count; s++) sum += load<f64>(at(g, s));
    }
    store<f64>(at(gradient, p), add ? load<f64>(at(gradient, p)) + sum : sum);
  }
}

/** The values at these parameters and the loss there, with its seeds. */
export function tapeEvaluate(targets: usize, parameters: usize, seeds: usize): f64 {
  tapeValues(values, parameters);
  return tapeLoss(values, targets, seeds);
}

/** The gradient from seeds, by the values taken last. */
export function tapePullBack(seeds: usize, gradient: usize): void {
  memory.fill(adjoints, 0, (length * padded) << 3);
  memory.copy(row(adjoints, result), seeds, count << 3);
  reverse();
  collectAdjoints(adjoints, gradient, false);
}

export function tapeLossAndGradient(targets: usize, parameters: usize, gradient: usize): f64 {
  tapeValues(values, parameters);
  memory.fill(adjoints, 0, (length * padded) << 3);
  const loss = tapeLoss(values, targets, row(adjoints, result));
  reverse();
  collectAdjoints(adjoints, gradient, false);
  return loss;
}
