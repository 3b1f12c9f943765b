import type { ResolvedExperiment, ResolvedRecoveryExperiment } from '../../experiment/resolved';
import { matrixShapeOf, parameterCountOf } from '../../experiment/sizes';
import { variantsOf } from '../../experiment/variants';

/** Operations of the longest piece of a job that the main thread may be given: about 10 ms, in which it hears no command. */
const LONGEST_PIECE = 2e7;

/** Finding the best-conditioned order of more entries takes long. */
const MOST_ORDERED_ENTRIES = 36;

/** Whether the jobs of an experiment come in pieces so short that the main thread can do some of them and still answer. */
export function mayUseMainThread(experiment: ResolvedExperiment): boolean {
  if (experiment.experiment !== 'recovery') return false;
  const { analysis, data } = experiment;
  if (analysis.rank && analysis.certify === 'always') return false;
  if (data.inputs.kind === 'entries' && data.inputs.order === 'bestConditioned' && entriesOf(experiment) > MOST_ORDERED_ENTRIES)
    return false;
  return variantsOf(experiment).every((variant) => longestPiece(variant.experiment) <= LONGEST_PIECE);
}

function entriesOf({ model }: ResolvedRecoveryExperiment): number {
  if (model.kind !== 'matrixFactorization') return 0;
  const { rows, columns } = matrixShapeOf(model);
  return rows * columns;
}

/** Of a step of training, a rank, a spectrum, a test: floating-point operations, about. */
function longestPiece(experiment: ResolvedRecoveryExperiment): number {
  const { model, data, training, analysis } = experiment;
  const parameters = parameterCountOf(model);
  const samples = Math.max(1, ...data.sampleSizes);
  const pass = 10 * parameters * samples;
  const hessian = parameters * pass + 10 * parameters * parameters * parameters;
  const probes = entriesOf(experiment) || 4 * parameters;
  return Math.max(
    pass,
    10 * parameters * (entriesOf(experiment) || data.testSamples),
    training.optimizer.kind === 'gradientFlow' ? hessian : 0,
    analysis.hessian === 'none' ? 0 : hessian,
    analysis.rank ? 10 * probes * parameters * Math.min(probes, parameters) : 0,
  );
}
