import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossHessian } from '../../../src/engine/curvature/lossHessian';
import { symmetricEigen } from '../../../src/engine/linalg/symmetricEigen';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { extremalEigenvalues } from '../../../src/engine/spectra/lanczos';
import { gaussNewtonOperator, lossHessianOperator, type SymmetricOperator } from '../../../src/engine/spectra/symmetricOperator';

function normals(seed: number, name: string, count: number): Float64Array {
  const out = new Float64Array(count);
  randomStream(seed, name).fillNormal(out);
  return out;
}

function network(seed: number, n: number, inputs: number, width: number) {
  const model = createModel({ kind: 'twoLayer', activation: 'tanh', inputs, width, hiddenBias: true, outputBias: true });
  const bound = model.bind({ count: n, dimension: inputs, values: normals(seed, 'inputs', n * inputs) });
  return { bound, parameters: normals(seed, 'parameters', model.parameterCount), targets: normals(seed, 'targets', n) };
}

function columns(operator: SymmetricOperator): Float64Array[] {
  return Array.from({ length: operator.size }, (_, j) => {
    const unit = new Float64Array(operator.size);
    unit[j] = 1;
    const out = new Float64Array(operator.size);
    operator.apply(unit, out);
    return out;
  });
}

describe('operators of a model', () => {
  const shapes = fc.tuple(
    fc.integer({ min: 0, max: 1e6 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 5 }),
  );

  it('the loss Hessian is the derivative of the gradient', () => {
    fc.assert(
      fc.property(shapes, ([seed, n, inputs, width]) => {
        const { bound, parameters, targets } = network(seed, n, inputs, width);
        const step = 1e-5;
        const [up, down] = [new Float64Array(parameters.length), new Float64Array(parameters.length)];
        columns(lossHessianOperator(bound, parameters, targets)).forEach((column, j) => {
          bound.lossAndGradient(
            parameters.map((value, i) => value + (i === j ? step : 0)),
            targets,
            up,
          );
          bound.lossAndGradient(
            parameters.map((value, i) => value - (i === j ? step : 0)),
            targets,
            down,
          );
          column.forEach((value, i) =>
            expect(Math.abs((up[i] - down[i]) / (2 * step) - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)) * 10),
          );
        });
      }),
      { numRuns: 40 },
    );
  });

  it('the Gauss–Newton matrix is (2/n)JᵀJ, and the Hessian where the residuals vanish', () => {
    fc.assert(
      fc.property(shapes, ([seed, n, inputs, width]) => {
        const { bound, parameters } = network(seed, n, inputs, width);
        const P = parameters.length;
        const jacobian = new Float64Array(n * P);
        bound.jacobian(parameters, jacobian);
        const outputs = new Float64Array(n);
        bound.evaluate(parameters, outputs);
        const hessian = columns(lossHessianOperator(bound, parameters, outputs));
        columns(gaussNewtonOperator(bound, parameters)).forEach((column, j) =>
          column.forEach((value, i) => {
            let exact = 0;
            for (let s = 0; s < n; s++) exact += (2 / n) * jacobian[s * P + i] * jacobian[s * P + j];
            expect(value).toBeCloseTo(exact, 11);
            expect(hessian[j][i]).toBeCloseTo(exact, 11);
          }),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('have the spectrum of the dense Hessian at both ends', () => {
    const { bound, parameters, targets } = network(8, 60, 3, 12);
    const truth = Array.from(symmetricEigen(lossHessian(bound, parameters, targets)).values);
    const operator = lossHessianOperator(bound, parameters, targets);
    const size = Math.max(...truth.map(Math.abs));
    const largest = extremalEigenvalues(operator, { count: 6, end: 'largest' });
    const smallest = extremalEigenvalues(operator, { count: 4, end: 'smallest' });
    expect(largest.converged && smallest.converged).toBe(true);
    largest.pairs.forEach(({ value }, i) => expect(Math.abs(value - truth[truth.length - 1 - i])).toBeLessThan(1e-9 * size));
    smallest.pairs.forEach(({ value }, i) => expect(Math.abs(value - truth[i])).toBeLessThan(1e-9 * size));
    // A random point is no minimum.
    expect(smallest.pairs[0].value).toBeLessThan(0);
  });

  it('do not change when the parameters they were made from do', () => {
    const { bound, parameters, targets } = network(9, 5, 2, 3);
    const operator = lossHessianOperator(bound, parameters, targets);
    const before = columns(operator);
    parameters.fill(0);
    expect(columns(operator)).toEqual(before);
  });
});
