import type { JsonPath } from '../problem';
import { LIMITS, type ConvolutionConfig, type MatrixFactorizationConfig } from '../schema';
import type { Check, Report, WithModel } from './check';

/** A model is written in one of its forms, and its parts fit together. What counts with its sizes comes after. */
export const checkModel: Check<WithModel> = ({ model }, report) => {
  if (model.kind === 'matrixFactorization') checkFactorization(model, report);
  if (model.kind === 'convolution') checkConvolution(model, report);
};

function checkFactorization(model: MatrixFactorizationConfig, report: Report): void {
  const path: JsonPath = ['model', 'dimensions'];
  const shape = (['rows', 'columns', 'inner'] as const).filter((name) => model[name] !== undefined);
  if (model.dimensions) {
    if (shape.length === 0) return;
    const names = shape.map((name) => `"${name}"`).join(', ');
    const message = `A matrix factorization has "dimensions" or "rows", "columns" and "inner", not both. Leave out ${names}, or "dimensions".`;
    report('factorization-form', path, message, { at: 'key' });
    return;
  }
  const absent = (['rows', 'columns'] as const).filter((name) => model[name] === undefined);
  if (absent.length === 0) return;
  const message =
    absent.length === 2
      ? 'A matrix factorization needs its shape: "rows" and "columns" for two factors, or "dimensions" for any number of them.'
      : `The property "${absent[0]}" is missing: a matrix factorization needs "rows" and "columns", or "dimensions".`;
  report('factorization-form', ['model', absent[0]], message, { at: 'holder' });
}

function checkConvolution({ inputs, kernel }: ConvolutionConfig, report: Report): void {
  if (typeof inputs !== 'number' && inputs[0] * inputs[1] > LIMITS.inputs) {
    // All that follows has a name or a number for each of them.
    const message = `An input of ${inputs[0]} × ${inputs[1]} has ${inputs[0] * inputs[1]} numbers. The most is ${LIMITS.inputs}.`;
    report('too-large', ['model', 'inputs'], message);
    return;
  }
  const least = typeof inputs === 'number' ? inputs : Math.min(...inputs);
  if (kernel <= least) return;
  const input = typeof inputs === 'number' ? `length ${inputs}` : `${inputs[0]} × ${inputs[1]}`;
  report('kernel-size', ['model', 'kernel'], `A kernel of size ${kernel} does not fit into an input of ${input}.`);
}
