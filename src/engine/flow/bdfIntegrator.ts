import { pow } from '../numbers/elementary';
import { StateError, type SavedFields } from '../training/savedState';
import { MAXIMUM_ORDER, createCoefficients, lowerOrder, raiseOrder, setCoefficients } from './bdfCoefficients';
import { initialStepSize } from './initialStep';
import { allFinite, weightedNorm, type IntegratorStatistics, type NewtonMatrix, type StiffSystem } from './stiffSystem';

export interface BdfOptions {
  /** Default 1e-8. Looser is not always cheaper: near degenerate minima the solution leaves its slow manifold and is thrown back. */
  relativeTolerance?: number;
  /** Default 1e-11; one for all components, or one each. */
  absoluteTolerance?: number | Float64Array;
  /** 1 to 5, default 5. */
  maximumOrder?: number;
  /** Default: from the size of the second derivative. */
  initialStep?: number;
  maximumStep?: number;
  /** The last step ends exactly here. Default: never. */
  stopTime?: number;
}

/** Why a step could not be made: the tolerances cannot be met, or Newton's method does not converge at any step size. */
export type StepFailure = 'errorTest' | 'newton' | 'stepTooSmall';

const NEWTON_ITERATIONS = 4;
/**
 * Newton's method stops once its error is this part of what the error test allows. VODE's 0.1 leaves an error that the error estimate
 * takes for a property of the solution and that keeps steps of high order from growing (by (6 · 0.1)^(-1/6) < 1.5 at order 5): in
 * degenerate valleys 0.01 halves their number.
 */
const NEWTON_PART = 0.01;
const LINEAR_PART = 0.05;
const MAXIMUM_NEWTON_FAILURES = 10;
const MAXIMUM_ERROR_FAILURES = 7;
/** A matrix is renewed after so many steps or when γ has changed by this part; a Jacobian lives longer. */
const MATRIX_AGE = 20;
const GAMMA_CHANGE = 0.3;
const JACOBIAN_AGE = 50;
/** A step grows only when it can grow by this factor: a constant step size keeps the matrix. */
const WORTHWHILE = 1.5;
const FIRST_GROWTH = 1e4;
const GROWTH = 10;
const UNIT_ROUNDOFF = 2.220446049250313e-16;

/** `cut`: the step has just been cut after Newton's method failed with a new Jacobian. */
type Trust = 'sound' | 'cut';

/**
 * Variable-order (1–5), variable-step BDF for stiff systems: Nordsieck array, fixed leading coefficient, modified Newton with
 * reused Jacobians (Brown, Byrne and Hindmarsh, "VODE", 1989, whose control constants it mostly keeps). One thing is added: where Newton's
 * method fails with a new Jacobian, that is taken once more where the iteration stands before the step is cut. Orders 3 to 5 are stable
 * for all decaying real modes, which is what a gradient flow has: its Jacobian is symmetric.
 *
 * Only forwards in time. Between steps the state, the last step and its interpolant can be read.
 */
export class BdfIntegrator {
  /** End of the last accepted step. */
  time: number;
  /** Order of the last accepted step. */
  order = 1;
  /** Size of the last accepted step; 0 before the first. */
  stepSize = 0;
  readonly statistics: IntegratorStatistics = {
    steps: 0,
    derivatives: 0,
    jacobians: 0,
    factorizations: 0,
    newtonIterations: 0,
    rejections: 0,
    newtonFailures: 0,
  };
  /** 1 / (relative tolerance · |y_i| + absolute tolerance_i) at the start of the last step. */
  readonly weights: Float64Array;

  private readonly n: number;
  private readonly relativeTolerance: number;
  private readonly absoluteTolerance: Float64Array;
  private readonly maximumOrder: number;
  private readonly maximumStep: number;
  private readonly stopTime: number;
  /** z[j] = h^j y^(j) / j!. */
  private readonly z: Float64Array[];
  /** Correction e of the step. */
  private readonly correction: Float64Array;
  /** The correction of the step before an order change is considered. */
  private readonly savedCorrection: Float64Array;
  private readonly iterate: Float64Array;
  private readonly slope: Float64Array;
  private readonly residual: Float64Array;
  private readonly coefficients = createCoefficients();
  private readonly steps = new Float64Array(MAXIMUM_ORDER + 2);

