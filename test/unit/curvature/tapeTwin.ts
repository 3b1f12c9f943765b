import { hessianByProducts } from '../../../src/engine/curvature/hessianByProducts';
import { finish } from '../../../src/engine/finish';
import type { TapeProblem } from '../../../src/engine/kernels/problem';
import { Dependence, Operation } from '../../../src/engine/models/expression/tape';
import type { Linearization } from '../../../src/engine/models/linearization';
import type { BoundModel } from '../../../src/engine/models/model';
import { cos, exp, log, pow, sech2, sigmoid, sin, softplus, tanh } from '../../../src/engine/numbers/elementary';

/** Partial derivatives of an instruction by its operands. */
interface Partials {
  a: number;
  b: number;
  aa: number;
  ab: number;
  bb: number;
}

const along = (factor: number, t: number): number => (t === 0 ? 0 : factor * t);
const powerSlope = (x: number, y: number): number => (y === 0 ? 0 : y * pow(x, y - 1));
const timesLog = (factor: number, x: number): number => (factor === 0 ? 0 : factor * log(x));

/** The kernels of src/engine/curvature/assembly/tape.ts sample by sample, number by number: the oracle of their bits. */
export class TapeTwin implements Linearization {
  readonly parameterCount: number;
  private point: Float64Array = new Float64Array(0);
  private evaluatedSeeds: Float64Array = new Float64Array(0);

  constructor(
    private readonly problem: TapeProblem,
    private readonly bound: BoundModel,
    private readonly targets: Float64Array,
  ) {
    this.parameterCount = bound.parameterCount;
  }

  hessian(out: Float64Array): void {
    finish(hessianByProducts(this, out));
  }

  loss(parameters: Float64Array): number {
    return this.lossAndGradient(parameters, new Float64Array(this.parameterCount));
  }

  lossAndGradient(parameters: Float64Array, gradient: Float64Array): number {
    const n = this.targets.length;
    this.evaluatedSeeds = new Float64Array(n);
    this.bound.evaluate(parameters, this.evaluatedSeeds);
    for (let s = 0; s < n; s++) this.evaluatedSeeds[s] = (2 / n) * (this.evaluatedSeeds[s] - this.targets[s]);
    return this.bound.lossAndGradient(parameters, this.targets, gradient);
  }

  iterationGradient(parameters: Float64Array, increment: Float64Array, gradient: Float64Array): void {
    const n = this.targets.length;
    const last = this.evaluatedSeeds;
    const expected = last.map((e, s) => e + (2 / n) * this.at(s, increment).t[this.problem.tape.result]);
    this.loss(parameters);
    this.bound.weightedGradient(parameters, expected, gradient);
    const mismatch = this.evaluatedSeeds.map((e, s) => e - expected[s]);
    this.collect((s) => this.spread(this.at(s), mismatch[s], false)).forEach((sum, p) => (gradient[p] += sum));
  }

  moveTo(parameters: Float64Array): number {
    this.point = Float64Array.from(parameters);
    const n = this.targets.length;
    let loss = 0;
    for (let s = 0; s < n; s++) loss += this.residual(s) * this.residual(s);
    return loss / n;
  }

  gradient(out: Float64Array): void {
    out.set(this.collect((s) => this.at(s).g));
  }

  residuals(out: Float64Array): void {
    for (let s = 0; s < out.length; s++) out[s] = this.residual(s);
  }

  product(direction: Float64Array, out: Float64Array, curved = true): void {
    const n = this.targets.length;
    out.set(
      this.collect((s) => {
        const sample = this.at(s, direction);
        return this.spread(sample, (2 / n) * sample.t[this.problem.tape.result], curved);
      }),
    );
  }

  private residual(s: number): number {
    return this.at(s).v[this.problem.tape.result] - this.targets[s];
  }

  /** Sums over samples of what stands at the parameters. */
  private collect(rows: (s: number) => Float64Array): Float64Array {
    const { tape } = this.problem;
    const out = new Float64Array(this.parameterCount);
    for (let s = 0; s < this.targets.length; s++) {
      const row = rows(s);
      for (let i = 0; i < tape.length; i++) if (tape.operations[i] === Operation.parameter) out[tape.left[i]] += row[i];
    }
    return out;
  }

  /** Values, partial derivatives, adjoints and tangents of one sample at the point. */
  private at(s: number, direction: Float64Array = new Float64Array(this.parameterCount)) {
    const { tape, features, count } = this.problem;
    const { length, operations, left, right, constants, result } = tape;
    const [v, t] = [new Float64Array(length), new Float64Array(length)];
    const partials: Partials[] = [];
    for (let i = 0; i < length; i++) {
      const [x, y] = [v[left[i]], right[i] < 0 ? 0 : v[right[i]]];
      if (operations[i] === Operation.constant) v[i] = constants[i];
      else if (operations[i] === Operation.parameter) v[i] = this.point[left[i]];
      else if (operations[i] === Operation.input) v[i] = features[left[i] * count + s];
      if (operations[i] === Operation.parameter) t[i] = direction[left[i]];
      partials[i] = operations[i] >= Operation.add ? this.instruction(i, x, y, v) : { a: 0, b: 0, aa: 0, ab: 0, bb: 0 };
      if (operations[i] < Operation.add || !this.matters(i)) continue;
      const [ta, tb] = [t[left[i]], right[i] < 0 ? 0 : t[right[i]]];
      const { a, b } = partials[i];
      switch (operations[i]) {
        case Operation.divide:
        case Operation.power:
          t[i] = along(a, ta) + along(b, tb);
          break;
        case Operation.multiply:
          t[i] = ta * y + x * tb;
          break;
        case Operation.add:
        case Operation.subtract:
          t[i] = operations[i] === Operation.add ? ta + tb : ta - tb;
          break;
        default:
          t[i] = operations[i] === Operation.negate ? -ta : a * ta;
      }
    }
    const sample = { v, t, partials, g: new Float64Array(0) as Float64Array };
    const n = this.targets.length;
    sample.g = this.spread(sample, (2 / n) * (v[result] - this.targets[s]), false);
    return sample;
  }

