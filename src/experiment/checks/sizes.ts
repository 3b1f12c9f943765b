import { defaultOf } from '../defaults';
import type { JsonPath } from '../problem';
import { LIMITS, RecoveryData, TrainingSchema, type ModelExperimentFile, type ModelConfig } from '../schema';
import {
  hiddenSizeOf,
  inputDimensionOf,
  largestSampleSize,
  matrixShapeOf,
  outputsOf,
  parameterCountOf,
  sampleSizeCount,
} from '../sizes';
import { counted } from '../words';
import { variantCount } from '../variants';
import type { Check, Report } from './check';

/**
 * Bounds what an experiment would allocate, from its numbers alone. The first bound that is broken is told; the others mostly
 * follow from it.
 */
export const checkSizes: Check = (file, report) => {
  const rules = [checkParameters, checkCells, checkSamples, checkTangentMatrix, checkHessian, checkFlow];
  rules.some((rule) => rule(file, report));
};

type SizeRule = (file: ModelExperimentFile, report: Report) => boolean;

const checkParameters: SizeRule = ({ model }, report) => {
  const parameters = parameterCountOf(model);
  if (parameters <= LIMITS.parameters) return false;
  report(
    'too-many-parameters',
    ['model', sizeProperty(model)],
    `The model would have ${parameters} parameters. The most is ${LIMITS.parameters}.`,
  );
  return true;
};

/** The property that makes a model large. */
function sizeProperty(model: ModelConfig): string {
  switch (model.kind) {
    case 'matrixFactorization':
      return model.dimensions ? 'dimensions' : model.inner !== undefined ? 'inner' : 'kind';
    case 'twoLayer':
      return 'width';
    case 'deepNetwork':
      return 'widths';
    case 'convolution':
      return 'kernels';
    default:
      return 'kind';
  }
}

const checkCells: SizeRule = (file, report) => {
  if (file.experiment !== 'recovery') return false;
  const sizes = sampleSizeCount(file.data.sampleSizes);
  const trials = file.training?.trials ?? defaultOf<number>(TrainingSchema.properties.trials);
  const variants = variantCount(file);
  if (variants * sizes * trials <= LIMITS.cells) return false;
  const path: JsonPath = file.training?.trials === undefined ? ['data', 'sampleSizes'] : ['training', 'trials'];
  report(
    'too-many-cells',
    path,
    `${counted(sizes, 'sample size')} with ${counted(trials, 'trial')} each${variants > 1 ? `, for ${counted(variants, 'value')},` : ''} are ${variants * sizes * trials} trainings. The most is ${LIMITS.cells}.`,
  );
  return true;
};

/** Inputs and hidden layers of a sample are held at once: n·d and n·m numbers. */
const checkSamples: SizeRule = (file, report) => {
  const { model } = file;
  const breadth = Math.max(inputDimensionOf(model), hiddenSizeOf(model), outputsOf(model));
  const matrix = model.kind === 'matrixFactorization' ? matrixShapeOf(model) : undefined;
  if (matrix && matrix.rows * matrix.columns > LIMITS.denseEntries) {
    const message = `A ${matrix.rows} × ${matrix.columns} matrix has ${matrix.rows * matrix.columns} entries. The most is ${LIMITS.denseEntries}.`;
    report('too-large', ['model', model.kind === 'matrixFactorization' && model.dimensions ? 'dimensions' : 'rows'], message);
    return true;
  }
  const sizes = file.data?.sampleSizes;
  const samples: [number | undefined, JsonPath][] = [
    [sizes === undefined ? undefined : largestSampleSize(sizes), ['data', 'sampleSizes']],
  ];
  if (file.experiment === 'recovery' && model.kind !== 'matrixFactorization') {
    samples.push([file.data.testSamples ?? defaultOf<number>(RecoveryData.properties.testSamples), ['data', 'testSamples']]);
  }
  for (const [count, path] of samples) {
    if (count === undefined || count * breadth <= LIMITS.denseEntries) continue;
    const message = `${counted(count, 'sample')} of a model of this size need ${count} × ${breadth} = ${count * breadth} numbers at once. The most is ${LIMITS.denseEntries}.`;
    report('too-large', path, message);
    return true;
  }
  return false;
};

