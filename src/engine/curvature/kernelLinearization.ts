import { MemoryLayout } from '../kernels/memoryLayout';
import { KERNEL_ACTIVATIONS, type TwoLayerProblem } from '../kernels/problem';
import { LARGEST_REACH, type Linearization, type SavedEvaluations } from '../models/linearization';
import type { SavedFields } from '../training/savedState';
import { curvatureInstance, holdsMemory, takeMemory, type CurvatureExports } from './curvatureInstance';

/** Where a problem stands in the memory of the kernels. */
interface Places {
  layout: MemoryLayout;
  parameters: number;
  input: number;
  increment: number;
  output: number;
  terms: number;
  /** Made when a Hessian is first asked for. */
  hessian: { out: number; jacobian: number } | null;
}

/**
 * The loss of a two-layer network around a point, in WebAssembly: the same bits as `TwoLayerLinearization`. The kernels of a thread
 * hold one problem; who comes back to them after another one lays out its own anew.
 */
export class KernelLinearization implements Linearization {
  readonly parameterCount: number;
  private readonly kernels: CurvatureExports;
  private readonly padded: number;
  private readonly point: Float64Array;
  /** What has been evaluated last, and the anchor: to stand there as before when others have used the kernels. */
  private readonly evaluated: Float64Array;
  private readonly anchor: Float64Array;
  private anchored = false;
  private readonly settledPoint: Float64Array;
  private hasSettled = false;
  private settledCurvature = false;
  private places: Places | undefined;
  private moved = false;
  /** Views of vectors that go in and one that comes out. */
  private input: Float64Array = new Float64Array(0);
  private secondInput: Float64Array = new Float64Array(0);
  private output: Float64Array = new Float64Array(0);

  constructor(
    private readonly problem: TwoLayerProblem,
    private readonly targets: Float64Array,
  ) {
    const { width, dimension, count, hiddenBias, outputBias } = problem;
    this.parameterCount = width * (dimension + 1) + (hiddenBias ? width : 0) + (outputBias ? 1 : 0);
    this.padded = count + (count & 1);
    this.point = new Float64Array(this.parameterCount);
    this.evaluated = new Float64Array(this.parameterCount);
    this.anchor = new Float64Array(this.parameterCount);
    this.settledPoint = new Float64Array(this.parameterCount);
    this.kernels = curvatureInstance();
  }

  /** Bytes that a problem takes, but for a Hessian. */
  static bytes({ width, dimension, count }: TwoLayerProblem): number {
    return 8 * (7 * width * count + dimension * count + 6 * width * (dimension + 2));
  }

  lossAndGradient(parameters: Float64Array, gradient: Float64Array): number {
    const { input, output } = this.inMemory();
    this.evaluated.set(parameters);
    this.input.set(parameters);
    const loss = this.kernels.lossAndGradientTwoLayer(input, output);
    gradient.set(this.output);
    return loss;
  }

  loss(parameters: Float64Array): number {
    const { input } = this.inMemory();
    this.evaluated.set(parameters);
    this.input.set(parameters);
    return this.kernels.lossAndGradientTwoLayer(input, 0);
  }

  iterationGradient(parameters: Float64Array, increment: Float64Array, gradient: Float64Array): void {
    const { input, output, increment: second, terms } = this.atPoint();
    this.evaluated.set(parameters);
    this.input.set(parameters);
    this.secondInput.set(increment);
    this.kernels.iterationGradientTwoLayer(input, second, output, terms);
    gradient.set(this.output);
  }

  settle(parameters: Float64Array): void {
    const { input } = this.inMemory();
    this.kernels.settleTwoLayer();
    this.settledPoint.set(parameters);
    this.hasSettled = true;
    if (this.kernels.reachTwoLayer() <= LARGEST_REACH) return;
    this.input.set(parameters);
    this.kernels.anchorTwoLayer(input);
    this.anchor.set(parameters);
    this.anchored = true;
  }

  save(): SavedEvaluations {
    if (!this.hasSettled) throw new Error('nothing has been settled yet');
    this.inMemory();
    const settled = this.numbers(this.kernels.settledTwoLayer() >>> 0, this.problem.count).slice();
    return { ...(this.anchored ? { anchor: this.anchor.slice() } : {}), settled };
  }

  goOn(saved: SavedFields, settledPoint: Float64Array): void {
    const settled = saved.vector('settled', this.problem.count);
    this.anchored = saved.any('anchor') !== undefined;
    if (this.anchored) this.anchor.set(saved.vector('anchor', this.parameterCount));
    this.settledPoint.set(settledPoint);
    this.hasSettled = true;
    this.layOut();
    // As they were found, perhaps from an anchor before this one.
    this.numbers(this.kernels.settledTwoLayer() >>> 0, this.problem.count).set(settled);
  }

