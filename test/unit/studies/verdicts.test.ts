import { describe, expect, it } from 'vitest';
import { holdsFrom } from '../../../src/engine/studies/aggregate';
import { judgeRank } from '../../../src/engine/studies/rank/verdicts';
import { judgeRecovery } from '../../../src/engine/studies/verdicts';
import { judgeModelRank } from '../../../src/engine/studies/verdicts/modelRank';
import { number, sizes } from '../../../src/engine/studies/verdicts/words';
import type { RecoveryExpectationsConfig } from '../../../src/experiment/schema';
import type {
  CertifiedBounds,
  Prediction,
  RankMeasurement,
  RankResults,
  RecoveryResults,
  SampleSizeResult,
} from '../../../src/protocol/events';
import type { ResolvedRankExperiment } from '../../../src/experiment/resolved';
import { matrixExperiment } from '../experiments';

const prediction: Prediction = {
  optimisticSampleSize: 7,
  exact: true,
  formula: 'r(d1 + d2 − r) = 7',
  source: 'arXiv 2211.11623',
  parameters: 32,
};
const measured = (rank: number, conclusive = true): RankMeasurement => ({
  rank,
  tolerance: 1e-9,
  gap: conclusive ? 1e12 : 3,
  conclusive,
  singularValues: [],
  rows: 16,
  columns: 32,
});

/** `5:0.7 6:u0.3 7:1e-9 8:diverged`: u for undecided. */
function grid(text: string): SampleSizeResult[] {
  return text.split(' ').map((part) => {
    const [size, value] = part.split(':') as [string, string];
    const error = value === 'diverged' ? null : Number(value.replace('u', ''));
    const state = error === null || value.startsWith('u') ? 'undecided' : error < 1e-6 ? 'recovered' : 'notRecovered';
    const sampleSize = Number(size);
    return {
      sampleSize,
      trials: 10,
      medianTestError: error,
      medianTrainLoss: error === null ? null : 1e-10,
      recoveredFraction: 0,
      empiricalRank: Math.min(sampleSize, 7),
      linearlyStable: sampleSize >= 7,
      state,
      divergedTrials: error === null ? 10 : 0,
      testErrorQuantiles: null,
    };
  });
}

function judge(
  expectations: RecoveryExpectationsConfig,
  sampleSizes: SampleSizeResult[],
  modelRank: RankMeasurement | null = measured(7),
) {
  const results: RecoveryResults = {
    modelRank: modelRank?.rank ?? null,
    modelRankMeasurement: modelRank,
    sampleSizes,
    recoveredFrom: holdsFrom(sampleSizes, (result) => result.state === 'recovered'),
    linearlyStableFrom: holdsFrom(sampleSizes, (result) => result.linearlyStable === true),
  };
  return judgeRecovery(matrixExperiment({ expect: expectations }), results, prediction);
}

const only = (...parameters: Parameters<typeof judge>) => {
  const verdicts = judge(...parameters);
  expect(verdicts).toHaveLength(1);
  for (const reason of verdicts[0].reasons) expect(reason).toMatch(/^[A-Z].*\.$/);
  return verdicts[0];
};

describe('recoveredFrom', () => {
  it.each([
    ['6:0.7 7:1e-9 8:1e-10', 'met', 7],
    ['6:1e-9 7:1e-9 8:1e-10', 'met', 6],
    ['6:0.7 7:1e-9 8:1e-3', 'failed', null],
    ['6:0.7 7:1e-3 8:1e-9', 'failed', 8],
    ['6:0.7 7:1e-3 8:u0.1', 'failed', null],
    ['6:0.7 7:u1e-3 8:1e-9', 'inconclusive', 8],
    ['6:0.7 7:diverged 8:1e-9', 'inconclusive', 8],
    ['5:0.7 6:0.7', 'inconclusive', null],
  ])('7 against %s is %s', (results, outcome, value) => {
    const verdict = only({ recoveredFrom: 7 }, grid(results));
    expect(verdict).toMatchObject({ id: 'recoveredFrom', result: outcome, value, expected: 7, at: ['expect', 'recoveredFrom'] });
    expect(verdict.reasons.length).toBeGreaterThan(0);
  });
});

describe('notRecoveredBelow', () => {
  it.each([
    ['5:0.7 6:0.7 7:1e-9', 'met', 7],
    ['5:1e-9 6:0.7 7:1e-9', 'failed', 5],
    ['5:1e-9 6:u0.7 7:1e-9', 'failed', 5],
    ['5:u0.7 6:0.7 7:1e-9', 'inconclusive', 7],
    ['5:diverged 6:0.7 7:0.1', 'inconclusive', null],
    ['7:1e-9 8:1e-9', 'inconclusive', 7],
  ])('7 against %s is %s', (results, outcome, value) => {
    expect(only({ notRecoveredBelow: 7 }, grid(results))).toMatchObject({ result: outcome, value });
  });
});

describe('modelRank', () => {
  it.each([
    [measured(7), 'met', 7],
    [measured(8), 'failed', 8],
    [measured(7, false), 'inconclusive', 7],
    [null, 'inconclusive', null],
  ])('7 against %j is %s', (measurement, outcome, value) => {
    const verdict = only({ modelRank: 7 }, grid('7:1'), measurement);
    expect(verdict).toMatchObject({ result: outcome, value });
    expect(verdict.reasons.join(' ')).toContain('r(d1 + d2 − r) = 7');
  });
});

