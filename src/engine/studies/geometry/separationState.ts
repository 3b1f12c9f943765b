import { median } from 'd3-array';
import type { SeparationResult, SeparationState } from '../../../protocol/results/geometry';
import { log } from '../../numbers/elementary';
import type { SeparationFit } from './separation';

/** Slopes of log GE against log ε that count as 1 and as 2. */
const LINEAR: readonly [number, number] = [0.7, 1.3];
const QUADRATIC: readonly [number, number] = [1.6, 2.5];
/** Where the median error is below this the fits have found the target. */
const SEPARATED = 1e-9;

/** What the fits from near a branch say, over all sample sets; `fits[e]` are those of the e-th epsilon. */
export function foldSeparation(
  epsilons: readonly number[],
  fits: readonly (readonly SeparationFit[])[],
): Pick<SeparationResult, 'state' | 'order' | 'epsilons'> {
  const folded = epsilons.map((epsilon, e) => {
    const count = (outcome: SeparationFit['outcome']): number => fits[e]!.filter((fit) => fit.outcome === outcome).length;
    const ended = fits[e]!.filter(({ outcome }) => outcome !== 'undecided').map(({ generalizationError }) => generalizationError);
    return {
      epsilon,
      median: median(ended) ?? null,
      target: count('target'),
      other: count('other'),
      undecided: count('undecided'),
    };
  });
  const first = folded[0]!;
  const last = folded[folded.length - 1]!;
  const order =
    first.median !== null && last.median !== null && first.median > SEPARATED && last.median > 0
      ? (log(first.median) - log(last.median)) / (log(first.epsilon) - log(last.epsilon))
      : null;
  return { state: stateOf(folded, order), order, epsilons: folded };
}

function stateOf(folded: SeparationResult['epsilons'], order: number | null): SeparationState {
  const decided = folded.every(({ target, other, undecided }) => target + other > undecided);
  if (!decided) return 'inconclusive';
  if (folded.every((each) => each.target > each.other && each.median !== null && each.median < SEPARATED)) return 'separated';
  if (order !== null && order >= LINEAR[0] && order <= LINEAR[1]) return 'linear';
  return order !== null && order >= QUADRATIC[0] && order <= QUADRATIC[1] ? 'quadratic' : 'inconclusive';
}
