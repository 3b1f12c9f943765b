import type { JsonPath } from '../problem';
import type { ModelConfig, ModelExperimentFile, RecoveryExperimentFile } from '../schema';
import { variantCount, withWidth } from '../variants';
import type { Check, Report } from './check';

/** What is varied is there to be varied, and every single experiment is right. */
export const checkVary: Check = (file, report) => {
  if (file.experiment !== 'recovery') return;
  checkDropout(file, report);
  const { vary, expect } = file;
  if (expect?.variants && expect.variants.length !== variantCount(file)) {
    const message = `"variants" has ${expect.variants.length} expectations for ${variantCount(file)} values of "vary". Give one for each, {} where nothing is expected.`;
    report('expectation-variants', ['expect', 'variants'], message, { at: 'key' });
  }
  if (!vary) return;
  const at: JsonPath = ['vary', 'kind'];
  const optimizer = file.training?.optimizer?.kind ?? 'gradientDescent';
  if (vary.kind === 'width' && withWidth(file.model, 1) === undefined)
    report('vary-nothing', at, 'This model has no width that could vary.');
  if (vary.kind === 'scale' && file.training?.initialization?.kind === 'fanIn')
    report('vary-nothing', at, 'The initialization "fanIn" has no scale. Use "normal" or "uniform".');
  if (vary.kind === 'learningRate' && optimizer === 'gradientFlow')
    report('vary-nothing', at, 'A gradient flow has no learning rate.');
  if (vary.kind === 'model') requireSameInputs(file, vary.values, report);
  if (vary.kind === 'dropout' && vary.values.some((rate) => rate > 0)) requireTwoLayer(file, at, optimizer, report);
};

/** Inputs that the file leaves out are entries for matrices, else normal ones. */
function requireSameInputs(
  { model, data }: RecoveryExperimentFile,
  values: readonly { model: ModelConfig }[],
  report: Report,
): void {
  if (data.inputs !== undefined) return;
  const isMatrix = ({ kind }: ModelConfig) => kind === 'matrixFactorization';
  const other = values.findIndex((value) => isMatrix(value.model) !== isMatrix(model));
  if (other < 0) return;
  const message = 'Matrices and other models have no inputs in common.';
  report('inputs-of-models', ['vary', 'values', other, 'model', 'kind'], message);
}

function checkDropout(file: RecoveryExperimentFile, report: Report): void {
  const kind = file.training?.initialization?.kind;
  if (kind === 'fanIn' && file.model.kind !== 'twoLayer' && file.model.kind !== 'deepNetwork') {
    const message = 'The initialization "fanIn" is for fully connected networks: "twoLayer" and "deepNetwork".';
    report('initialization-of-networks', ['training', 'initialization', 'kind'], message);
  }
  const varied = file.vary?.kind === 'dropout' && file.vary.values.some((rate) => rate > 0);
  if (file.training?.dropoutSteps !== undefined && file.training.dropout === undefined && !varied)
    report('no-effect', ['training', 'dropoutSteps'], 'Nothing is dropped: "dropout" is missing.', { severity: 'warning' });
  if (file.training?.dropout === undefined) return;
  requireTwoLayer(file, ['training', 'dropout'], file.training.optimizer?.kind ?? 'gradientDescent', report);
}

function requireTwoLayer({ model }: ModelExperimentFile, path: JsonPath, optimizer: string, report: Report): void {
  if (model.kind !== 'twoLayer') report('dropout-of-networks', path, 'Dropout is for models of kind "twoLayer".');
  else if (optimizer === 'gradientFlow')
    report('dropout-of-steps', path, 'A gradient flow has no dropout: it is the limit of steps that all see the same loss.');
}
