import type { JsonPath } from '../problem';
import type {
  LowRankTargetConfig,
  MatrixFactorizationConfig,
  MatrixTargetConfig,
  ModelConfig,
  TargetConfig,
  VectorTargetConfig,
} from '../schema';
import { matrixShapeOf } from '../sizes';
import { counted } from '../words';
import type { Check, Report, WithTarget } from './check';
import { checkTeacher } from './teacher';

const TARGETS: Record<ModelConfig['kind'], readonly TargetConfig['kind'][]> = {
  matrixFactorization: ['matrix', 'lowRank'],
  twoLayer: ['teacher', 'formula'],
  formula: ['formula'],
  diagonal: ['vector', 'formula'],
  deepNetwork: ['teacher', 'formula'],
  convolution: ['teacher', 'formula'],
};

/** The target is one that the model can have, and of its shape. */
export const checkTarget: Check<WithTarget> = ({ model, target }, report) => {
  const allowed = TARGETS[model.kind];
  if (!allowed.includes(target.kind)) {
    const names = allowed.map((name) => `"${name}"`).join(' or ');
    report(
      'target-kind',
      ['target', 'kind'],
      `A model "${model.kind}" cannot have a target of kind "${target.kind}". Allowed: ${names}.`,
    );
    return;
  }
  if (target.kind === 'formula' && model.kind === 'deepNetwork' && (model.outputs ?? 1) > 1) {
    const message = `A formula has one value, and the network has ${model.outputs} outputs. Use a target of kind "teacher".`;
    report('target-kind', ['target', 'kind'], message);
    return;
  }
  if (target.kind === 'matrix' && model.kind === 'matrixFactorization') checkMatrix(target, model, report);
  if (target.kind === 'lowRank' && model.kind === 'matrixFactorization') checkLowRank(target, model, report);
  if (target.kind === 'teacher') checkTeacher(target, model, report);
  if (target.kind === 'vector' && model.kind === 'diagonal') checkVector(target, model.inputs, report);
};

function checkVector({ values }: VectorTargetConfig, inputs: number, report: Report): void {
  if (values.length === inputs) return;
  const message = `The target has ${counted(values.length, 'coefficient')}, but the model has ${counted(inputs, 'input')}.`;
  report('target-shape', ['target', 'values'], message);
}

function checkMatrix({ values }: MatrixTargetConfig, config: MatrixFactorizationConfig, report: Report): void {
  const model = matrixShapeOf(config);
  const path: JsonPath = ['target', 'values'];
  const ragged = values.findIndex((row) => row.length !== values[0].length);
  if (ragged >= 0) {
    const firstIsWrong = values[0].length !== model.columns && values[ragged].length === model.columns;
    const at = firstIsWrong ? 0 : ragged;
    const message = `Row ${at + 1} has ${counted(values[at].length, 'entry', 'entries')}; the model has ${counted(model.columns, 'column')}.`;
    report('target-shape', [...path, at], message);
    return;
  }
  if (values.length === model.rows && values[0].length === model.columns) return;
  report(
    'target-shape',
    path,
    `The target is ${values.length} × ${values[0].length}, but the model is ${model.rows} × ${model.columns} (rows × columns).`,
  );
}

function checkLowRank({ rank, singularValues }: LowRankTargetConfig, model: MatrixFactorizationConfig, report: Report): void {
  const { rows, columns, inner } = matrixShapeOf(model);
  const most = Math.min(rows, columns);
  if (rank > most) {
    report('target-rank', ['target', 'rank'], `A ${rows} × ${columns} matrix has rank at most ${most}, not ${rank}.`);
  } else if (rank > inner) {
    report(
      'target-rank',
      ['target', 'rank'],
      `The model cannot express a target of rank ${rank}: its ${model.dimensions ? 'smallest ' : ''}inner dimension is ${inner}.`,
    );
  }
  if (singularValues && singularValues.length !== rank) {
    const message = `There must be one singular value for each unit of rank: ${rank}, not ${singularValues.length}.`;
    report('singular-values-count', ['target', 'singularValues'], message);
  }
}
