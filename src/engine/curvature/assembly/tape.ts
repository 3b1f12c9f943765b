// The loss of a formula around a point: values, first and second partial derivatives of every instruction by its operands and the
// adjoints are computed once there; products with the Hessian run forward for derivatives along a direction and backward for those of
// the adjoints. Rows are those of ../../kernels/assembly/tape.ts, whose own serve points that are only evaluated.

import { at } from '../../kernels/assembly/lanes';
import {
  ADD, collectAdjoints, CONSTANT_POWER, COS, DIVIDE, EXP, LOG, MULTIPLY, NEGATE, PARAMETER, POWER, powerSlope, SIGMOID, SIN,
  slopeOf, SOFTPLUS, SQRT, SUBTRACT, TANH, tapeEvaluate, tapeLoss, tapePullBack, tapeValues, timesLog,
} from '../../kernels/assembly/tape';
import { vectorSigmoid } from '../../kernels/assembly/vectorExp';
import { vectorPow, vectorPowConstant } from '../../kernels/assembly/vectorPower';
import { vectorTanh } from '../../kernels/assembly/vectorTanh';

let result: usize = 0;
let count: usize = 0;
let padded: usize = 0;
let length: usize = 0;
let operations: usize = 0;
let dependence: usize = 0;
let left: usize = 0;
let right: usize = 0;
let constants: usize = 0;
let targets: usize = 0;
let values: usize = 0;
let adjoints: usize = 0;
let tangents: usize = 0;
let adjointTangents: usize = 0;
/** For each instruction the number of its first row of partial derivatives. */
let slots: usize = 0;
/** Of a function of one argument: σ′, σ″; of two: by a, by b, by aa, ab, bb. */
let partials: usize = 0;
/** Seeds of the last evaluation, and others. */
let evaluatedSeeds: usize = 0;
let otherSeeds: usize = 0;