/** Ranks are taken of a dense tangent matrix: at all entries of a matrix, at max(4M, M + 50) probe inputs of any other model. */
const checkTangentMatrix: SizeRule = (file, report) => {
  if (file.experiment === 'recovery' && file.analysis?.rank === false) return false;
  const { model } = file;
  const columns = parameterCountOf(model);
  const matrix = model.kind === 'matrixFactorization' ? matrixShapeOf(model) : undefined;
  const probes = matrix ? matrix.rows * matrix.columns : Math.max(4 * columns, columns + 50);
  const sizes = file.data?.sampleSizes;
  const rows = Math.max(probes, sizes === undefined ? 0 : largestSampleSize(sizes) * outputsOf(model));
  if (rows * columns <= LIMITS.denseEntries) return false;
  const advice =
    file.experiment === 'recovery' ? ' Make the model smaller, or set "rank": false in "analysis".' : ' Make the model smaller.';
  const message = `The tangent matrix would be ${rows} × ${columns}: ${rows * columns} entries. The most is ${LIMITS.denseEntries}.${advice}`;
  report('tangent-matrix-too-large', ['model'], message, { at: 'key' });
  return true;
};

const checkHessian: SizeRule = (file, report) => {
  const hessian = file.experiment === 'recovery' ? file.analysis?.hessian : undefined;
  if (hessian === undefined || hessian === 'none') return false;
  const parameters = parameterCountOf(file.model);
  const path = ['analysis', 'hessian'];
  if (hessian === 'full') {
    if (parameters * parameters <= LIMITS.denseEntries) return false;
    const message = `The Hessian would be ${parameters} × ${parameters}: ${parameters * parameters} entries. The most is ${LIMITS.denseEntries}. "density" and "extremal" need no matrix; "auto" takes "density" for models of this size.`;
    report('hessian-too-large', path, message);
    return true;
  }
  if (typeof hessian !== 'object') return false;
  const count = hessian.count ?? 1;
  const vectors = lanczosVectors(count);
  if (vectors * parameters <= LIMITS.denseEntries || 2 * count >= parameters) return false;
  const fits = Math.floor((Math.floor(LIMITS.denseEntries / parameters) - lanczosVectors(0)) / 3);
  const message = `${counted(count, 'eigenvalue')} at each end take ${vectors} vectors of ${parameters} numbers: ${vectors * parameters} entries. The most is ${LIMITS.denseEntries}, enough for ${fits}.`;
  report('hessian-too-large', [...path, 'count'], message);
  return true;
};

/** Least number of vectors that Lanczos holds for `count` eigenvalues. */
function lanczosVectors(count: number): number {
  return 3 * count + 4;
}

/** Largest number of parameters for which a gradient flow is integrated with dense matrices. */
const DENSE_FLOW = 1000;

/** Dense matrices of a gradient flow, and its polish, hold the n × M tangent matrix. */
const checkFlow: SizeRule = (file, report) => {
  if (file.experiment !== 'recovery' || file.training?.optimizer?.kind !== 'gradientFlow') return false;
  const parameters = parameterCountOf(file.model);
  if (parameters > DENSE_FLOW && file.training.optimizer.polish !== true) return false;
  const samples = largestSampleSize(file.data.sampleSizes) * outputsOf(file.model);
  if (samples * parameters <= LIMITS.denseEntries) return false;
  const message = `A gradient flow of ${counted(samples, 'sample')} would hold a ${samples} × ${parameters} tangent matrix: ${samples * parameters} entries. The most is ${LIMITS.denseEntries}.`;
  report('tangent-matrix-too-large', ['training', 'optimizer', 'kind'], message);
  return true;
};
