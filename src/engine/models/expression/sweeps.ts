import { cos, exp, log, pow, sech2, sigmoid, sin, softplus, tanh } from '../../numbers/elementary';
import { Dependence, Operation, type Tape } from './tape';

/** Samples that go through a tape together: enough to make the dispatch of an instruction cheap, few enough to stay in cache. */
const BLOCK = 128;

/**
 * Runs a tape over blocks of samples, instruction by instruction, each in a plain loop over the samples of the block:
 * forward for values, forward for directional derivatives, backward for derivatives by all parameters at once, and backward
 * over forward for Hessian-vector products. Rows of a workspace belong to instructions, columns to samples.
 */
export class TapeSweeps {
  readonly block: number;
  private readonly values: Float64Array;
  /** Directional derivatives of the values. */
  private tangents = new Float64Array(0);
  /** Derivatives of the result by the values. */
  private adjoints = new Float64Array(0);
  /** Directional derivatives of the adjoints. */
  private adjointTangents = new Float64Array(0);
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  /** For each parameter its instruction; −1 when the expression does not use it. */
  readonly parameterRows: Int32Array;
  private readonly inputRows: { row: number; input: number }[] = [];

  constructor(
    private readonly tape: Tape,
    sampleCount: number,
  ) {
    this.block = Math.max(1, Math.min(BLOCK, sampleCount));
    this.values = new Float64Array(tape.length * this.block);
    this.first = new Float64Array(this.block);
    this.second = new Float64Array(this.block);
    this.parameterRows = new Int32Array(tape.parameterCount).fill(-1);
    for (let i = 0; i < tape.length; i++) {
      if (tape.operations[i] === Operation.constant) this.fillRow(this.values, i, tape.constants[i]);
      if (tape.operations[i] === Operation.parameter) this.parameterRows[tape.left[i]] = i;
      if (tape.operations[i] === Operation.input) this.inputRows.push({ row: i, input: tape.left[i] });
    }
  }

  setParameters(parameters: Float64Array): void {
    for (let p = 0; p < this.parameterRows.length; p++) {
      if (this.parameterRows[p] >= 0) this.fillRow(this.values, this.parameterRows[p], parameters[p]);
    }
  }

  /** Loads the inputs of the samples from `start` on out of a feature-major array (d × n). */
  loadInputs(features: Float64Array, n: number, start: number, count: number): void {
    for (const { row, input } of this.inputRows) {
      const from = input * n + start;
      this.values.set(features.subarray(from, from + count), row * this.block);
    }
  }

  /** Values of the result, valid until the next sweep; the first `count` are of this block. */
  result(): Float64Array {
    const at = this.tape.result * this.block;
    return this.values.subarray(at, at + this.block);
  }

  resultTangents(): Float64Array {
    const at = this.tape.result * this.block;
    return this.tangents.subarray(at, at + this.block);
  }

  /** Derivative of the (weighted) result by a parameter, for each sample; undefined when the expression does not use it. */
  parameterAdjoints(parameter: number): Float64Array | undefined {
    return this.rowOf(this.adjoints, parameter);
  }

  parameterAdjointTangents(parameter: number): Float64Array | undefined {
    return this.rowOf(this.adjointTangents, parameter);
  }

  forward(count: number): void {
    const { operations, left, right, constants, length } = this.tape;
    const { values, block } = this;
    for (let i = 0; i < length; i++) {
      const o = i * block;
      const a = left[i] * block;
      const b = right[i] * block;
      switch (operations[i]) {
        case Operation.add:
          for (let s = 0; s < count; s++) values[o + s] = values[a + s] + values[b + s];
          break;
        case Operation.subtract:
          for (let s = 0; s < count; s++) values[o + s] = values[a + s] - values[b + s];
          break;
        case Operation.multiply:
          for (let s = 0; s < count; s++) values[o + s] = values[a + s] * values[b + s];
          break;
        case Operation.divide:
          for (let s = 0; s < count; s++) values[o + s] = values[a + s] / values[b + s];
          break;
        case Operation.power:
          for (let s = 0; s < count; s++) values[o + s] = pow(values[a + s], values[b + s]);
          break;
        case Operation.negate:
          for (let s = 0; s < count; s++) values[o + s] = -values[a + s];
          break;
        case Operation.constantPower:
          for (let s = 0; s < count; s++) values[o + s] = pow(values[a + s], constants[i]);
          break;
        case Operation.tanh:
          for (let s = 0; s < count; s++) values[o + s] = tanh(values[a + s]);
          break;
        case Operation.sigmoid:
          for (let s = 0; s < count; s++) values[o + s] = sigmoid(values[a + s]);
          break;
        case Operation.exp:
          for (let s = 0; s < count; s++) values[o + s] = exp(values[a + s]);
          break;
        case Operation.log:
          for (let s = 0; s < count; s++) values[o + s] = log(values[a + s]);
          break;
        case Operation.softplus:
          for (let s = 0; s < count; s++) values[o + s] = softplus(values[a + s]);
          break;
        case Operation.relu:
          for (let s = 0; s < count; s++) {
            const x = values[a + s];
            values[o + s] = x > 0 ? x : x === x ? 0 : x;
          }
          break;
        case Operation.sin:
          for (let s = 0; s < count; s++) values[o + s] = sin(values[a + s]);
          break;
        case Operation.cos:
          for (let s = 0; s < count; s++) values[o + s] = cos(values[a + s]);
          break;
        case Operation.sqrt:
          for (let s = 0; s < count; s++) values[o + s] = Math.sqrt(values[a + s]);
          break;
        case Operation.abs:
          for (let s = 0; s < count; s++) values[o + s] = Math.abs(values[a + s]);
          break;
      }
    }
  }

