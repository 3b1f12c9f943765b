import { parseExpression } from '../../experiment/expression';
import { inputNamesOf } from '../../experiment/inputNames';
import type { ResolvedModel } from '../../experiment/resolved';
import type { TargetConfig } from '../../experiment/schema';
import { compileExpression } from '../models/expression/compile';
import { BoundExpression } from '../models/formula';
import type { Inputs } from '../models/model';
import { createModel } from '../models/registry';
import { parametersOf } from '../theory/twoLayer/neurons';
import { targetMatrix } from './targetMatrix';
import { sharedParameters, teacherKernels } from './convolutionTeacher';
import { deepTeacher } from './deepTeacher';
import { teacherNetwork } from './teacher';

/** The target function f*. */
export interface TargetFunction {
  /** out[i] = f*(x_i); `out` has one number for each input, or as many as the model has outputs. */
  evaluate(inputs: Inputs, out: Float64Array): void;
}

const NO_PARAMETERS = new Float64Array(0);

/** The target of an experiment whose model and target have been checked to go together. */
export function createTarget(model: ResolvedModel, target: TargetConfig): TargetFunction {
  switch (target.kind) {
    case 'matrix':
    case 'lowRank': {
      if (model.kind !== 'matrixFactorization') throw mismatch(model, target);
      const matrix = targetMatrix(model, target);
      return {
        evaluate(inputs, out) {
          for (let s = 0; s < inputs.count; s++)
            out[s] = matrix.values[inputs.values[2 * s] * matrix.columns + inputs.values[2 * s + 1]];
        },
      };
    }
    case 'teacher': {
      if (model.kind === 'deepNetwork') {
        const { model: narrow, parameters } = deepTeacher(model, target);
        return valuesAt(narrow, parameters);
      }
      if (model.kind === 'convolution') {
        const kernels = teacherKernels(model, target);
        const narrow = { ...model, kernels: kernels.length, sharing: true };
        return valuesAt(narrow, sharedParameters(narrow, kernels));
      }
      if (model.kind !== 'twoLayer') throw mismatch(model, target);
      const network = teacherNetwork(model, target);
      const teacher = { ...model, width: network.neurons.length };
      return valuesAt(teacher, parametersOf(teacher, network));
    }
    case 'vector': {
      if (model.kind !== 'diagonal') throw mismatch(model, target);
      return valuesAt({ ...model, depth: 1 }, Float64Array.from(target.values));
    }
    case 'formula': {
      if (model.kind === 'matrixFactorization') throw mismatch(model, target);
      const names = inputNamesOf(model);
      const tape = compileExpression(parseExpression(target.expression, names.keys()), [], names);
      return { evaluate: (inputs, out) => new BoundExpression(tape, inputs).evaluate(NO_PARAMETERS, out) };
    }
  }
}

function valuesAt(model: ResolvedModel, parameters: Float64Array): TargetFunction {
  return { evaluate: (inputs, out) => createModel(model).bind(inputs).evaluate(parameters, out) };
}

function mismatch(model: ResolvedModel, target: TargetConfig): Error {
  return new Error(`A ${model.kind} model cannot have a target of kind ${target.kind}.`);
}
