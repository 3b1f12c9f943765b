import type { ResolvedRepopulationExperiment } from '../../../experiment/kinds/repopulation';
import type { Prediction } from '../../../protocol/events';

/** What holds of repopulation whatever the net learns. */
export function predictRepopulation({ task, network }: ResolvedRepopulationExperiment): Prediction {
  const { widths } = network;
  const hidden = widths.reduce((sum, width, l) => sum + width * (l === 0 ? 0 : widths[l - 1] + 1), 0);
  return {
    optimisticSampleSize: null,
    headline: 'repopulation never raises the regulariser; no convexity violation, no barrier between nets',
    exact: true,
    formula:
      'with w̃ = w·p fixed, loss + Σ λ ∫(∫|w̃|p)²/p is convex in (ũ, p); at its minimum p = |ũ|/√(λr + ν), and |ũ|/p is the same for all neurons where they cost the same',
    source: 'Convex formulation of overparameterized deep neural networks (arXiv 1911.07626)',
    // Inputs and outputs of a file are known when it is read.
    parameters: task.kind === 'function' ? hidden + 2 * widths[0] + widths[widths.length - 1] + 1 : null,
  };
}