  /** Directional derivatives of all values; after `forward`. */
  forwardTangents(direction: Float64Array, count: number): void {
    const { operations, left, right, dependence, length } = this.tape;
    if (this.tangents.length === 0) this.tangents = new Float64Array(this.values.length);
    const { values: v, tangents: t, block, first } = this;
    for (let i = 0; i < length; i++) {
      if (dependence[i] === Dependence.none) continue;
      const o = i * block;
      const a = left[i] * block;
      const b = right[i] * block;
      switch (operations[i]) {
        case Operation.parameter:
          t.fill(direction[left[i]], o, o + count);
          break;
        case Operation.add:
          for (let s = 0; s < count; s++) t[o + s] = t[a + s] + t[b + s];
          break;
        case Operation.subtract:
          for (let s = 0; s < count; s++) t[o + s] = t[a + s] - t[b + s];
          break;
        case Operation.multiply:
          for (let s = 0; s < count; s++) t[o + s] = t[a + s] * v[b + s] + v[a + s] * t[b + s];
          break;
        case Operation.divide:
          for (let s = 0; s < count; s++) t[o + s] = (t[a + s] - v[o + s] * t[b + s]) / v[b + s];
          break;
        case Operation.power:
          for (let s = 0; s < count; s++) {
            let sum = t[a + s] === 0 ? 0 : powerSlope(v[a + s], v[b + s]) * t[a + s];
            if (t[b + s] !== 0) sum += timesLog(v[o + s], v[a + s]) * t[b + s];
            t[o + s] = sum;
          }
          break;
        case Operation.negate:
          for (let s = 0; s < count; s++) t[o + s] = -t[a + s];
          break;
        default:
          this.slopes(i, count, false);
          for (let s = 0; s < count; s++) t[o + s] = first[s] * t[a + s];
      }
    }
  }

  /** Derivatives of seeds·result by all values; after `forward`. `seeds` has at least `count` numbers from `from` on. */
  reverse(seeds: Float64Array, from: number, count: number): void {
    const { operations, left, right, dependence, result } = this.tape;
    if (this.adjoints.length === 0) this.adjoints = new Float64Array(this.values.length);
    const { values: v, adjoints: g, block, first } = this;
    g.fill(0);
    for (let s = 0; s < count; s++) g[result * block + s] = seeds[from + s];
    for (let i = result; i >= 0; i--) {
      if (dependence[i] === Dependence.none) continue;
      const o = i * block;
      const a = left[i] * block;
      const b = right[i] * block;
      const leftMatters = operations[i] >= Operation.add && dependence[left[i]] !== Dependence.none;
      const rightMatters = operations[i] >= Operation.add && right[i] >= 0 && dependence[right[i]] !== Dependence.none;
      switch (operations[i]) {
        case Operation.parameter:
          break;
        case Operation.add:
          if (leftMatters) for (let s = 0; s < count; s++) g[a + s] += g[o + s];
          if (rightMatters) for (let s = 0; s < count; s++) g[b + s] += g[o + s];
          break;
        case Operation.subtract:
          if (leftMatters) for (let s = 0; s < count; s++) g[a + s] += g[o + s];
          if (rightMatters) for (let s = 0; s < count; s++) g[b + s] -= g[o + s];
          break;
        case Operation.multiply:
          if (leftMatters) for (let s = 0; s < count; s++) g[a + s] += g[o + s] * v[b + s];
          if (rightMatters) for (let s = 0; s < count; s++) g[b + s] += g[o + s] * v[a + s];
          break;
        case Operation.divide:
          if (leftMatters) for (let s = 0; s < count; s++) g[a + s] += g[o + s] / v[b + s];
          if (rightMatters) for (let s = 0; s < count; s++) g[b + s] -= (g[o + s] * v[o + s]) / v[b + s];
          break;
        case Operation.power:
          if (leftMatters) for (let s = 0; s < count; s++) g[a + s] += g[o + s] * powerSlope(v[a + s], v[b + s]);
          if (rightMatters) for (let s = 0; s < count; s++) g[b + s] += g[o + s] * timesLog(v[o + s], v[a + s]);
          break;
        case Operation.negate:
          for (let s = 0; s < count; s++) g[a + s] -= g[o + s];
          break;
        default:
          this.slopes(i, count, false);
          for (let s = 0; s < count; s++) g[a + s] += g[o + s] * first[s];
      }
    }
  }

