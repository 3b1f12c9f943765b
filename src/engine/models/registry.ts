import type { ResolvedModel } from '../../experiment/resolved';
import { formulaModel } from './formula';
import { matrixFactorization } from './matrixFactorization';
import type { Model } from './model';
import { twoLayer } from './twoLayer';

/** The model that a (resolved) configuration describes. One line for each family. */
export function createModel(config: ResolvedModel): Model {
  switch (config.kind) {
    case 'matrixFactorization':
      return matrixFactorization(config);
    case 'twoLayer':
      return twoLayer(config);
    case 'formula':
      return formulaModel(config);
  }
}
