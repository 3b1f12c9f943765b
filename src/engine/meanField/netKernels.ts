import type { ActivationConfig } from '../../experiment/schema';
import { kernelInstance, type KernelExports } from '../kernels/kernelInstance';
import { MemoryLayout } from '../kernels/memoryLayout';
import { KERNEL_ACTIVATIONS, type KernelActivation } from '../kernels/problem';
import { Program, type Finish } from '../kernels/program';
import type { NetShape } from './shape';

/** A list of operations in the kernels' memory. */
interface LoadedProgram {
  at: number;
  length: number;
}

/** Places of a batch of inputs in the kernels' memory, with the operations on them. */
interface Pass {
  columns: number;
  inputs: number;
  outputs: number;
  residuals: number;
  lastHidden: number;
  forward: LoadedProgram;
  backward: LoadedProgram;
}

const even = (count: number): number => count + (count & 1);

/**
 * Outputs and gradients of a net on batches of inputs, by the WebAssembly kernels' operations on rows. The kernels of a thread
 * serve one user at a time: what is laid out here is gone once another training has begun.
 */
export class NetKernels {
  private readonly kernels: KernelExports = kernelInstance();
  private readonly layout: MemoryLayout;
  private readonly parametersAt: number;
  private readonly passes = new Map</* columns */ number, Pass>();
  private readonly activationNumber: number;
  private readonly shift: number;

  constructor(
    private readonly shape: NetShape,
    activation: ActivationConfig,
  ) {
    this.layout = new MemoryLayout(this.kernels.memory, this.kernels.getHeapBase());
    this.shift = typeof activation === 'string' ? 0 : activation.shift;
    const name: KernelActivation = typeof activation === 'string' ? activation : this.shift === 0 ? 'tanh' : 'shiftedTanh';
    this.activationNumber = KERNEL_ACTIVATIONS.indexOf(name);
    // Parameters and gradient behind one another, as the kernels expect it.
    this.parametersAt = this.layout.float64(4 * even(shape.parameterCount));
  }

  setParameters(parameters: Float64Array): void {
    this.numbers(this.parametersAt, parameters.length).set(parameters);
  }

  /**
   * Outputs at `count` inputs, one row each.
   *
   * @param inputs rows of the data set, of which those in `chosen` are taken, or the first `count`
   */
  outputs(inputs: Float64Array, count: number, out: Float64Array, chosen?: Int32Array): void {
    const { outputs } = this.shape;
    const pass = this.load(inputs, count, chosen);
    this.run(pass.forward);
    const rows = this.numbers(pass.outputs, outputs * pass.columns);
    for (let o = 0; o < outputs; o++) for (let s = 0; s < count; s++) out[s * outputs + o] = rows[o * pass.columns + s];
  }

  /** Values of the last hidden layer at the first `count` inputs, one row each. */
  features(inputs: Float64Array, count: number, out: Float64Array): void {
    const width = this.shape.widths[this.shape.depth - 1];
    const pass = this.load(inputs, count);
    this.run(pass.forward);
    const rows = this.numbers(pass.lastHidden, width * pass.columns);
    for (let k = 0; k < width; k++) for (let s = 0; s < count; s++) out[s * width + k] = rows[k * pass.columns + s];
  }

  /** After `outputs` on the same inputs: gradient = Σ_s Σ_o residuals[s][o] ∇ f_o(x_s). */
  gradient(residuals: Float64Array, count: number, gradient: Float64Array): void {
    const { outputs, parameterCount } = this.shape;
    const pass = this.pass(count);
    const rows = this.numbers(pass.residuals, outputs * pass.columns).fill(0);
    for (let o = 0; o < outputs; o++) for (let s = 0; s < count; s++) rows[o * pass.columns + s] = residuals[s * outputs + o];
    this.run(pass.backward);
    gradient.set(this.numbers(this.parametersAt + 8 * even(parameterCount), parameterCount));
  }

  private load(inputs: Float64Array, count: number, chosen?: Int32Array): Pass {
    const { inputs: dimension } = this.shape;
    const pass = this.pass(count);
    const rows = this.numbers(pass.inputs, dimension * pass.columns);
    for (let s = 0; s < pass.columns; s++) {
      // Padding repeats the last input.
      const at = Math.min(s, count - 1);
      const from = (chosen ? chosen[at] : at) * dimension;
      for (let i = 0; i < dimension; i++) rows[i * pass.columns + s] = inputs[from + i];
    }
    return pass;
  }

  private run(program: LoadedProgram): void {
    const { kernels } = this;
    kernels.setProgram(program.at, program.length, this.activationNumber, this.shift);
    kernels.useProgram();
    kernels.setParameters(even(this.shape.parameterCount), this.parametersAt, 0);
    kernels.evaluate();
  }

  private pass(count: number): Pass {
    const columns = even(count);
    let pass = this.passes.get(columns);
    if (!pass) this.passes.set(columns, (pass = this.layOut(columns)));
    return pass;
  }

  private layOut(columns: number): Pass {
    const { shape, layout } = this;
    const rowsOf = [shape.inputs, ...shape.widths, shape.outputs];
    const values = rowsOf.map((rows) => layout.float64(rows * columns));
    const gradients = shape.layers.map(({ rows }) => layout.float64(rows * columns));
    const slopes = shape.layers.map(({ rows }) => layout.float64(rows * columns));
    const forward = new Program();
    const backward = new Program();
    shape.layers.forEach(({ rows, columns: inner, kernel, biases }, l) => {
      const finish: Finish = l < shape.depth ? { mode: 'activate', slopes: slopes[l] } : { mode: 'plain' };
      forward.combine({
        rows,
        inner,
        columns,
        weights: kernel,
        rowStep: inner,
        innerStep: 1,
        biases,
        biasStep: 1,
        input: values[l],
        output: values[l + 1],
        outputStep: columns,
        finish,
      });
    });
    for (let l = shape.depth; l >= 0; l--) {
      const { rows, columns: inner, kernel, biases } = shape.layers[l];
      const u = gradients[l];
      backward.project({ rows, inner, columns, gradient: kernel, gradientStep: inner, u, uStep: columns, input: values[l] });
      backward.sumRows(rows, columns, biases, 1, u, columns);
      if (l === 0) break;
      backward.combine({
        rows: inner,
        inner: rows,
        columns,
        weights: kernel,
        rowStep: 1,
        innerStep: inner,
        biases: -1,
        biasStep: 0,
        input: u,
        output: gradients[l - 1],
        outputStep: columns,
        finish: { mode: 'slope', values: values[l], slopes: slopes[l - 1] },
      });
    }
    return {
      columns,
      inputs: values[0],
      outputs: values[shape.depth + 1],
      residuals: gradients[shape.depth],
      lastHidden: values[shape.depth],
      forward: this.store(forward),
      backward: this.store(backward),
    };
  }

  private store(program: Program): LoadedProgram {
    const encoded = program.encode();
    const at = this.layout.int32(encoded.length);
    new Int32Array(this.kernels.memory.buffer, at, encoded.length).set(encoded);
    return { at, length: program.length };
  }

  /** Views are made anew at each use: growing the memory detaches those before. */
  private numbers(at: number, count: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, at, count);
  }
}