  private h = 0;
  private nextStep = 0;
  private nextOrder = 1;
  /** Steps until an order change is considered. */
  private orderWait = 2;
  private maximumGrowth = FIRST_GROWTH;
  private savedDerivative = 0;
  private gamma = 0;
  private matrixGamma = 0;
  private matrixStep = 0;
  private jacobianStep = 0;
  private convergenceRate = 1;
  /** ‖e‖ in the weighted norm. */
  private correctionNorm = 0;
  private started = false;

  constructor(
    private readonly system: StiffSystem,
    private readonly matrix: NewtonMatrix,
    startTime: number,
    start: Float64Array,
    private readonly options: BdfOptions = {},
  ) {
    const n = system.dimension;
    this.n = n;
    this.time = startTime;
    this.relativeTolerance = options.relativeTolerance ?? 1e-8;
    const absolute = options.absoluteTolerance ?? 1e-11;
    this.absoluteTolerance = typeof absolute === 'number' ? new Float64Array(n).fill(absolute) : absolute;
    this.maximumOrder = Math.min(MAXIMUM_ORDER, Math.max(1, Math.floor(options.maximumOrder ?? MAXIMUM_ORDER)));
    this.maximumStep = options.maximumStep ?? Infinity;
    this.stopTime = options.stopTime ?? Infinity;
    this.z = Array.from({ length: this.maximumOrder + 1 }, () => new Float64Array(n));
    this.z[0].set(start);
    this.correction = new Float64Array(n);
    this.savedCorrection = new Float64Array(n);
    this.iterate = new Float64Array(n);
    this.slope = new Float64Array(n);
    this.residual = new Float64Array(n);
    this.weights = new Float64Array(n);
  }

  /** The state at `time`. Changed in place by the next step. */
  get state(): Float64Array {
    return this.z[0];
  }

  /** out = dy/dt at `time` as the method has it (to the tolerance of Newton's method); zero before the first step. */
  slopeAt(out: Float64Array): void {
    const row = this.z[1];
    for (let i = 0; i < this.n; i++) out[i] = this.stepSize === 0 ? 0 : row[i] / this.stepSize;
  }

  /** Nordsieck rows 0 … order of the last step, scaled to `stepSize`: a polynomial in (t − time) / stepSize. */
  get polynomial(): readonly Float64Array[] {
    return this.z.slice(0, this.order + 1);
  }

  /** out = y(t) for t in the last step, to the order of the method. */
  interpolate(time: number, out: Float64Array): void {
    const x = this.stepSize === 0 ? 0 : (time - this.time) / this.stepSize;
    out.set(this.z[this.order]);
    for (let j = this.order - 1; j >= 0; j--) {
      const row = this.z[j];
      for (let i = 0; i < this.n; i++) out[i] = out[i] * x + row[i];
    }
  }

