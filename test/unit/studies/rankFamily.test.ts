import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tableRow } from '../../../src/engine/studies/rank/family';
import { costlyConnectionFigure, freeWidthFigure } from '../../../src/engine/studies/rank/figures';
import { runSession } from '../../../src/engine/session';
import { createTarget } from '../../../src/engine/targets/target';
import { probeInputs } from '../../../src/engine/targets/probes';
import { familyMembers } from '../../../src/engine/theory/stratification';
import { parseExperiment } from '../../../src/experiment';
import type { ResolvedRankExperiment } from '../../../src/experiment/resolved';
import type { EngineEvent, FinishedEvent, RankTableRow } from '../../../src/protocol/events';
import { relativeDifference } from '../models/differences';

function resolved(file: object): ResolvedRankExperiment {
  const { resolved: experiment, problems } = parseExperiment(JSON.stringify({ experiment: 'rank', ...file }));
  if (experiment?.experiment !== 'rank') throw new Error(problems.map(({ message }) => message).join(' '));
  return experiment;
}

const rowsOf = (experiment: ResolvedRankExperiment): RankTableRow[] =>
  familyMembers(experiment).map((_, index) => tableRow(experiment, index, null));

const range = (count: number) => Array.from({ length: count }, (_, k) => k + 1);

describe('table of a family', () => {
  const check = (experiment: ResolvedRankExperiment): number => {
    let compared = 0;
    for (const { measured, conclusive, modelRank, exact, formula } of rowsOf(experiment)) {
      if (measured === null || !conclusive) continue;
      compared += 1;
      if (exact) expect(measured, formula).toBe(modelRank);
      else expect(measured, formula).toBeLessThanOrEqual(modelRank!);
    }
    return compared;
  };
  const total = (family: fc.Arbitrary<object>, numRuns: number, least: number) => {
    let compared = 0;
    fc.assert(
      fc.property(family, (file) => {
        compared += check(resolved(file));
      }),
      { numRuns },
    );
    expect(compared).toBeGreaterThan(least);
  };
  const seed = fc.integer({ min: 1, max: 1e6 });

  // theory: r(d0 + dL − r) at every depth and inner dimension.
  it('of matrices of any shape and depth has the rank of the formula, or none', () => {
    const size = fc.integer({ min: 1, max: 5 });
    const family = fc.tuple(
      size,
      size,
      fc.array(fc.array(size, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      seed,
    );
    total(
      family.map(([rows, columns, hidden, s]) => ({
        model: { kind: 'matrixFactorization', rows, columns },
        target: { kind: 'lowRank', rank: 1, seed: s },
        family: {
          models: hidden.map((inner) => ({ kind: 'matrixFactorization', dimensions: [columns, ...inner, rows] })),
          targets: range(4).map((rank) => ({ kind: 'lowRank', rank, seed: s })),
        },
      })),
      60,
      150,
    );
  });

  // theory: k(d + 1), k(d + 2) with hidden biases, one more with an output bias.
  it('of two-layer networks of any width has the rank of the formula, or none', () => {
    const family = fc.record({
      activation: fc.constantFrom('tanh', 'sigmoid', 'softplus', 'exp', 'sin'),
      inputs: fc.integer({ min: 2, max: 5 }),
      hiddenBias: fc.boolean(),
      outputBias: fc.boolean(),
      seed,
    });
    total(
      family.map(({ seed: s, ...shape }) => ({
        model: { kind: 'twoLayer', ...shape, width: 2 },
        target: { kind: 'teacher', width: 1, seed: s },
        family: {
          models: [1, 3, 5].map((width) => ({ kind: 'twoLayer', ...shape, width })),
          targets: range(3).map((width) => ({ kind: 'teacher', width, seed: s })),
        },
      })),
      40,
      150,
    );
  });

  // theory: Table 4 and 8 of arXiv 2211.11623 with the corrections of arXiv 2406.18035.
  it('of convolutions and their counterparts has the rank of the formulas, and one target function in all of them', () => {
    let compared = 0;
    const side = fc.integer({ min: 2, max: 4 });
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 2, max: 6 }), fc.tuple(side, side)),
        fc.integer({ min: 1, max: 2 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 2 }),
        seed,
        (inputs, kernel, hiddenBias, width, s) => {
          const model = { kind: 'convolution', inputs, kernel, kernels: width, hiddenBias };
          const experiment = resolved({ model, target: { kind: 'teacher', width, seed: s }, family: { connections: true } });
          compared += check(experiment);
          const [shared, unshared, connected] = familyMembers(experiment);
          expect([shared, unshared, connected].map(({ connection }) => connection)).toEqual([
            'sharing',
            'noSharing',
            'fullyConnected',
          ]);
          const probes = probeInputs(shared.model);
          const values = [shared, connected].map(({ model: each, target }) => {
            const out = new Float64Array(probes.count);
            createTarget(each, target).evaluate(probes, out);
            return out;
          });
          expect(relativeDifference(values[1], values[0])).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(120);
  });

  it('says why a model has no rank at a target that it cannot express', () => {
    const rows = rowsOf(
      resolved({
        model: { kind: 'twoLayer', inputs: 2, width: 1 },
        target: { kind: 'teacher', width: 1 },
        family: {
          targets: [
            { kind: 'teacher', width: 1 },
            { kind: 'teacher', width: 2 },
          ],
        },
      }),
    );
    expect(rows.map(({ modelRank }) => modelRank)).toEqual([3, null]);
    expect(rows[1]).toMatchObject({ exact: false, measured: null, ratio: null });
    expect(rows[1].source).toContain('needs 2 neurons, and the width of the model is 1');
  });

  it('begins with the model and target of the experiment, where the family lacks them', () => {
    const family = { targets: [{ kind: 'lowRank', rank: 2 }] };
    const experiment = resolved({
      model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
      target: { kind: 'lowRank', rank: 1 },
      family,
    });
    expect(rowsOf(experiment).map(({ target }) => target)).toEqual(['rank 1', 'rank 2']);
  });
});

