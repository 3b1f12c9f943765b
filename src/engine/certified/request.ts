import type { Inputs } from '../models/model';
import { NumericalError } from '../numbers/numericalError';
import type { CertifiableModel } from './coverage';
import { inputDimension, parameterCount } from './tangent';

/** Whose rank is asked for: the tangent matrix of a model at exact parameters, over exact inputs. */
export interface RankRequest {
  readonly model: CertifiableModel;
  /** M numbers, in the order of the model. Taken as the dyadic rationals that they are. */
  readonly parameters: Float64Array;
  readonly inputs: Inputs;
}

/** How far a certification may go. All limits count work and not time, so that its answer is the same everywhere. */
export interface CertificationLimits {
  /** Fractional bits to begin with; 448 are 134 digits. */
  readonly bits: number;
  readonly maximumBits: number;
  /** Products of 64-bit digits, roughly; 1e9 are a few seconds. */
  readonly work: number;
}

export const DEFAULT_LIMITS: CertificationLimits = { bits: 448, maximumBits: 4096, work: 2e9 };

/** @throws NumericalError when sizes do not fit or a number is not finite, with its place. */
export function checkRequest({ model, parameters, inputs }: RankRequest): void {
  const count = parameterCount(model);
  const dimension = inputDimension(model);
  if (parameters.length !== count) throw new NumericalError(`The model has ${count} parameters, not ${parameters.length}.`);
  if (inputs.dimension !== dimension)
    throw new NumericalError(`The model takes inputs of dimension ${dimension}, not ${inputs.dimension}.`);
  if (inputs.values.length !== inputs.count * dimension) {
    throw new NumericalError(
      `${inputs.count} inputs of dimension ${dimension} are ${inputs.count * dimension} numbers, not ${inputs.values.length}.`,
    );
  }
  const wrongParameter = parameters.findIndex((value) => !Number.isFinite(value));
  if (wrongParameter >= 0)
    throw new NumericalError(`Parameter ${wrongParameter} is ${parameters[wrongParameter]}; a rank needs finite numbers.`);
  const wrongInput = inputs.values.findIndex((value) => !Number.isFinite(value));
  if (wrongInput >= 0) {
    throw new NumericalError(
      `Component ${wrongInput % dimension} of input ${Math.floor(wrongInput / dimension)} is ${inputs.values[wrongInput]}; a rank needs finite numbers.`,
    );
  }
  if (model.kind !== 'matrixFactorization') return;
  for (let i = 0; i < inputs.count; i++) {
    const [row, column] = [inputs.values[2 * i], inputs.values[2 * i + 1]];
    const inside =
      Number.isInteger(row) && Number.isInteger(column) && row >= 0 && column >= 0 && row < model.rows && column < model.columns;
    if (!inside)
      throw new NumericalError(`Input ${i}, (${row}, ${column}), is no entry of a ${model.rows} × ${model.columns} matrix.`);
  }
}