  /** All that the next step depends on besides the matrix and the system, as plain data; undefined before the first step. */
  save(): object | undefined {
    if (!this.started || this.matrixGamma === 0) return undefined;
    const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, this[name as keyof typeof NUMBERS]]));
    const rows = Object.fromEntries(this.z.map((row, j) => [`z${j}`, row.slice()]));
    return {
      ...numbers,
      ...rows,
      statistics: { ...this.statistics },
      correction: this.correction.slice(),
      savedCorrection: this.savedCorrection.slice(),
      steps: this.steps.slice(),
    };
  }

  /**
   * Goes on from there; the matrix must stand as it did for γ = `matrixGamma`.
   *
   * @throws StateError when it is none of this problem
   */
  goOn(saved: SavedFields): { matrixGamma: number } {
    const { n, z, statistics } = this;
    for (const [name, range] of Object.entries(NUMBERS)) this[name as keyof typeof NUMBERS] = saved.number(name, range);
    if (Math.max(this.order, this.nextOrder) > this.maximumOrder || this.time > this.stopTime)
      throw new StateError('its order or time is beyond the end');
    z.forEach((row, j) => row.set(saved.vector(`z${j}`, n)));
    const counts = saved.record('statistics');
    for (const name of Object.keys(statistics) as (keyof IntegratorStatistics)[])
      statistics[name] = counts.number(name, { least: 0, whole: true });
    this.correction.set(saved.vector('correction', n));
    this.savedCorrection.set(saved.vector('savedCorrection', n));
    this.steps.set(saved.vector('steps', this.steps.length));
    this.started = true;
    return { matrixGamma: this.matrixGamma };
  }

  /** Makes one accepted step, or says why that is impossible; the state is then that of the last accepted step. */
  step(): StepFailure | null {
    this.setWeights();
    if (!this.started) this.start();
    else this.adjust();

    const { statistics, coefficients, z } = this;
    const startTime = this.time;
    let newtonFailures = 0;
    let errorFailures = 0;
    let trust: Trust = 'sound';
    let forceMatrix = false;
    let errorNorm = 0;
    for (;;) {
      if (!(this.h > 0) || startTime + this.h === startTime) return 'stepTooSmall';
      this.time = startTime + this.h;
      this.predict();
      setCoefficients(coefficients, this.order, this.h, this.steps);
      this.gamma = this.h / coefficients.l[1];

      if (!this.solveNewton(trust, forceMatrix)) {
        this.time = startTime;
        this.restore();
        statistics.newtonFailures++;
        this.maximumGrowth = 1;
        if (++newtonFailures === MAXIMUM_NEWTON_FAILURES) return 'newton';
        trust = 'cut';
        forceMatrix = true;
        this.rescale(0.25);
        continue;
      }

      errorNorm = this.correctionNorm * coefficients.error;
      if (errorNorm <= 1) break;

      this.time = startTime;
      this.restore();
      statistics.rejections++;
      this.maximumGrowth = 1;
      trust = 'sound';
      forceMatrix = true;
      if (++errorFailures === MAXIMUM_ERROR_FAILURES) return 'errorTest';
      if (errorFailures <= 3) {
        const factor = Math.max(0.1, growth(6 * errorNorm, this.order + 1));
        this.rescale(errorFailures >= 2 ? Math.min(factor, 0.2) : factor);
      } else if (this.order > 1) {
        lowerOrder(z, this.order, this.h, this.steps);
        this.order--;
        this.orderWait = this.order + 1;
        this.rescale(0.1);
      } else {
        // The history is of no use at this step size: start again from the state alone.
        this.h *= 0.1;
        this.orderWait = 10;
        this.evaluate(this.time, z[0], z[1]);
        for (let i = 0; i < this.n; i++) z[1][i] *= this.h;
      }
    }

    this.complete();
    this.chooseNext(errorNorm);
    this.maximumGrowth = GROWTH;
    return null;
  }

  private evaluate(time: number, state: Float64Array, out: Float64Array): boolean {
    this.statistics.derivatives++;
    this.system.derivative(time, state, out);
    return allFinite(out);
  }

  private setWeights(): void {
    const { weights, absoluteTolerance, relativeTolerance } = this;
    const y = this.z[0];
    for (let i = 0; i < this.n; i++) weights[i] = 1 / (relativeTolerance * Math.abs(y[i]) + absoluteTolerance[i]);
  }

  private start(): void {
    const slope = this.z[1];
    this.evaluate(this.time, this.z[0], slope);
    const h =
      this.options.initialStep ??
      initialStepSize(this.time, this.stopTime - this.time, this.z[0], slope, this.weights, (time, state, out) =>
        this.evaluate(time, state, out),
      );
    this.h = this.limited(h);
    for (let i = 0; i < this.n; i++) slope[i] *= this.h;
    this.started = true;
  }

  /** No longer than allowed, and not past the stop time. */
  private limited(h: number): number {
    const rest = this.stopTime - this.time;
    const step = Math.min(h, this.maximumStep);
    return step >= rest ? rest : step;
  }

  /** Carries out what `chooseNext` decided. */
  private adjust(): void {
    if (this.nextOrder > this.order) {
      raiseOrder(this.z, this.order, this.h, this.steps, this.correction);
      this.orderWait = this.nextOrder + 1;
    } else if (this.nextOrder < this.order) {
      lowerOrder(this.z, this.order, this.h, this.steps);
      this.orderWait = this.nextOrder + 1;
    }
    this.order = this.nextOrder;
    const target = this.limited(this.nextStep);
    if (target !== this.h) {
      this.rescale(target / this.h);
      this.h = target;
    }
  }

  private rescale(factor: number): void {
    let power = factor;
    for (let j = 1; j <= this.order; j++) {
      const row = this.z[j];
      for (let i = 0; i < this.n; i++) row[i] *= power;
      power *= factor;
    }
    this.h *= factor;
  }

  /** Multiplies the Nordsieck array by the Pascal triangle: the polynomial, moved by one step. */
  private predict(): void {
    for (let k = 1; k <= this.order; k++) {
      for (let j = this.order; j >= k; j--) {
        const below = this.z[j - 1];
        const row = this.z[j];
        for (let i = 0; i < this.n; i++) below[i] += row[i];
      }
    }
  }

  private restore(): void {
    for (let k = 1; k <= this.order; k++) {
      for (let j = this.order; j >= k; j--) {
        const below = this.z[j - 1];
        const row = this.z[j];
        for (let i = 0; i < this.n; i++) below[i] -= row[i];
      }
    }
  }

  /** Solves e = γ f(t, p + e) − z_1 / l_1 for the correction e; false when the step must be cut. */
  private solveNewton(trust: Trust, forceMatrix: boolean): boolean {
    const { statistics, matrix } = this;
    const taken = statistics.steps;
    const first = this.matrixGamma === 0;
    let renew =
      forceMatrix ||
      matrix.cheap ||
      first ||
      taken >= this.matrixStep + MATRIX_AGE ||
      Math.abs(this.gamma / this.matrixGamma - 1) > GAMMA_CHANGE;
    let refresh = matrix.cheap || first || trust === 'cut' || taken > this.jacobianStep + JACOBIAN_AGE;
    let relinearized = false;
    this.iterate.set(this.z[0]);
    this.correction.fill(0);

    for (;;) {
      if (!this.evaluate(this.time, this.iterate, this.slope)) return false;
      if (renew && !this.prepareMatrix(refresh)) return false;
      if (this.iterateNewton(relinearized)) return true;
      // What went wrong: an old γ, then an old Jacobian, then a Jacobian at the prediction, which may be far from the solution.
      if (renew && refresh) {
        if (relinearized || !allFinite(this.correction)) return false;
        relinearized = true;
      } else {
        refresh ||= renew || Math.abs(this.gamma / this.matrixGamma - 1) < 0.2;
        this.iterate.set(this.z[0]);
        this.correction.fill(0);
      }
      renew = true;
    }
  }

  private prepareMatrix(refresh: boolean): boolean {
    const { statistics } = this;
    if (refresh) {
      statistics.jacobians++;
      this.jacobianStep = statistics.steps;
    }
    statistics.factorizations++;
    if (!this.matrix.prepare(this.time, this.iterate, this.gamma, refresh)) {
      // Nothing usable is left of the last matrix.
      this.matrixGamma = 0;
      return false;
    }
    this.matrixGamma = this.gamma;
    this.matrixStep = statistics.steps;
    this.convergenceRate = 1;
    return true;
  }

  /** The iteration itself, from `correction` and the slope there. */
  private iterateNewton(continued: boolean): boolean {
    const { n, correction, residual, slope, iterate, weights, coefficients, statistics } = this;
    const [prediction, scaledSlope] = this.z;
    const inverseL1 = 1 / coefficients.l[1];
    const tolerance = NEWTON_PART / coefficients.error;
    const gammaRatio = this.gamma / this.matrixGamma;
    const relaxation = gammaRatio === 1 ? 1 : 2 / (1 + gammaRatio);
    let previous = 0;
    for (let iteration = 0; ; iteration++) {
      for (let i = 0; i < n; i++) residual[i] = this.gamma * slope[i] - inverseL1 * scaledSlope[i] - correction[i];
      statistics.newtonIterations++;
      if (!this.matrix.solve(residual, weights, LINEAR_PART * tolerance)) return false;
      for (let i = 0; i < n; i++) {
        correction[i] += relaxation * residual[i];
        iterate[i] = prediction[i] + correction[i];
      }
      const change = Math.abs(relaxation) * weightedNorm(residual, weights);
      if (!(change < Infinity)) return false;
      if (iteration > 0) this.convergenceRate = Math.max(0.3 * this.convergenceRate, change / previous);
      if (change * Math.min(1, this.convergenceRate) <= tolerance) {
        this.correctionNorm = iteration === 0 && !continued ? change : weightedNorm(correction, weights);
        return true;
      }
      if (iteration + 1 === NEWTON_ITERATIONS || (iteration > 0 && change > 2 * previous)) return false;
      previous = change;
      if (this.matrix.slope) {
        for (let i = 0; i < n; i++) residual[i] *= relaxation;
        statistics.derivatives++;
        this.matrix.slope(iterate, residual, slope);
        if (!allFinite(slope)) return false;
      } else if (!this.evaluate(this.time, iterate, slope)) {
        return false;
      }
    }
  }

  private complete(): void {
    const { order, steps, coefficients, correction, n } = this;
    this.statistics.steps++;
    this.stepSize = this.h;
    for (let i = order; i >= 2; i--) steps[i] = steps[i - 1];
    if (order === 1 && this.statistics.steps > 1) steps[2] = steps[1];
    steps[1] = this.h;
    for (let j = 0; j <= order; j++) {
      const row = this.z[j];
      const factor = coefficients.l[j];
      for (let i = 0; i < n; i++) row[i] += factor * correction[i];
    }
    // A step that was cut to end at the stop time ends there to the last bit.
    const rest = this.stopTime - this.time;
    if (Math.abs(rest) <= 100 * UNIT_ROUNDOFF * (Math.abs(this.time) + this.h)) this.time = this.stopTime;
    if (--this.orderWait === 1 && order !== this.maximumOrder) {
      this.savedCorrection.set(correction);
      this.savedDerivative = coefficients.derivative;
    }
  }

  /** Step size and order of the next step: the order that allows the longest one. */
  private chooseNext(errorNorm: number): void {
    const { order, coefficients, correction } = this;
    this.nextOrder = order;
    this.nextStep = this.h;
    if (this.maximumGrowth === 1) {
      this.orderWait = Math.max(this.orderWait, 2);
      return;
    }
    let factor = growth(6 * errorNorm, order + 1);
    if (this.orderWait === 0) {
      this.orderWait = 2;
      let below = 0;
      if (order > 1) below = growth(6 * weightedNorm(this.z[order], this.weights) * coefficients.errorBelow, order);
      let above = 0;
      if (order < this.maximumOrder && this.savedDerivative !== 0) {
        const ratio = integerPower(this.h / this.steps[2], order + 1);
        const quotient = (coefficients.derivative / this.savedDerivative) * ratio;
        for (let i = 0; i < this.n; i++) this.residual[i] = correction[i] - quotient * this.savedCorrection[i];
        above = growth(10 * weightedNorm(this.residual, this.weights) * coefficients.errorAbove, order + 2);
      }
      if (Math.max(factor, below, above) >= WORTHWHILE && !(factor >= below && factor >= above)) {
        this.nextOrder = below >= above ? order - 1 : order + 1;
        factor = Math.max(below, above);
      }
    }
    if (factor >= WORTHWHILE) this.nextStep = this.h * Math.min(factor, this.maximumGrowth);
  }
}