describe('figures of a family', () => {
  it('free width is flat, a line for each target; costly connection is a line for each network', () => {
    const model = { kind: 'convolution', inputs: 5, kernel: 3, kernels: 3 };
    const rows = rowsOf(
      resolved({
        model,
        target: { kind: 'teacher', width: 1 },
        family: {
          models: [model, { ...model, kernels: 6 }],
          targets: range(3).map((width) => ({ kind: 'teacher', width })),
          connections: true,
          measure: false,
        },
      }),
    );
    const free = freeWidthFigure(rows)!.layers.filter((layer) => layer.kind === 'line' && layer.ink !== 'muted');
    expect(free).toHaveLength(9);
    for (const layer of free) {
      if (layer.kind !== 'line') continue;
      expect(new Set(layer.y).size).toBe(1);
      expect(layer.x).toHaveLength(2);
    }
    const connection = costlyConnectionFigure(rows)!.layers.map((layer) => (layer.kind === 'line' ? [layer.x, layer.y] : []));
    // k(d + 1), k(s + 1)(d + 1 − s), k(d + 1)(d + 1 − s).
    expect(connection).toEqual(
      [6, 12, 18].map((each) => [
        [1, 2, 3],
        [each, 2 * each, 3 * each],
      ]),
    );
  });
});

describe('examples of rank stratification', () => {
  it.each(['matrices', 'tanh', 'connections', 'shifted-kernels', 'toy'])('%s: all expectations are met', async (name) => {
    const file = path.resolve(import.meta.dirname, `../../../examples/rank-stratification-${name}.recovery.json`);
    const events: EngineEvent[] = [];
    const exitCode = await runSession({
      text: fs.readFileSync(file, 'utf8'),
      fileName: file,
      outFolder: null,
      report: false,
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
      log: () => undefined,
    });
    const { summary } = events.at(-1) as FinishedEvent;
    expect(summary.verdicts.filter(({ result }) => result !== 'met')).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('learning coefficients in the table', () => {
  it('are at least half the measured rank, and equal to it where the inner dimension is the rank', () => {
    const sizes = fc.record({ d1: fc.integer({ min: 2, max: 5 }), d2: fc.integer({ min: 2, max: 5 }), more: fc.nat(2) });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 100 }), ({ d1, d2, more }, seed) => {
        const r = 1 + (seed % Math.min(d1, d2));
        const experiment = resolved({
          model: { kind: 'matrixFactorization', rows: d1, columns: d2, inner: r + more },
          target: { kind: 'lowRank', rank: r, seed },
        });
        const [{ learningCoefficient }] = rowsOf(experiment);
        const half = (r * (d1 + d2 - r)) / 2;
        expect(learningCoefficient!.value).toBeGreaterThanOrEqual(half);
        if (more === 0) expect(learningCoefficient!.value).toBe(half);
      }),
      { numRuns: 60 },
    );
  });

  it('are those of normal crossings for diagonal models, and absent where no closed form is known', () => {
    const diagonal = { model: { kind: 'diagonal', inputs: 4, depth: 3 }, target: { kind: 'vector', values: [1, 0, 2, 0] } };
    expect(rowsOf(resolved(diagonal))[0]).toMatchObject({ modelRank: 2, learningCoefficient: { value: 2 } });
    const model = { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 2 };
    const target = { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [1] }] };
    expect(rowsOf(resolved({ model, target }))[0]).not.toHaveProperty('learningCoefficient');
  });
});
