import type { JsonPath } from '../problem';
import type { EntriesInputs, MatrixFactorizationConfig } from '../schema';
import type { Static } from '@sinclair/typebox';
import { inputDimensionOf, matrixShapeOf } from '../sizes';
import { counted } from '../words';
import type { Check, Report, WithData } from './check';

const PATH: JsonPath = ['data', 'inputs'];

/** Inputs are of the kind, the dimension and the range that the model and the sampler need. */
export const checkInputs: Check<WithData> = (file, report) => {
  const inputs = file.data?.inputs;
  if (!inputs) return;
  const isMatrixModel = file.model.kind === 'matrixFactorization';
  if (isMatrixModel !== (inputs.kind === 'entries')) {
    const message = isMatrixModel
      ? `A matrix model has entries as inputs, not "${inputs.kind}". Write { "kind": "entries", "order": … }.`
      : `Only a matrix model has entries as inputs. A model "${file.model.kind}" takes "normal", "uniform", "grid" or "points".`;
    report('inputs-kind', [...PATH, 'kind'], message);
    return;
  }
  if (inputs.kind === 'entries' && file.model.kind === 'matrixFactorization') checkEntries(inputs, file.model, report);
  if (inputs.kind === 'grid') checkGrid(file, report);
  if ((inputs.kind === 'grid' || inputs.kind === 'uniform') && inputs.low >= inputs.high) {
    report('empty-interval', [...PATH, 'high'], `"high" must be greater than "low", ${inputs.low}, not ${inputs.high}.`);
  }
  if (inputs.kind === 'points') checkPoints(inputs.values, inputDimensionOf(file.model), report);
  if (file.experiment === 'rank' && file.data?.sampleSizes === undefined && !('localRecovery' in (file.analysis ?? {}))) {
    report(
      'unused-inputs',
      PATH,
      'These inputs are not used: give "sampleSizes" too to take empirical ranks at them, or ask for "localRecovery".',
      {
        at: 'key',
        severity: 'warning',
      },
    );
  }
};

function checkEntries(inputs: Static<typeof EntriesInputs>, config: MatrixFactorizationConfig, report: Report): void {
  if (!Array.isArray(inputs.order)) return;
  const model = matrixShapeOf(config);
  const seen = new Map<number, number>();
  inputs.order.forEach(([row, column], i) => {
    const path = [...PATH, 'order', i];
    if (row > model.rows || column > model.columns) {
      const [step, name, value] = row > model.rows ? [0, 'row', row] : [1, 'column', column];
      report(
        'entry-outside-matrix',
        [...path, step],
        `There is no ${name} ${value}: the matrix is ${model.rows} × ${model.columns}, counted from 1.`,
      );
      return;
    }
    const key = row * (model.columns + 1) + column;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, i);
    else
      report(
        'duplicate-entry',
        path,
        `The entry [${row}, ${column}] is in the order twice: at place ${earlier + 1} and at place ${i + 1}. Every entry is revealed once.`,
      );
  });
}

function checkGrid(file: WithData, report: Report): void {
  const dimension = inputDimensionOf(file.model);
  if (dimension === 1) return;
  report(
    'grid-dimension',
    [...PATH, 'kind'],
    `A grid of inputs needs a model with one input; this one has ${dimension}. Use "uniform", "normal" or "points".`,
  );
}

/** Points of the wrong dimension: told once for all, where all are wrong in the same way. */
function checkPoints(values: readonly number[][], dimension: number, report: Report): void {
  const wrong = values.findIndex((point) => point.length !== dimension);
  if (wrong < 0) return;
  const length = values[wrong].length;
  const path: JsonPath = [...PATH, 'values'];
  const needed = `the model has ${counted(dimension, 'input')}`;
  if (values.every((point) => point.length === length)) {
    report('points-shape', path, `The points have ${counted(length, 'coordinate')}, but ${needed}.`);
  } else {
    report('points-shape', [...path, wrong], `Point ${wrong + 1} has ${counted(length, 'coordinate')}, but ${needed}.`);
  }
}