/** After `setTape`, with the same tables. `rowsAt`: place of four times `length` rows; `seedsAt`: of two rows. */
export function setTapePoint(
  tapeLength: i32,
  tapeResult: i32,
  sampleCount: i32,
  paddedCount: i32,
  operationsAt: usize,
  dependenceAt: usize,
  leftAt: usize,
  rightAt: usize,
  constantsAt: usize,
  targetsAt: usize,
  rowsAt: usize,
  slotsAt: usize,
  partialsAt: usize,
  seedsAt: usize,
): void {
  length = tapeLength;
  result = tapeResult;
  count = sampleCount;
  padded = paddedCount;
  operations = operationsAt;
  dependence = dependenceAt;
  left = leftAt;
  right = rightAt;
  constants = constantsAt;
  targets = targetsAt;
  values = rowsAt;
  adjoints = at(values, length * padded);
  tangents = at(adjoints, length * padded);
  adjointTangents = at(tangents, length * padded);
  slots = slotsAt;
  partials = partialsAt;
  evaluatedSeeds = seedsAt;
  otherSeeds = at(seedsAt, padded);
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
function matters(instruction: usize): bool {
  return load<u8>(dependence + instruction) != 0;
}

// @ts-ignore: decorator
@inline
function addTo(target: usize, s: usize, term: v128): void {
  const p = at(target, s);
  v128.store(p, f64x2.add(v128.load(p), term));
}

/** factor·t, and 0 where t is 0 even if the factor is not finite. */
// @ts-ignore: decorator
@inline
function along(factor: v128, t: v128): v128 {
  return v128.and(f64x2.mul(factor, t), f64x2.ne(t, f64x2.splat(0)));
}

/** Second derivative at x of a function with value v and derivative `slope` there. */
function curvatureOf(operation: u8, x: v128, v: v128, slope: v128): v128 {
  switch (operation) {
    case TANH:
      return f64x2.mul(f64x2.mul(f64x2.splat(-2), v), slope);
    case SIGMOID:
      return f64x2.mul(f64x2.neg(slope), vectorTanh(f64x2.mul(f64x2.splat(0.5), x)));
    case EXP:
      return v;
    case LOG:
      return f64x2.mul(f64x2.neg(slope), slope);
    case SOFTPLUS:
      return f64x2.mul(slope, vectorSigmoid(f64x2.neg(x)));
    case SIN:
    case COS:
      return f64x2.neg(v);
    case SQRT:
      return f64x2.div(f64x2.mul(f64x2.splat(-0.5), slope), x);
    default:
      return f64x2.splat(0);
  }
}

function takePartials(i: usize, operation: u8): void {
  const l = operand(left, i);
  const a = row(values, l);
  const o = row(values, i);
  const p0 = row(partials, operand(slots, i));
  const p1 = row(p0, 1);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  if (operation > POWER) {
    if (operation == CONSTANT_POWER) {
      const exponent = load<f64>(at(constants, i));
      const p = f64x2.splat(exponent);
      const lower = f64x2.splat(exponent - 1);
      for (let s: usize = 0; s < padded; s += 2) {
        const x = v128.load(at(a, s));
        v128.store(at(p0, s), f64x2.mul(p, vectorPowConstant(x, exponent - 1)));
        v128.store(at(p1, s), exponent == 1 ? zero : f64x2.mul(p, f64x2.mul(lower, vectorPowConstant(x, exponent - 2))));
      }
      return;
    }
    for (let s: usize = 0; s < padded; s += 2) {
      const x = v128.load(at(a, s));
      const v = v128.load(at(o, s));
      const slope = slopeOf(operation, x, v);
      v128.store(at(p0, s), slope);
      v128.store(at(p1, s), curvatureOf(operation, x, v, slope));
    }
    return;
  }
  const r = operand(right, i);
  const b = row(values, r);
  const p2 = row(p0, 2);
  const p3 = row(p0, 3);
  const p4 = row(p0, 4);
  const byLeft = matters(l);
  const byRight = matters(r);
  for (let s: usize = 0; s < padded; s += 2) {
    const x = v128.load(at(a, s));
    const y = v128.load(at(b, s));
    const v = v128.load(at(o, s));
    if (operation == DIVIDE) {
      const reciprocal = f64x2.div(one, y);
      const slope = f64x2.neg(f64x2.mul(v, reciprocal));
      v128.store(at(p0, s), reciprocal);
      v128.store(at(p1, s), slope);
      v128.store(at(p2, s), zero);
      v128.store(at(p3, s), f64x2.neg(f64x2.mul(reciprocal, reciprocal)));
      v128.store(at(p4, s), f64x2.mul(f64x2.mul(f64x2.splat(-2), slope), reciprocal));
    } else {
      const slopeA = byLeft ? powerSlope(x, y) : zero;
      const slopeB = byRight ? timesLog(v, x) : zero;
      const less = f64x2.sub(y, one);
      v128.store(at(p0, s), slopeA);
      v128.store(at(p1, s), slopeB);
      v128.store(at(p2, s), byLeft ? f64x2.mul(y, powerSlope(x, less)) : zero);
      v128.store(at(p3, s), byLeft && byRight ? f64x2.add(vectorPow(x, less), timesLog(slopeA, x)) : zero);
      v128.store(at(p4, s), byRight ? timesLog(slopeB, x) : zero);
    }
  }
}

/** Adds what the adjoint of an instruction gives to those of its operands; with `curved` also what its partial derivatives change by. */
function spread(rows: usize, i: usize, operation: u8, curved: bool): void {
  const h = row(rows, i);
  const l = operand(left, i);
  const ha = row(rows, l);
  const byLeft = matters(l);
  if (operation > POWER) {
    if (operation == NEGATE) {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(ha, s), f64x2.sub(v128.load(at(ha, s)), v128.load(at(h, s))));
      return;
    }
    const p0 = row(partials, operand(slots, i));
    if (!curved) {
      for (let s: usize = 0; s < padded; s += 2) addTo(ha, s, f64x2.mul(v128.load(at(h, s)), v128.load(at(p0, s))));
      return;
    }
    const p1 = row(p0, 1);
    const g = row(adjoints, i);
    const ta = row(tangents, l);
    for (let s: usize = 0; s < padded; s += 2) {
      const bend = f64x2.mul(f64x2.mul(v128.load(at(g, s)), v128.load(at(p1, s))), v128.load(at(ta, s)));
      addTo(ha, s, f64x2.add(f64x2.mul(v128.load(at(h, s)), v128.load(at(p0, s))), bend));
    }
    return;
  }
  const r = operand(right, i);
  const hb = row(rows, r);
  const byRight = matters(r);
  if (operation <= SUBTRACT) {
    if (byLeft) for (let s: usize = 0; s < padded; s += 2) addTo(ha, s, v128.load(at(h, s)));
    if (!byRight) return;
    if (operation == ADD) for (let s: usize = 0; s < padded; s += 2) addTo(hb, s, v128.load(at(h, s)));
    else for (let s: usize = 0; s < padded; s += 2) v128.store(at(hb, s), f64x2.sub(v128.load(at(hb, s)), v128.load(at(h, s))));
    return;
  }
  const g = row(adjoints, i);
  const ta = row(tangents, l);
  const tb = row(tangents, r);
  if (operation == MULTIPLY) {
    const a = row(values, l);
    const b = row(values, r);
    const both = curved && byLeft && byRight;
    if (byLeft) {
      for (let s: usize = 0; s < padded; s += 2) {
        const term = f64x2.mul(v128.load(at(h, s)), v128.load(at(b, s)));
        addTo(ha, s, both ? f64x2.add(term, f64x2.mul(v128.load(at(g, s)), v128.load(at(tb, s)))) : term);
      }
    }
    if (byRight) {
      for (let s: usize = 0; s < padded; s += 2) {
        const term = f64x2.mul(v128.load(at(h, s)), v128.load(at(a, s)));
        addTo(hb, s, both ? f64x2.add(term, f64x2.mul(v128.load(at(g, s)), v128.load(at(ta, s)))) : term);
      }
    }
    return;
  }
  const p0 = row(partials, operand(slots, i));
  const zero = f64x2.splat(0);
  const p1 = row(p0, 1);
  const p2 = row(p0, 2);
  const p3 = row(p0, 3);
  const p4 = row(p0, 4);
  for (let s: usize = 0; s < padded; s += 2) {
    const adjoint = v128.load(at(h, s));
    let changeA = zero;
    let changeB = zero;
    if (curved) {
      const weight = v128.load(at(g, s));
      const x = v128.load(at(ta, s));
      const y = v128.load(at(tb, s));
      const mixed = v128.load(at(p3, s));
      changeA = f64x2.mul(weight, f64x2.add(along(v128.load(at(p2, s)), x), along(mixed, y)));
      changeB = f64x2.mul(weight, f64x2.add(along(mixed, x), along(v128.load(at(p4, s)), y)));
    }
    if (byLeft) addTo(ha, s, f64x2.add(f64x2.mul(adjoint, v128.load(at(p0, s))), changeA));
    if (byRight) addTo(hb, s, f64x2.add(f64x2.mul(adjoint, v128.load(at(p1, s))), changeB));
  }
}

