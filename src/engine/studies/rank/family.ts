import { resolveInputs } from '../../../experiment/resolve';
import type { ResolvedRankExperiment } from '../../../experiment/resolved';
import type { InputsConfig } from '../../../experiment/schema';
import { inputDimensionOf } from '../../../experiment/sizes';
import type { RankMeasurement, RankTableRow } from '../../../protocol/events';
import { isNumericalError } from '../../errors';
import { createModel } from '../../models/registry';
import { familyWords, modelWords, targetWords } from '../../models/words';
import { tangentRank } from '../../rank/tangentRank';
import { probeInputs } from '../../targets/probes';
import { minimalRepresentation } from '../../targets/representation';
import { predictOptimisticSampleSize } from '../../theory/optimisticSampleSize';
import { learningCoefficient } from '../../theory/learningCoefficient';
import { familyMembers, type FamilyMember } from '../../theory/stratification';

/** Largest rows · columns · min(rows, columns) of a tangent matrix that is measured for the table: a second or two. */
const LARGEST_WORK = 2.5e9;

/** The row of the table at a place: by theory and, where that is asked for and fits, by numbers. */
export function tableRow(experiment: ResolvedRankExperiment, index: number, modelRank: RankMeasurement | null): RankTableRow {
  const member = familyMembers(experiment)[index];
  const { model, target, written, connection } = member;
  const data = { inputs: inputsOf(experiment, member) };
  const { optimisticSampleSize, parameters, exact, formula, source } = predictOptimisticSampleSize({
    model,
    target,
    data,
    analysis: experiment.analysis,
  });
  const count = parameters ?? createModel(model).parameterCount;
  const representation = optimisticSampleSize === null ? null : minimalRepresentation(model, target, data.inputs);
  const isOwn = model === experiment.model && target === experiment.target;
  const measured = isOwn
    ? modelRank
    : representation && experiment.family?.measure
      ? measure(experiment, member, representation.parameters, data.inputs)
      : null;
  const learning = learningCoefficient(model, representation?.intrinsicSize ?? null);
  return {
    model: modelWords(model),
    family: familyOf(member),
    target: targetWords(written, connection ? 'kernel' : 'neuron'),
    ...(connection ? { connection } : {}),
    intrinsicSize: representation?.intrinsicSize ?? null,
    modelRank: optimisticSampleSize,
    parameters: count,
    ratio: optimisticSampleSize === null ? null : optimisticSampleSize / count,
    exact: optimisticSampleSize !== null && exact,
    formula,
    source,
    measured: measured?.rank ?? null,
    gap: measured?.gap ?? null,
    conclusive: measured?.conclusive ?? null,
    ...(learning ? { learningCoefficient: learning } : {}),
  };
}

/** The counterparts of a convolution are told apart by how they are connected. */
function familyOf({ model, convolution }: FamilyMember): string {
  const words = familyWords(convolution ?? model);
  return convolution ? words.replace(/^[^,]*/, 'fully connected') : words;
}

/** Inputs of the experiment, where they are of the kind and dimension that this model has. */
function inputsOf({ model: own, data }: ResolvedRankExperiment, { model }: FamilyMember): InputsConfig {
  const areMatrices = [own, model].map(({ kind }) => kind === 'matrixFactorization');
  if (areMatrices[0] === areMatrices[1] && inputDimensionOf(own) === inputDimensionOf(model)) {
    // An explicit order of entries is of one matrix alone; probes are all entries in any case.
    if (model.kind !== 'matrixFactorization') return data.inputs;
  }
  return resolveInputs(model, undefined);
}

function measure(
  { analysis }: ResolvedRankExperiment,
  { model: config }: FamilyMember,
  parameters: Float64Array,
  inputs: InputsConfig,
): RankMeasurement | null {
  const model = createModel(config);
  const columns = model.parameterCount;
  const rows = config.kind === 'matrixFactorization' ? 0 : Math.max(4 * columns, columns + 50);
  if (rows * columns * Math.min(rows, columns) > LARGEST_WORK) return null;
  const probes = probeInputs(config, 1, inputs);
  if (probes.count * columns * Math.min(probes.count, columns) > LARGEST_WORK) return null;
  try {
    return tangentRank(model, parameters, probes, { tolerance: analysis.rankTolerance });
  } catch (error) {
    if (isNumericalError(error)) return null;
    throw error;
  }
}
