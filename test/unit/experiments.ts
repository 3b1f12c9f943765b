import type { ResolvedHessian, ResolvedRecoveryExperiment, ResolvedTraining } from '../../src/experiment/resolved';
import type { HessianEveryConfig, InputsConfig, RecoveryExpectationsConfig } from '../../src/experiment/schema';

/** Matrices of "Linear stability hypothesis and rank stratification", arXiv 2211.11623, Fig. 2; ranks 1, 2, 3. */
export const M1 = [
  [1, 0.3, 0.7, -0.4],
  [2, 0.6, 1.4, -0.8],
  [4, 1.2, 2.8, -1.6],
  [7, 2.1, 4.9, -2.8],
];
export const M3 = [
  [-1.8, 2.4, 7.7, -5.3],
  [0.4, 1.8, 5.4, -3.6],
  [3.2, 1.8, 4.8, -3],
  [6.6, 2.4, 5.9, -3.5],
];
export const M6 = [
  [8.5, 9.3, 22.5, -6.1],
  [8.2, 6.1, 12.5, -1.6],
  [11.5, 19.8, 15.7, 3.4],
  [20.4, 11.6, 17.7, 2.5],
];

/** Entries counted from 1, written as in the paper: `11 21` for (1, 1), (2, 1). */
export function entries(text: string): [number, number][] {
  return text.split(' ').map((entry) => [Number(entry[0]), Number(entry[1])]);
}

const analysis = { rank: true, hessian: 'none', rankTolerance: 1e-9, certify: 'auto', recoveryTolerance: 1e-6 } as const;

function training(changes: Partial<ResolvedTraining>): ResolvedTraining {
  return {
    optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
    initialization: { kind: 'normal', scale: 1e-4 },
    stop: { trainLoss: 1e-9, steps: 1_000_000, gradientNorm: 0 },
    trials: 3,
    seed: 1,
    ...changes,
  };
}

export function matrixExperiment(choice: {
  values?: number[][];
  order?: [number, number][] | 'nested' | 'random' | 'bestConditioned';
  sampleSizes?: number[];
  training?: Partial<ResolvedTraining>;
  expect?: RecoveryExpectationsConfig;
  hessian?: ResolvedHessian;
  hessianEvery?: HessianEveryConfig;
}): ResolvedRecoveryExperiment {
  const { values = M1, order = 'bestConditioned', sampleSizes = [6, 7], expect = {}, hessian = 'none' } = choice;
  return {
    experiment: 'recovery',
    title: 'Matrix completion',
    description: '',
    model: { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 },
    target: { kind: 'matrix', values },
    data: { sampleSizes, inputs: { kind: 'entries', order }, testSamples: 1000 },
    training: training(choice.training ?? {}),
    analysis: { ...analysis, hessian, ...(choice.hessianEvery === undefined ? {} : { hessianEvery: choice.hessianEvery }) },
    expect,
  };
}

/** The toy model of arXiv 2211.11623, Fig. 1: `theta0 + theta1·x1 + theta2·theta3·x2`. */
export function formulaExperiment(choice: {
  target?: string;
  inputs?: InputsConfig;
  names?: string[];
  sampleSizes?: number[];
  training?: Partial<ResolvedTraining>;
}): ResolvedRecoveryExperiment {
  const { target = '1 + x1', inputs = { kind: 'normal', scale: 1 }, names = ['x1', 'x2'], sampleSizes = [1, 2, 3] } = choice;
  return {
    experiment: 'recovery',
    title: 'Toy model',
    description: '',
    model: {
      kind: 'formula',
      parameters: ['theta0', 'theta1', 'theta2', 'theta3'],
      inputs: names,
      expression: names.length === 2 ? 'theta0 + theta1*x1 + theta2*theta3*x2' : 'theta0 + theta1*x1 + theta2*theta3',
    },
    target: { kind: 'formula', expression: target },
    data: { sampleSizes, inputs, testSamples: 1000 },
    training: training({ optimizer: { kind: 'gradientDescent', learningRate: 0.01 }, ...choice.training }),
    analysis,
    expect: {},
  };
}
