import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  experimentHash,
  inputDimensionOf,
  inputNamesOf,
  parameterCountOf,
  parseExperiment,
  type ResolvedExperiment,
} from '../../../src/experiment';
import type { ResolvedRecoveryExperiment } from '../../../src/experiment/resolved';
import {
  hasSampleSize,
  largestSampleSize,
  listSampleSizes,
  sampleSizeCount,
  smallestSampleSize,
} from '../../../src/experiment/sizes';

const MATRIX = '"model": { "kind": "matrixFactorization", "rows": 3, "columns": 5 }, "target": { "kind": "lowRank", "rank": 1 }';

function resolve(text: string): ResolvedExperiment {
  const { resolved, problems } = parseExperiment(text);
  if (!resolved) throw new Error(problems.map(({ message }) => message).join('\n'));
  return resolved;
}

describe('resolving', () => {
  it('fills in every default of a recovery experiment', () => {
    expect(resolve(`{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": 4 } }`)).toEqual({
      experiment: 'recovery',
      title: '',
      description: '',
      model: { kind: 'matrixFactorization', rows: 3, columns: 5, inner: 3 },
      target: { kind: 'lowRank', rank: 1, seed: 1 },
      data: { sampleSizes: [4], inputs: { kind: 'entries', order: 'nested' }, testSamples: 1000 },
      training: {
        optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
        initialization: { kind: 'normal', scale: 1e-4 },
        stop: { trainLoss: 1e-9, steps: 100_000, gradientNorm: 0 },
        trials: 10,
        seed: 1,
      },
      analysis: { rank: true, hessian: 'none', rankTolerance: 1e-9, certify: 'auto', recoveryTolerance: 1e-6 },
      expect: {},
    });
  });

  it('says every way of asking for a Hessian in one way', () => {
    const hessianOf = (hessian: string, width = 3) =>
      (
        resolve(
          `{ "experiment": "recovery", "model": { "kind": "twoLayer", "inputs": 2, "width": ${width} }, "target": { "kind": "teacher", "width": 1 }, "data": { "sampleSizes": 4 }, "analysis": { "rank": false, "hessian": ${hessian} } }`,
        ) as ResolvedRecoveryExperiment
      ).analysis;
    const density = { kind: 'density', probes: 10, steps: 80, count: 5 };
    expect(hessianOf('"extremal"')).toMatchObject({ hessian: { kind: 'extremal', count: 10 } });
    expect(hessianOf('{ "kind": "extremal", "count": 3 }')).toMatchObject({ hessian: { kind: 'extremal', count: 3 } });
    expect(hessianOf('"density"')).toMatchObject({ hessian: density });
    expect(hessianOf('{ "kind": "density", "steps": 20 }')).toMatchObject({ hessian: { ...density, steps: 20 } });
    expect(hessianOf('"auto"', 666)).toMatchObject({ hessian: 'full' });
    expect(hessianOf('"auto"', 667)).toMatchObject({ hessian: density });
    expect(hessianOf('"full"')).not.toHaveProperty('hessianEvery');
    expect(hessianOf('"full", "hessianEvery": 50')).toMatchObject({ hessianEvery: 50 });
    expect(hessianOf('"full", "hessianEvery": { "perDecade": 5 }')).toMatchObject({ hessianEvery: { perDecade: 5 } });
  });

  it('keeps a backend that somebody chose, and lets it change the hash only where it changes numbers', () => {
    const withTraining = (training: string) =>
      resolve(`{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": 4 }, "training": ${training} }`);
    const plain = withTraining('{}');
    expect(withTraining('{ "backend": "auto" }')).toEqual(plain);
    expect(withTraining('{ "backend": "typescript" }')).toMatchObject({ training: { backend: 'typescript' } });
    const hashes = ['webassembly', 'typescript', 'relaxedSimd'].map((name) =>
      experimentHash(withTraining(`{ "backend": "${name}" }`)),
    );
    expect(hashes.slice(0, 2)).toEqual([experimentHash(plain), experimentHash(plain)]);
    expect(hashes[2]).not.toBe(experimentHash(plain));
  });

  it('keeps a precision below float64 and lets it change the hash', () => {
    const resolved = (training: string) =>
      resolve(
        `{ "experiment": "recovery", "model": { "kind": "twoLayer", "inputs": 2, "width": 3 }, "target": { "kind": "teacher", "width": 1 }, "data": { "sampleSizes": 4 }, "training": ${training} }`,
      );
    const plain = resolved('{}');
    expect(resolved('{ "precision": "float64" }')).toEqual(plain);
    expect(resolved('{ "precision": "float32" }')).toMatchObject({ training: { precision: 'float32' } });
    const hashes = ['{}', '{ "precision": "float32" }', '{ "backend": "tensorflow" }'].map((training) =>
      experimentHash(resolved(training)),
    );
    expect(new Set(hashes).size).toBe(3);
  });

  it('says where a backend cannot be had or has nothing to do', () => {
    const problems = (training: string) =>
      parseExperiment(
        `{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": 4 }, "training": ${training} }`,
      ).problems.map(({ severity, message }) => [severity, message]);
    expect(problems('{ "backend": "native" }')).toEqual([
      ['error', expect.stringContaining('Only two-layer networks can ask for native kernels')],
    ]);
    expect(problems('{ "optimizer": { "kind": "gradientFlow" }, "backend": "webassembly" }')).toEqual([
      ['warning', expect.stringContaining('no effect')],
    ]);
    expect(problems('{ "backend": "relaxedSimd" }')).toEqual([]);
    expect(problems('{ "backend": "tensorflow" }')).toEqual([
      ['error', expect.stringContaining('two-layer, deep and convolutional networks only')],
    ]);
    expect(problems('{ "backend": "tensorflow", "precision": "float64" }')).toContainEqual([
      'error',
      'The backend "tensorflow" trains in float32.',
    ]);
    expect(problems('{ "backend": "webassembly", "precision": "float32" }')).toEqual([
      ['warning', expect.stringContaining('trains in float64')],
    ]);
    expect(problems('{ "dropout": 0.5, "backend": "relaxedSimd" }')).toContainEqual([
      'warning',
      expect.stringContaining('always runs in TypeScript'),
    ]);
    expect(problems('{ "dropout": 0.5, "dropoutSteps": 10 }')).toEqual(problems('{ "dropout": 0.5 }'));
    expect(problems('{ "dropoutSteps": 10 }')).toContainEqual(['warning', expect.stringContaining('Nothing is dropped')]);
  });

  it('says that spectra are not told of varied trainings', () => {
    const problems = (more: string) =>
      parseExperiment(
        `{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": 4 }, ${more} "analysis": { "hessian": "full" } }`,
      ).problems.map(({ severity, code }) => [severity, code]);
    expect(problems('')).toEqual([]);
    expect(problems('"vary": { "kind": "scale", "values": [1e-3, 1e-2] },')).toEqual([['warning', 'no-effect']]);
  });

  it('fills in every default of a rank experiment', () => {
    const network = '"model": { "kind": "twoLayer", "inputs": 2, "width": 3 }, "target": { "kind": "teacher", "width": 1 }';
    expect(
      resolve(
        `{ "experiment": "rank", ${network}, "points": [{ "kind": "random" }, { "kind": "null", "name": "mine" }, { "kind": "splitting" }] }`,
      ),
    ).toEqual({
      experiment: 'rank',
      title: '',
      description: '',
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3, hiddenBias: false, outputBias: false },
      target: { kind: 'teacher', width: 1, seed: 1, outputBias: 0 },
      points: [
        { kind: 'random', name: 'random 1', scale: 1, seed: 1 },
        { kind: 'null', name: 'mine' },
        { kind: 'splitting', name: 'splitting 3', seed: 1 },
      ],
      data: { sampleSizes: [], inputs: { kind: 'normal', scale: 1 } },
      analysis: { rankTolerance: 1e-9, certify: 'auto' },
      expect: {},
    });
  });

  it('fills in the defaults of inner variants', () => {
    const text = `{ "experiment": "recovery", "model": { "kind": "twoLayer", "inputs": 1, "width": 2, "hiddenBias": true },
      "target": { "kind": "teacher", "neurons": [{ "outputWeight": 2, "inputWeights": [1] }], "seed": 7 },
      "data": { "sampleSizes": [5, 2] },
      "training": { "optimizer": { "kind": "adam", "learningRate": { "initial": 1, "factor": 0.5, "every": 3 } }, "stop": { "steps": 5 } } }`;
    expect(resolve(text)).toMatchObject({
      target: { kind: 'teacher', neurons: [{ outputWeight: 2, inputWeights: [1], bias: 0 }], outputBias: 0 },
      data: { sampleSizes: [2, 5] },
      training: {
        optimizer: {
          kind: 'adam',
          learningRate: { initial: 1, factor: 0.5, every: 3, minimum: 0 },
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
        },
        stop: { trainLoss: 1e-9, steps: 5, gradientNorm: 0 },
      },
    });
    expect(resolve(text)).not.toHaveProperty('target.seed');
  });

  it('fills in the tolerances of a gradient flow, and no time', () => {
    const text = `{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": 4 }, "training": { "optimizer": { "kind": "gradientFlow" } } }`;
    expect(resolve(text)).toMatchObject({
      training: {
        optimizer: { kind: 'gradientFlow', relativeTolerance: 1e-8, absoluteTolerance: 1e-11, polish: false },
        stop: { trainLoss: 1e-9, steps: 100_000, gradientNorm: 0 },
      },
    });
    const resolved = resolve(text);
    expect(resolved.experiment === 'recovery' && resolved.training.optimizer).not.toHaveProperty('time');
  });

  it('does not share defaults between experiments', () => {
    const text = `{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": 4 } }`;
    const first = resolve(text);
    if (first.experiment === 'recovery' && first.training.optimizer.kind === 'gradientDescent')
      first.training.optimizer.learningRate = 99;
    expect(resolve(text)).toMatchObject({ training: { optimizer: { learningRate: 0.05 } } });
  });
});

