import type { JsonPath } from '../../experiment/problem';
import type {
  ResolvedDeepFactorization,
  ModelExperiment,
  ResolvedMatrixFactorization,
  ResolvedTwoLayer,
} from '../../experiment/resolved';
import type { DiagonalConfig, FormulaConfig, TargetConfig } from '../../experiment/schema';
import { matrixShapeOf } from '../../experiment/sizes';
import type { Prediction } from '../../protocol/events';
import { createModel } from '../models/registry';
import { teacherKernels } from '../targets/convolutionTeacher';
import { deepTeacher } from '../targets/deepTeacher';
import { targetMatrix } from '../targets/targetMatrix';
import { convolutionRank } from './convolution/closedForm';
import { deepRankBound } from './deepNetwork';
import { linearCoefficients } from './diagonal';
import { isLinear, searchRepresentation } from './formula/search';
import { factorizationRank, matrixRank } from './matrixFactorization';
import { networkRank } from './twoLayer/closedForm';
import { targetNetwork } from './twoLayer/embeddings';
import { reduceNetwork } from './twoLayer/reduction';

type Forecast = Omit<Prediction, 'parameters'>;

/** What decides about the optimistic sample size. */
export interface Subject extends Pick<ModelExperiment, 'model' | 'target'> {
  data: Pick<ModelExperiment['data'], 'inputs'>;
  analysis: Pick<ModelExperiment['analysis'], 'rankTolerance'>;
}

/** The optimistic sample size rank_f(f*) of the target of an experiment. */
export function predictOptimisticSampleSize(experiment: Subject): Prediction {
  return { ...forecast(experiment), parameters: createModel(experiment.model).parameterCount };
}

function forecast(experiment: Subject): Forecast {
  const { model, target } = experiment;
  const obstacle = inexpressibleTarget(experiment)[0];
  if (obstacle) return unknown(obstacle.message);
  switch (model.kind) {
    case 'matrixFactorization':
      return forecastMatrix(model, target, experiment.analysis.rankTolerance);
    case 'twoLayer':
      return forecastNetwork(model, target);
    case 'formula':
      return forecastFormula(model, experiment);
    case 'diagonal':
      return forecastDiagonal(model, target);
    case 'deepNetwork': {
      if (target.kind !== 'teacher') return unknown(NO_TEACHER);
      if (model.outputs > 1) return unknown(SEVERAL_OUTPUTS);
      const { rank, formula, source } = deepRankBound(model, deepTeacher(model, target).model.widths);
      return { optimisticSampleSize: rank, exact: false, formula, source };
    }
    case 'convolution': {
      if (target.kind !== 'teacher') return unknown(NO_TEACHER);
      const { rank, exact, formula, source } = convolutionRank(model, teacherKernels(model, target));
      return { optimisticSampleSize: rank, exact, formula, source };
    }
  }
}

const SEVERAL_OUTPUTS =
  'The theorems on optimistic sample sizes are about functions with one value, and this network has several outputs.';

const NO_TEACHER =
  'No formula covers this target: it is not a network of the model’s family, so the smallest network that is the target is not known.';

function forecastDiagonal(model: DiagonalConfig, target: TargetConfig): Forecast {
  const coefficients = linearCoefficients(model, target);
  if (!coefficients) return unknown('No result covers this target.');
  const k = coefficients.filter((value) => value !== 0).length;
  return {
    optimisticSampleSize: k,
    exact: true,
    formula: `number of coefficients that are not 0 = ${k}`,
    source: '"Linear stability hypothesis" (arXiv 2211.11623): diagonal models, for any depth',
  };
}

function unknown(reason: string): Forecast {
  return { optimisticSampleSize: null, exact: false, formula: '', source: reason };
}

function forecastMatrix(
  model: ResolvedMatrixFactorization | ResolvedDeepFactorization,
  target: TargetConfig,
  tolerance: number,
): Forecast {
  if (target.kind !== 'matrix' && target.kind !== 'lowRank') return unknown('No result covers this target.');
  const { rows, columns } = matrixShapeOf(model);
  const { rank: r, gap, conclusive } = matrixRank(targetMatrix(model, target), tolerance);
  const size = factorizationRank(rows, columns, r);
  const depth = 'dimensions' in model ? `, for any number of factors; here ${model.dimensions.length - 1}` : '';
  const source = `"Optimistic estimate" (arXiv 2307.08921): matrix factorization, for rectangular factors with d1 × d2${depth}`;
  const doubt = conclusive
    ? ''
    : `; the rank of the target is uncertain, because its singular values have no clear gap (${gap.toPrecision(2)})`;
  return {
    optimisticSampleSize: size,
    exact: conclusive,
    formula: `r(d1 + d2 − r) = ${r}·(${rows} + ${columns} − ${r}) = ${size}`,
    source: source + doubt,
  };
}

