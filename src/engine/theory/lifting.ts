import { wideWidths, type ResolvedLiftingExperiment } from '../../experiment/kinds/lifting';
import { counted } from '../../experiment/words';
import type { Prediction } from '../../protocol/events';
import { withWidths, widthsOf } from '../lifting/layers';
import { createModel } from '../models/registry';

/**
 * K + Σ_l K_l K_(l−1) with K_l = m′_l − m_l: the degrees of freedom of general compatible embeddings ("Embedding principle", arXiv
 * 2111.15527), all of whose points are sample-independent.
 */
export function predictLifting({ model, wide }: ResolvedLiftingExperiment): Prediction {
  const widths = wideWidths(wide);
  const extra = widths.map((width, l) => width - widthsOf(model)[l]);
  const total = extra.reduce((sum, each) => sum + each, 0);
  const mixed = extra.slice(1).reduce((sum, each, l) => sum + each * extra[l], 0);
  const terms = [`${total}`, ...extra.slice(1).map((each, l) => `${each}·${extra[l]}`)].join(' + ');
  const formula = extra.length === 1 ? `K = ${total}` : `K + Σ K_l·K_(l−1) = ${terms} = ${total + mixed}`;
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
