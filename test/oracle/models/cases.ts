import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { ActivationConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { TestNumbers } from '../../unit/models/arbitraries';

/** What the reference script reads. */
export interface OracleCase {
  model: ResolvedModel;
  inputs: number[][];
  parameters: number[];
  direction: number[];
  weights: number[];
}

export interface OracleResult {
  values: number[];
  jacobian: number[];
  weightedGradient: number[];
  hessianProduct: number[];
}

/** The same cases every time: all activations and biases, a few shapes, a formula. */
export function oracleCases(): OracleCase[] {
  const numbers = new TestNumbers(2024);
  const cases: OracleCase[] = [];
  const add = (model: ResolvedModel, n: number, inputs: number[][]): void => {
    const M = createModel(model).parameterCount;
    const list = (count: number, scale: number): number[] => Array.from(numbers.normals(count, scale));
    // Small steps keep away from the kinks of relu.
    const reach = model.kind !== 'twoLayer' && 'activation' in model && model.activation === 'relu' ? 0.005 : 0.8;
    // Positive parameters where the formula takes powers of them.
    // Exponentials of exponentials are out of reach of the reference's differences unless small.
    const parameters = list(M, model.kind === 'deepNetwork' ? 0.4 : 0.8).map((value) =>
      model.kind === 'formula' ? 0.5 + Math.abs(value) : value,
    );
    cases.push({ model, inputs, parameters, direction: list(M, reach), weights: list(n, 1) });
  };
  const activations: ActivationConfig[] = ['tanh', 'sigmoid', 'exp', 'softplus', 'relu', 'sin', { kind: 'tanh', shift: 0.4 }];
  for (const activation of activations) {
    for (const [inputs, width, n] of [
      [1, 2, 3],
      [3, 2, 4],
      [5, 4, 5],
    ]) {
      for (const hiddenBias of [false, true]) {
        const model = { kind: 'twoLayer', activation, inputs, width, hiddenBias, outputBias: width === 2 } as const;
        add(
          model,
          n,
          Array.from({ length: n }, () => Array.from(numbers.normals(inputs, 0.8))),
        );
      }
    }
  }
  for (const [rows, columns, inner] of [
    [1, 3, 2],
    [4, 4, 4],
    [5, 2, 7],
  ]) {
    const n = 6;
    add(
      { kind: 'matrixFactorization', rows, columns, inner },
      n,
      Array.from({ length: n }, () => [numbers.integer(rows), numbers.integer(columns)]),
    );
  }
  for (const dimensions of [
    [2, 3, 4, 3],
    [3, 1, 2, 2, 4],
  ]) {
    const points = Array.from({ length: 6 }, () => [
      numbers.integer(dimensions[dimensions.length - 1]),
      numbers.integer(dimensions[0]),
    ]);
    add({ kind: 'matrixFactorization', dimensions }, 6, points);
  }
  const points = (n: number, d: number): number[][] => Array.from({ length: n }, () => Array.from(numbers.normals(d, 0.8)));
  add({ kind: 'diagonal', inputs: 4, depth: 3 }, 5, points(5, 4));
  for (const activation of ['tanh', 'exp', 'relu', { kind: 'tanh', shift: 0.4 }] satisfies ActivationConfig[]) {
    for (const bias of [false, true]) {
      add({ kind: 'deepNetwork', activation, inputs: 3, widths: [3, 2], outputs: 1, bias }, 4, points(4, 3));
      for (const sharing of [false, true]) {
        const family = { kind: 'convolution', activation, kernels: 2, sharing, hiddenBias: bias } as const;
        add({ ...family, inputs: 5, kernel: 3 }, 3, points(3, 5));
        add({ ...family, inputs: [3, 4], kernel: 2 }, 3, points(3, 12));
      }
    }
  }
  const parameters = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'];
  const expression = 'p0*exp(-p1*x0)*sin(p2*x1) + p3^2.5*tanh(p4*x0*x1 + p5) / (1 + p0^2)';
  add(
    { kind: 'formula', parameters, inputs: ['x0', 'x1'], expression },
    5,
    Array.from({ length: 5 }, () => Array.from(numbers.normals(2))),
  );
  return cases;
}