  /** Like `reverse`, with the directional derivatives of the adjoints; after `forward` and `forwardTangents`. */
  reverseTangents(seeds: Float64Array, from: number, count: number): void {
    const { operations, left, right, dependence, result } = this.tape;
    if (this.adjoints.length === 0) this.adjoints = new Float64Array(this.values.length);
    if (this.adjointTangents.length === 0) this.adjointTangents = new Float64Array(this.values.length);
    const { values: v, tangents: t, adjoints: g, adjointTangents: h, block, first, second } = this;
    g.fill(0);
    h.fill(0);
    for (let s = 0; s < count; s++) g[result * block + s] = seeds[from + s];
    for (let i = result; i >= 0; i--) {
      if (dependence[i] === Dependence.none) continue;
      const o = i * block;
      const a = left[i] * block;
      const b = right[i] * block;
      const leftMatters = operations[i] >= Operation.add && dependence[left[i]] !== Dependence.none;
      const rightMatters = operations[i] >= Operation.add && right[i] >= 0 && dependence[right[i]] !== Dependence.none;
      switch (operations[i]) {
        case Operation.parameter:
          break;
        case Operation.add:
        case Operation.subtract: {
          const sign = operations[i] === Operation.add ? 1 : -1;
          for (let s = 0; s < count; s++) {
            if (leftMatters) {
              g[a + s] += g[o + s];
              h[a + s] += h[o + s];
            }
            if (rightMatters) {
              g[b + s] += sign * g[o + s];
              h[b + s] += sign * h[o + s];
            }
          }
          break;
        }
        case Operation.multiply:
          if (leftMatters) {
            // A value that does not depend on the parameters has no tangent.
            for (let s = 0; s < count; s++) {
              g[a + s] += g[o + s] * v[b + s];
              h[a + s] += h[o + s] * v[b + s] + (rightMatters ? g[o + s] * t[b + s] : 0);
            }
          }
          if (rightMatters) {
            for (let s = 0; s < count; s++) {
              g[b + s] += g[o + s] * v[a + s];
              h[b + s] += h[o + s] * v[a + s] + (leftMatters ? g[o + s] * t[a + s] : 0);
            }
          }
          break;
        case Operation.divide:
          for (let s = 0; s < count; s++) {
            const reciprocal = 1 / v[b + s];
            const reciprocalTangent = rightMatters ? -reciprocal * reciprocal * t[b + s] : 0;
            if (leftMatters) {
              g[a + s] += g[o + s] * reciprocal;
              h[a + s] += h[o + s] * reciprocal + g[o + s] * reciprocalTangent;
            }
            if (rightMatters) {
              const slope = -v[o + s] * reciprocal;
              g[b + s] += g[o + s] * slope;
              h[b + s] += h[o + s] * slope - g[o + s] * (t[o + s] * reciprocal + v[o + s] * reciprocalTangent);
            }
          }
          break;
        case Operation.power:
          for (let s = 0; s < count; s++) {
            const x = v[a + s];
            const y = v[b + s];
            const tx = leftMatters ? t[a + s] : 0;
            const ty = rightMatters ? t[b + s] : 0;
            if (leftMatters) {
              const slope = powerSlope(x, y);
              let slopeTangent = tx === 0 ? 0 : y * powerSlope(x, y - 1) * tx;
              if (ty !== 0) slopeTangent += (pow(x, y - 1) + timesLog(slope, x)) * ty;
              g[a + s] += g[o + s] * slope;
              h[a + s] += h[o + s] * slope + g[o + s] * slopeTangent;
            }
            if (rightMatters) {
              const slope = timesLog(v[o + s], x);
              let slopeTangent = ty === 0 ? 0 : timesLog(slope, x) * ty;
              if (tx !== 0) slopeTangent += (pow(x, y - 1) + timesLog(powerSlope(x, y), x)) * tx;
              g[b + s] += g[o + s] * slope;
              h[b + s] += h[o + s] * slope + g[o + s] * slopeTangent;
            }
          }
          break;
        case Operation.negate:
          for (let s = 0; s < count; s++) {
            g[a + s] -= g[o + s];
            h[a + s] -= h[o + s];
          }
          break;
        default:
          this.slopes(i, count, true);
          for (let s = 0; s < count; s++) {
            g[a + s] += g[o + s] * first[s];
            h[a + s] += h[o + s] * first[s] + g[o + s] * second[s] * t[a + s];
          }
      }
    }
  }