describe('experimentHash', () => {
  const hash = (text: string): string => experimentHash(resolve(text));
  const plain = `{ "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": [1, 2, 3] } }`;

  it('is that of the canonical JSON', () => {
    const text =
      '{ "experiment": "rank", "model": { "kind": "formula", "parameters": ["a"], "inputs": ["x"], "expression": "a*x" }, "target": { "kind": "formula", "expression": "x" } }';
    const canonical =
      '{"analysis":{"certify":"auto","rankTolerance":1e-9},"data":{"inputs":{"kind":"normal","scale":1},"sampleSizes":[]},"experiment":"rank","model":{"expression":"a*x","inputs":["x"],"kind":"formula","parameters":["a"]},"points":[],"target":{"expression":"x","kind":"formula"}}';
    expect(hash(text)).toBe(createHash('sha256').update(canonical).digest('hex'));
  });

  it('is the same for files that mean the same', () => {
    const same = [
      `{ "title": "T", "description": "D", "experiment": "recovery", ${MATRIX}, "data": { "sampleSizes": [3, 1, 2] }, "expect": { "modelRank": 7 } }`,
      `{ ${MATRIX}, "data": { "testSamples": 1000, "sampleSizes": { "from": 1, "to": 3 }, "inputs": { "kind": "entries" } }, // comment
         "training": { "trials": 1e1, "stop": {} }, "experiment": "recovery" }`,
      plain.replace(
        / }$/,
        ', "published": [{ "source": "S", "chart": "testError", "values": [{ "x": 2, "measured": "recoveredFrom" }] }] }',
      ),
    ];
    for (const text of same) expect(hash(text)).toBe(hash(plain));
  });

  it('differs where the numbers would', () => {
    const other = [
      plain.replace('[1, 2, 3]', '[1, 2]'),
      plain.replace('"rank": 1', '"rank": 2'),
      plain.replace(/ }$/, ', "training": { "seed": 2 } }'),
      plain.replace(/ }$/, ', "analysis": { "rankTolerance": 1e-8 } }'),
      plain.replace(/ }$/, ', "analysis": { "certify": "always" } }'),
      plain.replace(/ }$/, ', "analysis": { "certify": "never" } }'),
      plain.replace(/ }$/, ', "training": { "optimizer": { "kind": "gradientFlow" } } }'),
      plain.replace(/ }$/, ', "training": { "optimizer": { "kind": "gradientFlow", "time": 10 } } }'),
      plain.replace(/ }$/, ', "training": { "optimizer": { "kind": "gradientFlow", "relativeTolerance": 1e-6 } } }'),
      plain.replace(/ }$/, ', "training": { "optimizer": { "kind": "gradientFlow", "polish": true } } }'),
    ];
    expect(new Set([plain, ...other].map(hash)).size).toBe(11);
    expect(hash(plain.replace(/ }$/, ', "analysis": { "certify": "auto" } }'))).toBe(hash(plain));
  });
});