  moveTo(parameters: Float64Array, settled = false): number {
    this.point.set(parameters);
    this.settledCurvature = settled && this.hasSettled;
    const places = this.inMemory();
    this.numbers(places.parameters, this.parameterCount).set(parameters);
    this.moved = true;
    return this.kernels.linearizeTwoLayer(Number(this.settledCurvature));
  }

  gradient(out: Float64Array): void {
    this.kernels.gradientTwoLayer(this.atPoint().output);
    out.set(this.output);
  }

  residuals(out: Float64Array): void {
    this.atPoint();
    out.set(this.numbers(this.kernels.residualsTwoLayer() >>> 0, this.problem.count));
  }

  product(direction: Float64Array, out: Float64Array, curved = true): void {
    const { input, output, terms } = this.atPoint();
    this.input.set(direction);
    this.kernels.productTwoLayer(input, output, terms, Number(curved));
    out.set(this.output);
  }

  hessian(out: Float64Array): void {
    const { parameterCount: P, kernels, padded } = this;
    const places = this.atPoint();
    places.hessian ??= { out: places.layout.float64(P * P), jacobian: places.layout.float64(P * padded) };
    kernels.hessianTwoLayer(places.hessian.out, places.hessian.jacobian);
    out.set(this.numbers(places.hessian.out, P * P));
  }

  private numbers(at: number, count: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, at, count);
  }

  /** The problem in memory, linearised at the last point. */
  private atPoint(): Places {
    if (!this.moved) throw new Error('a linearization has no point before moveTo');
    if (!holdsMemory(this)) this.moveTo(this.point, this.settledCurvature);
    return this.inMemory();
  }

  /** The problem in memory; views of `input` and `output` are valid until the memory grows. */
  private inMemory(): Places {
    const places = this.places && holdsMemory(this) ? this.places : this.layOut();
    if (this.input.buffer !== this.kernels.memory.buffer) {
      this.input = this.numbers(places.input, this.parameterCount);
      this.secondInput = this.numbers(places.increment, this.parameterCount);
      this.output = this.numbers(places.output, this.parameterCount);
    }
    return places;
  }

  /** Anchor, settled residuals, the point and the last evaluation, as they were before other problems came in between. */
  private restore(): void {
    const { kernels, parameterCount } = this;
    const { input } = this.places!;
    const put = (parameters: Float64Array): void => this.numbers(input, parameterCount).set(parameters);
    if (this.anchored) {
      put(this.anchor);
      kernels.anchorTwoLayer(input);
    }
    if (this.hasSettled) {
      put(this.settledPoint);
      kernels.lossAndGradientTwoLayer(input, 0);
      kernels.settleTwoLayer();
    }
    if (this.moved) {
      this.numbers(this.places!.parameters, parameterCount).set(this.point);
      kernels.linearizeTwoLayer(Number(this.settledCurvature));
    }
    put(this.evaluated);
    kernels.lossAndGradientTwoLayer(input, 0);
  }

  private layOut(): Places {
    const { problem, kernels, padded: n, parameterCount: P } = this;
    const { width: m, dimension: d, count, features } = problem;
    const layout = new MemoryLayout(kernels.memory, kernels.getHeapBase());
    const inputs = layout.float64(d * n);
    const targets = layout.float64(n);
    const mask = layout.float64(n);
    const activations = layout.float64(6 * m * n);
    const rows = layout.float64(7 * n);
    const tile = layout.float64(8 * n);
    const anchor = layout.float64(2 * P);
    const places: Places = {
      layout,
      parameters: layout.float64(P),
      input: layout.float64(P),
      increment: layout.float64(P),
      output: layout.float64(P),
      terms: layout.float64(m * n),
      hessian: null,
    };
    // Padding repeats the last sample: arguments of its neurons are then never the largest alone.
    const paddedInputs = this.numbers(inputs, d * n);
    for (let j = 0; j < d; j++) {
      paddedInputs.set(features.subarray(j * count, (j + 1) * count), j * n);
      if (count < n) paddedInputs[j * n + count] = features[(j + 1) * count - 1];
    }
    this.numbers(targets, n).fill(0).set(this.targets);
    this.numbers(mask, n).fill(0).fill(1, 0, count);
    this.numbers(rows, 7 * n).fill(0);
    kernels.setTwoLayer(
      KERNEL_ACTIVATIONS.indexOf(problem.activation),
      problem.shift,
      m,
      d,
      count,
      n,
      Number(problem.hiddenBias),
      Number(problem.outputBias),
      inputs,
      targets,
      mask,
      places.parameters,
      activations,
      rows,
      tile,
      anchor,
    );
    this.places = places;
    this.input = new Float64Array(0);
    takeMemory(this);
    this.restore();
    return places;
  }
}