/** Numbers that one step leaves to the next, and what they may be. */
const FINITE = Number.MAX_VALUE;
const NUMBERS = {
  time: { least: 0, most: FINITE },
  order: { least: 1, most: MAXIMUM_ORDER, whole: true },
  stepSize: { least: Number.MIN_VALUE, most: FINITE },
  h: { least: Number.MIN_VALUE, most: FINITE },
  nextStep: { least: Number.MIN_VALUE, most: FINITE },
  nextOrder: { least: 1, most: MAXIMUM_ORDER, whole: true },
  orderWait: { least: 0, most: 10, whole: true },
  maximumGrowth: { least: 1, most: FIRST_GROWTH },
  savedDerivative: { least: -FINITE, most: FINITE },
  matrixGamma: { least: Number.MIN_VALUE, most: FINITE },
  matrixStep: { least: 0, whole: true },
  jacobianStep: { least: 0, whole: true },
  convergenceRate: { least: 0 },
} as const;

/** The factor by which a step of this error norm may grow, when the error goes with its `power`-th power. */
function growth(errorNorm: number, power: number): number {
  return 1 / (pow(errorNorm, 1 / power) + 1e-6);
}

function integerPower(x: number, n: number): number {
  let power = x;
  for (let i = 1; i < n; i++) power *= x;
  return power;
}
