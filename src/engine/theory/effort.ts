import type { ResolvedExperiment } from '../../experiment/resolved';
import { branchProblem, typeCount } from './branches';

/** Parameters of a formula up to which its least representation is found within the time of a key stroke. */
const QUICK_PARAMETERS = 6;

/** Types of branches that are listed within the time of a key stroke; ten neurons for a target of two have 187. */
const QUICK_TYPES = 500;

/**
 * Whether what the theory says of an experiment is known at once. A formula takes a search that grows with its parameters, branches
 * grow with the partitions of the width; everything else is bounded by the sizes that a file may have.
 */
export function isQuick(experiment: ResolvedExperiment): boolean {
  if (experiment.experiment === 'geometry') {
    const problem = branchProblem(experiment.model, experiment.target);
    return typeof problem === 'string' || typeCount(problem.family, problem.width, problem.targetWidth) <= QUICK_TYPES;
  }
  if (!('model' in experiment) || experiment.model.kind !== 'formula') return true;
  return experiment.model.parameters.length <= QUICK_PARAMETERS;
}