describe('linearlyStableFrom', () => {
  const results = grid('5:1 6:1 7:1 8:1');
  it('is met at exactly the first stable size', () => {
    expect(only({ linearlyStableFrom: 7 }, results)).toMatchObject({ result: 'met', value: 7 });
    expect(only({ linearlyStableFrom: 8 }, results)).toMatchObject({ result: 'failed', value: 7 });
    expect(only({ linearlyStableFrom: 6 }, results)).toMatchObject({ result: 'failed', value: 7 });
    expect(only({ linearlyStableFrom: 9 }, results).result).toBe('inconclusive');
    expect(only({ linearlyStableFrom: 7 }, results, null).result).toBe('inconclusive');
  });

  it('is inconclusive where a rank near the transition is', () => {
    const unclear = results.map((result) => (result.sampleSize === 6 ? { ...result, linearlyStable: null } : result));
    expect(only({ linearlyStableFrom: 7 }, unclear).result).toBe('inconclusive');
  });
});

describe('medianTestError', () => {
  const results = grid('5:diverged 6:0.7 7:1e-9 8:u1e-3');
  it.each([
    [{ sampleSize: 7, below: 1e-8 }, 'met'],
    [{ sampleSize: 7, below: 1e-10 }, 'failed'],
    [{ sampleSize: 6, above: 0.1 }, 'met'],
    [{ sampleSize: 6, above: 0.8 }, 'failed'],
    [{ sampleSize: 6, above: 0.1, below: 0.5 }, 'failed'],
    [{ sampleSize: 5, below: 1 }, 'inconclusive'],
    [{ sampleSize: 8, above: 1e-4 }, 'inconclusive'],
    [{ sampleSize: 8, below: 1e-4 }, 'inconclusive'],
    [{ sampleSize: 8, below: 1e-2 }, 'met'],
    [{ sampleSize: 8, above: 1e-2 }, 'failed'],
    [{ sampleSize: 9, below: 1 }, 'inconclusive'],
  ] as const)('%j is %s', (bound, outcome) => {
    expect(only({ medianTestError: bound }, results).result).toBe(outcome);
  });

  it('gives every element of a list a verdict of its own', () => {
    const verdicts = judge(
      {
        medianTestError: [
          { sampleSize: 7, below: 1e-8 },
          { sampleSize: 6, above: 0.1 },
        ],
      },
      results,
    );
    expect(verdicts.map(({ id, at, value }) => ({ id, at, value }))).toEqual([
      { id: 'medianTestError[0]', at: ['expect', 'medianTestError', 0], value: 1e-9 },
      { id: 'medianTestError[1]', at: ['expect', 'medianTestError', 1], value: 0.7 },
    ]);
    expect(only({ medianTestError: { sampleSize: 7, below: 1e-8 } }, results)).toMatchObject({
      id: 'medianTestError',
      at: ['expect', 'medianTestError'],
      expected: 'below 1e-8 at n = 7',
    });
  });
});

describe('verdicts of a rank experiment', () => {
  it('judge the model rank and linear stability', () => {
    const experiment: ResolvedRankExperiment = {
      experiment: 'rank',
      title: '',
      description: '',
      model: { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 },
      target: { kind: 'lowRank', rank: 1 },
      points: [],
      data: { sampleSizes: [6, 7, 8], inputs: { kind: 'entries', order: 'nested' } },
      analysis: { rankTolerance: 1e-9, certify: 'auto' },
      expect: { modelRank: 7, linearlyStableFrom: 7 },
    };
    const results: RankResults = {
      modelRank: 7,
      tolerance: 1e-9,
      gap: 1e10,
      conclusive: true,
      singularValues: [],
      table: [],
      points: [],
      sampleSizes: [6, 7, 8].map((sampleSize) => ({
        sampleSize,
        empiricalRank: Math.min(7, sampleSize),
        gap: 1e9,
        conclusive: true,
        linearlyStable: sampleSize >= 7,
      })),
      linearlyStableFrom: 7,
    };
    expect(judgeRank(experiment, results, prediction).map(({ id, result }) => [id, result])).toEqual([
      ['modelRank', 'met'],
      ['linearlyStableFrom', 'met'],
    ]);
  });
});

describe('verdicts about certified ranks', () => {
  const certified = (status: CertifiedBounds['status'], rank: number): CertifiedBounds => ({
    status,
    rank,
    upperBound: 7,
    upperBoundSource: 'x',
    bits: 448,
    float64Rank: 5,
    reasons: ['The rank is proven somehow.'],
  });
  const judge = (rank: number, conclusive: boolean, proof: CertifiedBounds) =>
    judgeModelRank(7, { rank, tolerance: 1e-9, gap: 3, conclusive, certified: proof }, prediction);

  it('rest on the proof, say so, and say what float64 alone had counted', () => {
    const met = judge(7, true, certified('certified', 7));
    expect(met.result).toBe('met');
    expect(met.reasons.slice(0, 2)).toEqual([
      'The tangent matrix at the minimal representation has rank 7, certified (float64 alone counts 5, with tolerance 1e-9 and a gap of 3); expected was 7.',
      'The rank is proven somehow.',
    ]);
    expect(judge(6, true, certified('certified', 6)).result).toBe('failed');
  });

  it('stay inconclusive where only a bound is proven, with the reasons', () => {
    const verdict = judge(6, false, certified('certifiedLowerBound', 6));
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons).toContain('The rank is proven somehow.');
  });
});

describe('words', () => {
  it('writes numbers and sizes for people', () => {
    expect([7, 0.34, 1.2e-9, 1e-6, 0, 1.234567].map(number)).toEqual(['7', '0.34', '1.2e-9', '1e-6', '0', '1.23']);
    expect(sizes([7])).toBe('n = 7');
    expect(sizes([7, 8])).toBe('n = 7 and 8');
    expect(sizes([7, 8, 9])).toBe('n = 7 to 9');
    expect(sizes([1, 4, 16])).toBe('n = 1, 4 and 16');
    expect(sizes([1, 3, 5, 7, 9, 11, 13])).toBe('n = 1, 3, 5 and 4 more');
  });
});
