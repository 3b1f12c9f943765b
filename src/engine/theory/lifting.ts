import { wideWidths, type ResolvedLiftingExperiment } from '../../experiment/kinds/lifting';
import { counted } from '../../experiment/words';
import type { Prediction } from '../../protocol/events';
import { compatibleFreedom } from '../lifting/embeddingDimension';
import { withWidths, widthsOf } from '../lifting/layers';
import { createModel } from '../models/registry';

/**
 * The degrees of freedom of general compatible embeddings, all of whose points are sample-independent. They are those of splittings
 * alone, too, in copies that share differently; null neurons without biases have fewer.
 */
export function predictLifting({ model, wide }: ResolvedLiftingExperiment): Prediction {
  const widths = wideWidths(wide);
  const { own, mixed: products } = compatibleFreedom(widthsOf(model), widths);
  const total = own.reduce((sum, each) => sum + each, 0);
  const mixed = products.reduce((sum, each) => sum + each, 0);
  const terms = [`${total}`, ...own.slice(1).map((each, l) => `${each}·${own[l]}`)].join(' + ');
  const formula = own.length === 1 ? `K = ${total}` : `K + Σ K_l·K_(l−1) = ${terms} = ${total + mixed}`;
  return {
    optimisticSampleSize: null,
    headline: `compatible embeddings of ${counted(total + mixed, 'degree')} of freedom`,
    exact: true,
    formula,
    source:
      '"Embedding principle" (arXiv 2111.15527): general compatible embeddings of a critical point; all are sample-independent ("Sample-independent critical lifting", arXiv 2505.13582), and there may be more',
    parameters: createModel(withWidths(model, widths)).parameterCount,
  };
}