  /** First and, on demand, second derivative of a function of one argument, at the samples of the block. */
  private slopes(i: number, count: number, withSecond: boolean): void {
    const { values: v, first, second, block } = this;
    const o = i * block;
    const a = this.tape.left[i] * block;
    switch (this.tape.operations[i]) {
      case Operation.constantPower: {
        const p = this.tape.constants[i];
        for (let s = 0; s < count; s++) first[s] = powerSlope(v[a + s], p);
        if (withSecond) for (let s = 0; s < count; s++) second[s] = p * powerSlope(v[a + s], p - 1);
        break;
      }
      case Operation.tanh:
        for (let s = 0; s < count; s++) first[s] = sech2(v[a + s]);
        if (withSecond) for (let s = 0; s < count; s++) second[s] = -2 * v[o + s] * first[s];
        break;
      case Operation.sigmoid:
        for (let s = 0; s < count; s++) first[s] = v[o + s] * sigmoid(-v[a + s]);
        if (withSecond) for (let s = 0; s < count; s++) second[s] = -first[s] * tanh(0.5 * v[a + s]);
        break;
      case Operation.exp:
        for (let s = 0; s < count; s++) first[s] = second[s] = v[o + s];
        break;
      case Operation.log:
        for (let s = 0; s < count; s++) first[s] = 1 / v[a + s];
        if (withSecond) for (let s = 0; s < count; s++) second[s] = -first[s] * first[s];
        break;
      case Operation.softplus:
        for (let s = 0; s < count; s++) first[s] = sigmoid(v[a + s]);
        if (withSecond) for (let s = 0; s < count; s++) second[s] = first[s] * sigmoid(-v[a + s]);
        break;
      case Operation.relu:
        for (let s = 0; s < count; s++) first[s] = v[a + s] > 0 ? 1 : 0;
        second.fill(0, 0, count);
        break;
      case Operation.sin:
        for (let s = 0; s < count; s++) first[s] = cos(v[a + s]);
        if (withSecond) for (let s = 0; s < count; s++) second[s] = -v[o + s];
        break;
      case Operation.cos:
        for (let s = 0; s < count; s++) first[s] = -sin(v[a + s]);
        if (withSecond) for (let s = 0; s < count; s++) second[s] = -v[o + s];
        break;
      case Operation.sqrt:
        for (let s = 0; s < count; s++) first[s] = 0.5 / v[o + s];
        if (withSecond) for (let s = 0; s < count; s++) second[s] = (-0.5 * first[s]) / v[a + s];
        break;
      case Operation.abs:
        for (let s = 0; s < count; s++) first[s] = v[a + s] > 0 ? 1 : v[a + s] < 0 ? -1 : 0;
        second.fill(0, 0, count);
        break;
      default:
        throw new Error(`Operation ${this.tape.operations[i]} is no function of one argument.`);
    }
  }

  private rowOf(rows: Float64Array, parameter: number): Float64Array | undefined {
    const row = this.parameterRows[parameter];
    return row < 0 ? undefined : rows.subarray(row * this.block, (row + 1) * this.block);
  }

  private fillRow(rows: Float64Array, row: number, value: number): void {
    rows.fill(value, row * this.block, (row + 1) * this.block);
  }
}

/** y·x^(y−1), the derivative of x^y by x; 0 for y = 0 also where x = 0. */
function powerSlope(x: number, y: number): number {
  return y === 0 ? 0 : y * pow(x, y - 1);
}

/** factor·log x with the limit 0 where the factor is 0, as in the derivative x^y log x by y at x = 0. */
function timesLog(factor: number, x: number): number {
  return factor === 0 ? 0 : factor * log(x);
}
