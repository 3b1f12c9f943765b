import type { Inputs } from '../../models/model';
import type { CertifiableModel } from '../coverage';
import { parameterCount } from '../tangent';
import { formulaSpan } from './formula';
import { matrixFactorizationSpan } from './matrixFactorization';
import { neuronListSpan } from './neuronList';
import { twoLayerSpan } from './twoLayer';

/** What an upper bound of a rank rests on. */
export type BoundKind = 'shape' | 'structure' | 'exact' | 'theory';

/** rank ≤ value, and why. */
export interface UpperBound {
  readonly value: number;
  readonly kind: BoundKind;
  readonly source: string;
}

/**
 * Upper bound of the rank of the tangent matrix that needs no arithmetic on its entries: the smaller of the number of
 * distinct inputs and the dimension of a space of functions that contains every ∂f(·; θ)/∂θ_j, from exact relations
 * between them (equal, opposite and vanishing parameters, symmetries of the activation).
 */
export function structuralBound(model: CertifiableModel, parameters: Float64Array, inputs: Inputs): UpperBound {
  const distinct = distinctInputs(inputs);
  const count = parameterCount(model);
  const span = spanOf(model, parameters);
  if (span !== undefined && span < Math.min(distinct, count)) {
    return {
      value: span,
      kind: 'structure',
      source: `exact relations between the ${model.kind === 'neuronList' ? 'neurons' : 'tangent functions'}: they span at most ${span} dimensions`,
    };
  }
  if (distinct <= count) {
    const repeated = distinct < inputs.count ? `${distinct} distinct inputs of ${inputs.count}` : `${distinct} inputs`;
    return { value: distinct, kind: 'shape', source: `the tangent matrix has ${repeated}` };
  }
  const source = model.kind === 'neuronList' ? `there are ${count} functions` : `the model has ${count} parameters`;
  return { value: count, kind: 'shape', source };
}

function spanOf(model: CertifiableModel, parameters: Float64Array): number | undefined {
  switch (model.kind) {
    case 'matrixFactorization':
      return matrixFactorizationSpan(model, parameters);
    case 'twoLayer':
      return twoLayerSpan(model, parameters);
    case 'formula':
      return formulaSpan(model, parameters);
    case 'neuronList':
      return neuronListSpan(model);
  }
}

function distinctInputs({ count, dimension, values }: Inputs): number {
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) seen.add(values.subarray(i * dimension, (i + 1) * dimension).join());
  return seen.size;
}
