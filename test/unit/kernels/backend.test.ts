import { describe, expect, it } from 'vitest';
import type { BackendName } from '../../../src/experiment/schema';
import { chooseBackend } from '../../../src/engine/kernels/backend';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import { Training } from '../../../src/engine/training/train';
import { prepare, type Case } from './cases';

const NETWORK: Case = {
  model: { kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 7, hiddenBias: true, outputBias: true },
  optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
  count: 11,
  seed: 4,
  stop: { trainLoss: 0, steps: 50, gradientNorm: 0 },
  slices: [],
};
const FACTORIZATION: Case = { ...NETWORK, model: { kind: 'matrixFactorization', rows: 4, columns: 5, inner: 3 } };

function train(example: Case, choice?: BackendName): { name: string; exact: boolean; parameters: number[]; kind: string } {
  const { bound, targets, start, rules } = prepare(example);
  const backend = chooseBackend(bound.kernelProblem?.(), choice);
  const training = backend.train(bound, targets, start(), rules);
  training.advance(Infinity);
  return {
    name: backend.name,
    exact: backend.exact,
    parameters: [...training.parameters],
    kind: training.constructor.name,
  };
}

/** The largest difference relative to the largest parameter. */
function distance(a: readonly number[], b: readonly number[]): number {
  const largest = Math.max(...a.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]))) / largest;
}

// The tests run with RECOVERY_NATIVE=off.
describe('backends', () => {
  it.each([NETWORK, FACTORIZATION])('by default the fastest one, exact to the last bit', (example) => {
    const automatic = train(example);
    expect(automatic).toMatchObject({ name: 'WebAssembly', exact: true, kind: KernelTraining.name });
    const plain = train(example, 'typescript');
    expect(plain).toMatchObject({ name: 'TypeScript', exact: true, kind: Training.name });
    expect(plain.parameters).toEqual(automatic.parameters);
    expect(train(example, 'webassembly').parameters).toEqual(automatic.parameters);
  });

  it.each([NETWORK, FACTORIZATION])('relaxed SIMD differs by rounding, and says so', (example) => {
    const relaxed = train(example, 'relaxedSimd');
    expect(relaxed).toMatchObject({ name: 'WebAssembly (relaxed SIMD)', exact: false });
    const strict = train(example);
    expect(distance(strict.parameters, relaxed.parameters)).toBeLessThan(1e-9);
  });

  it('a model without kernels is trained in TypeScript', () => {
    expect(chooseBackend(undefined).name).toBe('TypeScript');
  });

  it('native kernels that are asked for and not there are an error in words', () => {
    expect(() => train(NETWORK, 'native')).toThrow('There are no native kernels: RECOVERY_NATIVE=off turns them off.');
    expect(() => train(FACTORIZATION, 'native')).toThrow('Only two-layer networks can ask');
  });
});