// @ts-ignore: decorator
@inline
function isStep(i: usize): bool {
  return load<u8>(operations + i) >= ADD && matters(i);
}

function spreadAll(rows: usize, curved: bool): void {
  for (let i: usize = result + 1; i-- > 0; ) if (isStep(i)) spread(rows, i, load<u8>(operations + i), curved);
}

/** Derivatives of all values along a direction. */
function takeTangents(direction: usize): void {
  for (let i: usize = 0; i <= result; i++) {
    if (!matters(i)) continue;
    const operation = load<u8>(operations + i);
    const t = row(tangents, i);
    const l = operand(left, i);
    if (operation == PARAMETER) {
      const value = v128.load64_splat(at(direction, l));
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(t, s), value);
      continue;
    }
    const ta = row(tangents, l);
    if (operation == NEGATE) {
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(t, s), f64x2.neg(v128.load(at(ta, s))));
      continue;
    }
    if (operation > POWER) {
      const p0 = row(partials, operand(slots, i));
      for (let s: usize = 0; s < padded; s += 2) v128.store(at(t, s), f64x2.mul(v128.load(at(p0, s)), v128.load(at(ta, s))));
      continue;
    }
    const r = operand(right, i);
    const tb = row(tangents, r);
    if (operation == ADD) for (let s: usize = 0; s < padded; s += 2) v128.store(at(t, s), f64x2.add(v128.load(at(ta, s)), v128.load(at(tb, s))));
    else if (operation == SUBTRACT) for (let s: usize = 0; s < padded; s += 2) v128.store(at(t, s), f64x2.sub(v128.load(at(ta, s)), v128.load(at(tb, s))));
    else if (operation == MULTIPLY) {
      const a = row(values, l);
      const b = row(values, r);
      for (let s: usize = 0; s < padded; s += 2) {
        const first = f64x2.mul(v128.load(at(ta, s)), v128.load(at(b, s)));
        v128.store(at(t, s), f64x2.add(first, f64x2.mul(v128.load(at(a, s)), v128.load(at(tb, s)))));
      }
    } else {
      const p0 = row(partials, operand(slots, i));
      const p1 = row(p0, 1);
      for (let s: usize = 0; s < padded; s += 2) {
        const first = along(v128.load(at(p0, s)), v128.load(at(ta, s)));
        v128.store(at(t, s), f64x2.add(first, along(v128.load(at(p1, s)), v128.load(at(tb, s)))));
      }
    }
  }
}