  private matters(i: number): boolean {
    return i >= 0 && this.problem.tape.dependence[i] !== Dependence.none;
  }

  private spread(
    { v, t, partials, g }: { v: Float64Array; t: Float64Array; partials: Partials[]; g: Float64Array },
    seed: number,
    curved: boolean,
  ): Float64Array {
    const { operations, left, right, result, length } = this.problem.tape;
    const h = new Float64Array(length);
    h[result] = seed;
    for (let i = result; i >= 0; i--) {
      if (operations[i] < Operation.add || !this.matters(i)) continue;
      const [l, r] = [left[i], right[i]];
      const { a, b, aa, ab, bb } = partials[i];
      const [byLeft, byRight] = [this.matters(l), this.matters(r)];
      const both = curved && byLeft && byRight;
      switch (operations[i]) {
        case Operation.add:
        case Operation.subtract:
          if (byLeft) h[l] += h[i];
          if (byRight) h[r] += operations[i] === Operation.add ? h[i] : -h[i];
          break;
        case Operation.multiply: {
          const [x, y] = [v[l], v[r]];
          if (byLeft) h[l] += both ? h[i] * y + g[i] * t[r] : h[i] * y;
          if (byRight) h[r] += both ? h[i] * x + g[i] * t[l] : h[i] * x;
          break;
        }
        case Operation.divide:
        case Operation.power:
          if (byLeft) h[l] += h[i] * a + (curved ? g[i] * (along(aa, t[l]) + along(ab, t[r])) : 0);
          if (byRight) h[r] += h[i] * b + (curved ? g[i] * (along(ab, t[l]) + along(bb, t[r])) : 0);
          break;
        case Operation.negate:
          h[l] -= h[i];
          break;
        default:
          h[l] += curved ? h[i] * a + g[i] * aa * t[l] : h[i] * a;
      }
    }
    return h;
  }

  /** Writes the value of an instruction; its partial derivatives. */
  private instruction(i: number, x: number, y: number, v: Float64Array): Partials {
    const { operations, left, right, constants } = this.problem.tape;
    const of = (value: number, a: number, aa: number): Partials => {
      v[i] = value;
      return { a, aa, b: 0, ab: 0, bb: 0 };
    };
    switch (operations[i]) {
      case Operation.add:
        return of(x + y, 1, 0);
      case Operation.subtract:
        return of(x - y, 1, 0);
      case Operation.multiply:
        return of(x * y, 0, 0);
      case Operation.divide: {
        v[i] = x / y;
        const reciprocal = 1 / y;
        const b = -(v[i] * reciprocal);
        return { a: reciprocal, b, aa: 0, ab: -(reciprocal * reciprocal), bb: -2 * b * reciprocal };
      }
      case Operation.power: {
        v[i] = pow(x, y);
        const a = this.matters(left[i]) ? powerSlope(x, y) : 0;
        const b = this.matters(right[i]) ? timesLog(v[i], x) : 0;
        const byBoth = this.matters(left[i]) && this.matters(right[i]);
        return {
          a,
          b,
          aa: this.matters(left[i]) ? y * powerSlope(x, y - 1) : 0,
          ab: byBoth ? pow(x, y - 1) + timesLog(a, x) : 0,
          bb: this.matters(right[i]) ? timesLog(b, x) : 0,
        };
      }
      case Operation.negate:
        return of(-x, -1, 0);
      case Operation.constantPower: {
        const p = constants[i];
        return of(pow(x, p), p * pow(x, p - 1), p === 1 ? 0 : p * ((p - 1) * pow(x, p - 2)));
      }
      case Operation.tanh:
        return of(tanh(x), sech2(x), -2 * tanh(x) * sech2(x));
      case Operation.sigmoid: {
        const slope = sigmoid(x) * sigmoid(-x);
        return of(sigmoid(x), slope, -slope * tanh(0.5 * x));
      }
      case Operation.exp:
        return of(exp(x), exp(x), exp(x));
      case Operation.log:
        return of(log(x), 1 / x, -(1 / x) * (1 / x));
      case Operation.softplus:
        return of(softplus(x), sigmoid(x), sigmoid(x) * sigmoid(-x));
      case Operation.relu:
        return of(x > 0 ? x : x === x ? 0 : x, x > 0 ? 1 : 0, 0);
      case Operation.sin:
        return of(sin(x), cos(x), -sin(x));
      case Operation.cos:
        return of(cos(x), -sin(x), -cos(x));
      case Operation.sqrt: {
        const slope = 0.5 / Math.sqrt(x);
        return of(Math.sqrt(x), slope, (-0.5 * slope) / x);
      }
      default:
        return of(Math.abs(x), x > 0 ? 1 : x < 0 ? -1 : 0, 0);
    }
  }
}
