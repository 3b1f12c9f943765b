import type { Inputs } from '../../models/model';
import type { Arithmetic } from '../arithmetic';
import type { CertifiableModel } from '../coverage';
import { formulaTangent } from './formula';
import { matrixFactorizationTangent } from './matrixFactorization';
import { neuronListTangent } from './neuronList';
import { twoLayerTangent } from './twoLayer';

/** How a formula is differentiated: from the result back, or for one parameter after the other. */
export type DifferentiationMode = 'reverse' | 'forward';

/** Row i of the tangent matrix: enclosures of ∂f(x_i; θ)/∂θ_j, j = 1 … M. */
export type TangentRow<T> = (input: number) => T[];

/** Number M of parameters, in the order of the model families: see the modules of the families. */
export function parameterCount(model: CertifiableModel): number {
  switch (model.kind) {
    case 'matrixFactorization':
      return model.inner * (model.rows + model.columns);
    case 'twoLayer':
      return model.width * (1 + model.inputs + (model.hiddenBias ? 1 : 0)) + (model.outputBias ? 1 : 0);
    case 'formula':
      return model.parameters.length;
    case 'neuronList':
      return model.neurons.length + (model.outputBias ? 1 : 0);
  }
}

export function inputDimension(model: CertifiableModel): number {
  switch (model.kind) {
    case 'matrixFactorization':
      return 2;
    case 'twoLayer':
      return model.inputs;
    case 'formula':
      return model.inputs.length;
    case 'neuronList':
      return model.inputs;
  }
}

/** Rows of the tangent matrix of a model at exact (dyadic) parameters and inputs, computed when asked for. */
export function tangentRows<T>(
  arithmetic: Arithmetic<T>,
  model: CertifiableModel,
  parameters: Float64Array,
  inputs: Inputs,
  mode: DifferentiationMode = 'reverse',
): TangentRow<T> {
  switch (model.kind) {
    case 'matrixFactorization':
      return matrixFactorizationTangent(arithmetic, model, parameters, inputs);
    case 'twoLayer':
      return twoLayerTangent(arithmetic, model, parameters, inputs);
    case 'formula':
      return formulaTangent(arithmetic, model, parameters, inputs, mode);
    case 'neuronList':
      return neuronListTangent(arithmetic, model, inputs);
  }
}