export function linearizeTape(point: usize): f64 {
  tapeValues(values, point);
  for (let i: usize = 0; i <= result; i++) {
    const operation = load<u8>(operations + i);
    if (isStep(i) && operation >= DIVIDE && operation != NEGATE) takePartials(i, operation);
  }
  memory.fill(adjoints, 0, (length * padded) << 3);
  const loss = tapeLoss(values, targets, row(adjoints, result));
  spreadAll(adjoints, false);
  return loss;
}

export function gradientTape(out: usize): void {
  collectAdjoints(adjoints, out, false);
}

/** Where the adjoints of the result along a direction stand, with all others 0. */
function clearAdjointTangents(): usize {
  memory.fill(adjointTangents, 0, (length * padded) << 3);
  return row(adjointTangents, result);
}

export function productTape(direction: usize, out: usize, curved: bool): void {
  takeTangents(direction);
  const seeds = clearAdjointTangents();
  const t = row(tangents, result);
  const scale = f64x2.splat(2.0 / <f64>count);
  for (let s: usize = 0; s < padded; s += 2) v128.store(at(seeds, s), f64x2.mul(scale, v128.load(at(t, s))));
  spreadAll(adjointTangents, curved);
  collectAdjoints(adjointTangents, out, false);
}

export function evaluateTape(parameters: usize): f64 {
  return tapeEvaluate(targets, parameters, evaluatedSeeds);
}

export function lossAndGradientTape(parameters: usize, out: usize): f64 {
  const loss = evaluateTape(parameters);
  tapePullBack(evaluatedSeeds, out);
  return loss;
}

export function iterationGradientTape(parameters: usize, increment: usize, out: usize): void {
  takeTangents(increment);
  const t = row(tangents, result);
  const scale = f64x2.splat(2.0 / <f64>count);
  for (let s: usize = 0; s < padded; s += 2) {
    v128.store(at(otherSeeds, s), f64x2.add(v128.load(at(evaluatedSeeds, s)), f64x2.mul(scale, v128.load(at(t, s)))));
  }
  evaluateTape(parameters);
  tapePullBack(otherSeeds, out);
  const seeds = clearAdjointTangents();
  for (let s: usize = 0; s < padded; s += 2) {
    v128.store(at(seeds, s), f64x2.sub(v128.load(at(evaluatedSeeds, s)), v128.load(at(otherSeeds, s))));
  }
  spreadAll(adjointTangents, false);
  collectAdjoints(adjointTangents, out, true);
}