describe('sizes', () => {
  const size = fc.integer({ min: 1, max: 60 });
  const range = fc
    .record({ from: size, span: fc.nat(40), step: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }) })
    .map(({ from, span, step }) => ({ from, to: from + span, ...(step === undefined ? {} : { step }) }));

  it('are counted, bounded and found without listing as they are by listing', () => {
    fc.assert(
      fc.property(fc.oneof(size, fc.uniqueArray(size, { minLength: 1 }), range), size, (sizes, probe) => {
        const list = listSampleSizes(sizes);
        expect(list).toEqual([...list].sort((a, b) => a - b));
        expect(sampleSizeCount(sizes)).toBe(list.length);
        expect(largestSampleSize(sizes)).toBe(Math.max(...list));
        expect(smallestSampleSize(sizes)).toBe(Math.min(...list));
        expect(hasSampleSize(sizes, probe)).toBe(list.includes(probe));
        if (typeof sizes === 'object' && !Array.isArray(sizes)) expect(Math.max(...list)).toBeLessThanOrEqual(sizes.to);
      }),
    );
  });

  it('of models are their parameters and inputs', () => {
    expect(parameterCountOf({ kind: 'matrixFactorization', rows: 3, columns: 5 })).toBe(24);
    expect(parameterCountOf({ kind: 'matrixFactorization', rows: 3, columns: 5, inner: 7 })).toBe(56);
    expect(parameterCountOf({ kind: 'twoLayer', inputs: 5, width: 9 })).toBe(54);
    expect(parameterCountOf({ kind: 'twoLayer', inputs: 5, width: 9, hiddenBias: true, outputBias: true })).toBe(64);
    expect(inputDimensionOf({ kind: 'twoLayer', inputs: 5, width: 9 })).toBe(5);
    expect([...inputNamesOf({ kind: 'twoLayer', inputs: 2, width: 9 })]).toEqual([
      ['x1', 0],
      ['x2', 1],
    ]);
    expect([...inputNamesOf({ kind: 'twoLayer', inputs: 1, width: 9 })]).toEqual([
      ['x1', 0],
      ['x', 0],
    ]);
    expect([...inputNamesOf({ kind: 'formula', parameters: ['a'], inputs: ['u', 'v'], expression: 'a' }).keys()]).toEqual([
      'u',
      'v',
    ]);
  });
});
