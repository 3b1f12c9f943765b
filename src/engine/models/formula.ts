import { parseExpression } from '../../experiment/expression';
import { inputNamesOf } from '../../experiment/inputNames';
import type { FormulaConfig } from '../../experiment/schema';
import { compileExpression } from './expression/compile';
import { TapeSweeps } from './expression/sweeps';
import type { Tape } from './expression/tape';
import type { KernelProblem } from '../kernels/problem';
import { featureMajor } from './features';
import type { BoundModel, Inputs, Model } from './model';

/** The expression of a formula model as a tape. */
export function formulaTape(config: FormulaConfig): Tape {
  const inputs = inputNamesOf(config);
  return compileExpression(
    parseExpression(config.expression, [...config.parameters, ...inputs.keys()]),
    config.parameters,
    inputs,
  );
}

/** A model given by an expression in named parameters and inputs; its parameters stand in the order of their names. */
export function formulaModel(config: FormulaConfig): Model {
  const tape = formulaTape(config);
  return {
    parameterCount: config.parameters.length,
    inputDimension: config.inputs.length,
    layout: config.parameters.map((name, offset) => ({ name, offset, shape: [] })),
    bind: (inputs) => new BoundExpression(tape, inputs),
  };
}

/** An expression at fixed inputs. Without parameters it serves as a target function. */
export class BoundExpression implements BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  private readonly sweeps: TapeSweeps;
  private readonly features: Float64Array;
  /** What a reverse sweep starts from, for one block. */
  private readonly seeds: Float64Array;

  constructor(
    private readonly tape: Tape,
    inputs: Inputs,
  ) {
    if (inputs.dimension !== tape.inputCount)
      throw new Error(`The expression has ${tape.inputCount} inputs, not ${inputs.dimension}.`);
    this.sampleCount = inputs.count;
    this.parameterCount = tape.parameterCount;
    this.sweeps = new TapeSweeps(tape, inputs.count);
    this.features = featureMajor(inputs);
    this.seeds = new Float64Array(this.sweeps.block);
    if (this.isOneBlock) this.sweeps.loadInputs(this.features, inputs.count, 0, inputs.count);
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    this.sweeps.setParameters(parameters);
    for (let start = 0; start < this.sampleCount; start += this.sweeps.block) {
      const count = this.forward(start);
      const result = this.sweeps.result();
      for (let s = 0; s < count; s++) out[start + s] = result[s];
    }
  }

  /** One reverse sweep gives the rows of all samples of a block, for samples do not mix. */
  jacobian(parameters: Float64Array, out: Float64Array): void {
    const M = this.parameterCount;
    this.sweeps.setParameters(parameters);
    for (let start = 0; start < this.sampleCount; start += this.sweeps.block) {
      const count = this.forward(start);
      this.seeds.fill(1);
      this.sweeps.reverse(this.seeds, 0, count);
      for (let p = 0; p < M; p++) {
        const row = this.sweeps.parameterAdjoints(p);
        for (let s = 0; s < count; s++) out[(start + s) * M + p] = row ? row[s] : 0;
      }
    }
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    this.sweeps.setParameters(parameters);
    out.fill(0, 0, this.parameterCount);
    for (let start = 0; start < this.sampleCount; start += this.sweeps.block) {
      const count = this.forward(start);
      this.sweeps.reverse(weights, start, count);
      this.addAdjoints(count, out);
    }
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    this.sweeps.setParameters(parameters);
    for (let start = 0; start < this.sampleCount; start += this.sweeps.block) {
      const count = this.forward(start);
      this.sweeps.forwardTangents(direction, count);
      const result = this.sweeps.resultTangents();
      for (let s = 0; s < count; s++) out[start + s] = result[s];
    }
  }

  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    this.sweeps.setParameters(parameters);
    out.fill(0, 0, this.parameterCount);
    for (let start = 0; start < this.sampleCount; start += this.sweeps.block) {
      const count = this.forward(start);
      this.sweeps.forwardTangents(direction, count);
      this.sweeps.reverseTangents(weights, start, count);
      for (let p = 0; p < this.parameterCount; p++) {
        const row = this.sweeps.parameterAdjointTangents(p);
        if (row) for (let s = 0; s < count; s++) out[p] += row[s];
      }
    }
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const n = this.sampleCount;
    const scale = 2 / n;
    let loss = 0;
    this.sweeps.setParameters(parameters);
    gradient.fill(0, 0, this.parameterCount);
    for (let start = 0; start < n; start += this.sweeps.block) {
      const count = this.forward(start);
      const result = this.sweeps.result();
      for (let s = 0; s < count; s++) {
        const residual = result[s] - targets[start + s];
        loss += residual * residual;
        this.seeds[s] = scale * residual;
      }
      this.sweeps.reverse(this.seeds, 0, count);
      this.addAdjoints(count, gradient);
    }
    return loss / n;
  }

  kernelProblem(): KernelProblem {
    return { family: 'formula', tape: this.tape, features: this.features, count: this.sampleCount };
  }

  private get isOneBlock(): boolean {
    return this.sampleCount <= this.sweeps.block;
  }

  private forward(start: number): number {
    const count = Math.min(this.sweeps.block, this.sampleCount - start);
    if (!this.isOneBlock) this.sweeps.loadInputs(this.features, this.sampleCount, start, count);
    this.sweeps.forward(count);
    return count;
  }

  private addAdjoints(count: number, out: Float64Array): void {
    for (let p = 0; p < this.parameterCount; p++) {
      const row = this.sweeps.parameterAdjoints(p);
      if (row) for (let s = 0; s < count; s++) out[p] += row[s];
    }
  }
}