function forecastNetwork(model: ResolvedTwoLayer, target: TargetConfig): Forecast {
  const network = targetNetwork(model, target);
  if (!network) {
    return unknown(
      'No formula covers this target: it is not written as a sum of neurons of the model’s activation, so its intrinsic width is not known.',
    );
  }
  const { rank, exact, formula, source, reduced } = networkRank(model, network);
  const needed = reduced.network.neurons.length;
  if (needed > model.width) {
    return unknown(
      `The target is known as a network of ${needed} neurons only, and the model has ${model.width}; whether fewer do is not known.`,
    );
  }
  return { optimisticSampleSize: rank, exact, formula, source };
}

function forecastFormula(model: FormulaConfig, { target, data }: Subject): Forecast {
  if (target.kind !== 'formula') return unknown('No result covers this target.');
  const found = searchRepresentation(model, target, data.inputs);
  if (!found) return unknown('No parameters were found for which the model is the target, so its rank there is not known.');
  const { rank, linear, exact, points } = found;
  if (!rank.conclusive) {
    return unknown(
      `The rank at the target is inconclusive: the singular values of the tangent matrix have a gap of ${rank.gap.toPrecision(2)} only.`,
    );
  }
  if (linear) {
    return {
      optimisticSampleSize: rank.rank,
      exact,
      formula: `number of independent basis functions = ${rank.rank}`,
      source:
        'the model is linear in its parameters, so its rank is the same everywhere: "Local linear recovery" (arXiv 2406.18035), Cor. 3',
    };
  }
  return {
    optimisticSampleSize: rank.rank,
    exact,
    formula: `min rank over ${points} ${points === 1 ? 'point' : 'points'} of the target set = ${rank.rank}`,
    source: `smallest rank found over ${points} ${points === 1 ? 'point' : 'points'} of the target set, by fitting with ever more parameters at 0: an upper bound`,
  };
}

/** Why the model cannot have the target, at the place in the experiment where that is to be mended; empty when nothing is known. */
export function inexpressibleTarget(experiment: Subject): { path: JsonPath; message: string }[] {
  const { model, target } = experiment;
  switch (model.kind) {
    case 'matrixFactorization': {
      if (target.kind !== 'matrix' && target.kind !== 'lowRank') return [];
      const { inner, rows, columns } = matrixShapeOf(model);
      if (target.kind === 'lowRank' && target.rank > Math.min(rows, columns)) {
        const message = `A ${rows} × ${columns} matrix has rank at most ${Math.min(rows, columns)}, not ${target.rank}.`;
        return [{ path: ['target', 'rank'], message }];
      }
      const rank =
        target.kind === 'lowRank' ? target.rank : matrixRank(targetMatrix(model, target), experiment.analysis.rankTolerance).rank;
      if (rank <= inner) return [];
      const path = target.kind === 'lowRank' ? ['target', 'rank'] : ['target', 'values'];
      return [
        {
          path,
          message: `The model cannot express this target: the target has rank ${rank}, and the ${'dimensions' in model ? 'smallest ' : ''}inner dimension of the model is ${inner}.`,
        },
      ];
    }
    case 'twoLayer': {
      const network = targetNetwork(model, target);
      if (!network) return [];
      const path = [
        'target',
        target.kind === 'formula' ? 'expression' : target.kind === 'teacher' && target.width !== undefined ? 'width' : 'neurons',
      ];
      const { obstacle, leastWidth: needed } = reduceNetwork(model, network);
      if (obstacle !== '') return [{ path, message: `The model cannot express this target: ${obstacle}.` }];
      if (needed <= model.width) return [];
      const neurons = needed === 1 ? '1 neuron' : `${needed} neurons`;
      return [
        {
          path,
          message: `The model cannot express this target: it needs ${neurons}, and the width of the model is ${model.width}.`,
        },
      ];
    }
    case 'formula': {
      if (target.kind !== 'formula' || !isLinear(model)) return [];
      if (searchRepresentation(model, target, experiment.data.inputs)) return [];
      return [
        {
          path: ['target', 'expression'],
          message:
            'The model cannot express this target: it is linear in its parameters, and no choice of them gives the target.',
        },
      ];
    }
    case 'diagonal': {
      if (linearCoefficients(model, target)) return [];
      const message =
        'The model cannot express this target: it is linear in the inputs without a constant, and the target is not.';
      return [{ path: ['target', 'expression'], message }];
    }
    case 'deepNetwork': {
      const widths = target.kind === 'teacher' ? (target.widths ?? []) : [];
      const layer = widths.findIndex((width, l) => width > (model.widths[l] ?? 0));
      if (layer < 0) return [];
      const message = `The model cannot express this target: it needs ${widths[layer]} neurons in hidden layer ${layer + 1}, and the model has ${model.widths[layer] ?? 0}.`;
      return [{ path: ['target', 'widths'], message }];
    }
    case 'convolution': {
      if (target.kind !== 'teacher') return [];
      const kernels = target.kernels?.length ?? target.width ?? 1;
      if (kernels <= model.kernels) return [];
      const message = `The model cannot express this target: it has ${kernels} kernels, and the model ${model.kernels}.`;
      return [{ path: ['target', target.kernels ? 'kernels' : 'width'], message }];
    }
  }
}
