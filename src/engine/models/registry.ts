import type { ResolvedModel } from '../../experiment/resolved';
import { convolution } from './convolution';
import { deepFactorization } from './deepFactorization';
import { deepNetwork } from './deepNetwork';
import { diagonal } from './diagonal';
import { formulaModel } from './formula';
import { matrixFactorization } from './matrixFactorization';
import type { Model } from './model';
import { twoLayer } from './twoLayer';

/** The model that a (resolved) configuration describes. One line for each family. */
export function createModel(config: ResolvedModel): Model {
  switch (config.kind) {
    case 'matrixFactorization':
      return 'dimensions' in config ? deepFactorization(config) : matrixFactorization(config);
    case 'twoLayer':
      return twoLayer(config);
    case 'formula':
      return formulaModel(config);
    case 'diagonal':
      return diagonal(config);
    case 'deepNetwork':
      return deepNetwork(config);
    case 'convolution':
      return convolution(config);
  }
}
