// Mean squared error of a formula model and its gradient: the tape of ../../models/expression, two samples a vector.
//
// Rows of `values` and `adjoints` belong to instructions, columns (`padded`, an even number) to samples. Rows of constants and
// inputs are filled by the host once. Arithmetic, roots and e^x run here; the other functions are computed by the host, one
// lane at a time, so they are the twin's own. Sums over samples go sample by sample, as in the twin.

import { at } from './lanes';
import { hostCos, hostLog, hostPow, hostSech2, hostSigmoid, hostSin, hostSoftplus, hostTanh } from './hostFunctions';
import { vectorExp } from './vectorExp';

// Numbers as in ../../models/expression/tape.ts.
const PARAMETER: u8 = 1;
const ADD: u8 = 3;
const SUBTRACT: u8 = 4;
const MULTIPLY: u8 = 5;
const DIVIDE: u8 = 6;
const POWER: u8 = 7;
const NEGATE: u8 = 8;
const CONSTANT_POWER: u8 = 9;
const TANH: u8 = 10;
const SIGMOID: u8 = 11;
const EXP: u8 = 12;
const LOG: u8 = 13;
const SOFTPLUS: u8 = 14;
const RELU: u8 = 15;
const SIN: u8 = 16;
const COS: u8 = 17;
const SQRT: u8 = 18;
const ABS: u8 = 19;

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

function scalarFunction(operation: u8, x: f64, constant: f64): f64 {
  switch (operation) {
    case CONSTANT_POWER:
      return hostPow(x, constant);
    case TANH:
      return hostTanh(x);
    case SIGMOID:
      return hostSigmoid(x);
    case LOG:
      return hostLog(x);
    case SOFTPLUS:
      return hostSoftplus(x);
    case SIN:
      return hostSin(x);
    default:
      return hostCos(x);
  }
}

/** y·x^(y−1); 0 for y = 0 also where x = 0. */
function powerSlope(x: f64, y: f64): f64 {
  return y == 0 ? 0 : y * hostPow(x, y - 1);
}

/** factor·log x with the limit 0 where the factor is 0. */
function timesLog(factor: f64, x: f64): f64 {
  return factor == 0 ? 0 : factor * hostLog(x);
}

function forward(): void {
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
    } else if (operation == NEGATE) {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.neg(v128.load(at(a, s))));
    } else if (operation == EXP) {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), vectorExp(v128.load(at(a, s))));
    } else if (operation == SQRT) {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.sqrt(v128.load(at(a, s))));
    } else if (operation == ABS) {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), f64x2.abs(v128.load(at(a, s))));
    } else if (operation == RELU) {
      for (let s: usize = 0; s < padded; s += 2) {
        const x = v128.load(at(a, s));
        v128.store(at(out, s), v128.bitselect(f64x2.splat(0), x, f64x2.le(x, f64x2.splat(0))));
      }
    } else if (operation == POWER) {
      const b = row(values, operand(right, i));
      for (let s: usize = 0; s < count; s++) store<f64>(at(out, s), hostPow(load<f64>(at(a, s)), load<f64>(at(b, s))));
    } else {
      const constant = load<f64>(at(constants, i));
      for (let s: usize = 0; s < count; s++) store<f64>(at(out, s), scalarFunction(operation, load<f64>(at(a, s)), constant));
    }
  }
}

/** Derivative of a function of one argument, into `firsts`. */
function slopes(i: usize, operation: u8): void {
  const o = row(values, i);
  const a = row(values, operand(left, i));
  for (let s: usize = 0; s < count; s++) {
    const x = load<f64>(at(a, s));
    let slope: f64;
    switch (operation) {
      case CONSTANT_POWER:
        slope = powerSlope(x, load<f64>(at(constants, i)));
        break;
      case TANH:
        slope = hostSech2(x);
        break;
      case SIGMOID:
        slope = load<f64>(at(o, s)) * hostSigmoid(-x);
        break;
      case EXP:
        slope = load<f64>(at(o, s));
        break;
      case LOG:
        slope = 1 / x;
        break;
      case SOFTPLUS:
        slope = hostSigmoid(x);
        break;
      case RELU:
        slope = x > 0 ? 1 : 0;
        break;
      case SIN:
        slope = hostCos(x);
        break;
      case COS:
        slope = -hostSin(x);
        break;
      case SQRT:
        slope = 0.5 / load<f64>(at(o, s));
        break;
      default:
        slope = x > 0 ? 1 : x < 0 ? -1 : 0;
    }
    store<f64>(at(firsts, s), slope);
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
          for (let s: usize = 0; s < count; s++) {
            const p = at(ga, s);
            store<f64>(p, load<f64>(p) + load<f64>(at(g, s)) * powerSlope(load<f64>(at(a, s)), load<f64>(at(b, s))));
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
          for (let s: usize = 0; s < count; s++) {
            const p = at(gb, s);
            store<f64>(p, load<f64>(p) + load<f64>(at(g, s)) * timesLog(load<f64>(at(o, s)), load<f64>(at(a, s))));
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

export function tapeLossAndGradient(targets: usize, parameters: usize, gradient: usize): f64 {
  for (let p: usize = 0; p < parameterTotal; p++) {
    const instruction = load<i32>(parameterRows + (p << 2));
    if (instruction < 0) continue;
    const out = row(values, <usize>instruction);
    const value = v128.load64_splat(at(parameters, p));
    for (let s: usize = 0; s < padded; s += 2) v128.store(at(out, s), value);
  }
  forward();
  memory.fill(adjoints, 0, (length * padded) << 3);
  const outputs = row(values, result);
  const seeds = row(adjoints, result);
  const scale = 2.0 / <f64>count;
  let loss = 0.0;
  for (let s: usize = 0; s < count; s++) {
    const residual = load<f64>(at(outputs, s)) - load<f64>(at(targets, s));
    loss += residual * residual;
    store<f64>(at(seeds, s), scale * residual);
  }
  reverse();
  for (let p: usize = 0; p < parameterTotal; p++) {
    const instruction = load<i32>(parameterRows + (p << 2));
    let sum = 0.0;
    if (instruction >= 0) {
      const g = row(adjoints, <usize>instruction);
      for (let s: usize = 0; s < count; s++) sum += load<f64>(at(g, s));
    }
    store<f64>(at(gradient, p), sum);
  }
  return loss / <f64>count;
}
