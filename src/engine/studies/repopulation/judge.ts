import type { RepopulationExpectations } from '../../../experiment/schema/repopulation';
import type { RepopulationResults, Verdict } from '../../../protocol/events';
import { judgeFlag, judgeNumber } from '../verdicts/expected';

/** A regulariser that rose by less than this part of itself did so by rounding. */
const ROUNDING = 1e-12;

export function judgeRepopulation(expect: RepopulationExpectations, results: RepopulationResults): Verdict[] {
  const { history, baseline, repopulations, convexity, path, distillation } = results;
  const end = history[history.length - 1];
  const without = baseline[baseline.length - 1];
  const verdicts: Verdict[] = [];
  const number = (
    name: 'testError' | 'testErrorRate' | 'errorRatio' | 'regularizerRatio',
    value: number | null,
    doubt?: string,
  ) => {
    const expected = expect[name];
    if (expected !== undefined) verdicts.push(judgeNumber(name, expected, { value, doubt }));
  };
  number('testError', end.testError);
  number('testErrorRate', end.testErrorRate ?? null, end.testErrorRate === undefined ? 'This task has no classes.' : undefined);
  number('errorRatio', end.testError / without.testError);
  number('regularizerRatio', end.regularizer / without.regularizer);

  const none = repopulations.length === 0 ? 'The net was never repopulated.' : undefined;
  if (expect.neverRaised !== undefined) {
    const value = repopulations.every(({ before, optimal }) => optimal <= before * (1 + ROUNDING));
    verdicts.push(judgeFlag('neverRaised', expect.neverRaised, { value, doubt: none }));
  }
  if (expect.variationLowered !== undefined) {
    const value = repopulations.every(({ variationBefore, variationOptimal }) => variationOptimal < variationBefore);
    verdicts.push(judgeFlag('variationLowered', expect.variationLowered, { value, doubt: none }));
  }
  if (expect.marginalVariationLowered !== undefined) {
    const value = repopulations.every(({ marginalBefore, marginalOptimal }) => marginalOptimal < marginalBefore);
    verdicts.push(judgeFlag('marginalVariationLowered', expect.marginalVariationLowered, { value, doubt: none }));
  }

  if (expect.convexityViolations !== undefined) {
    verdicts.push(
      judgeNumber('convexityViolations', expect.convexityViolations, {
        value: convexity?.violations ?? null,
        doubt: convexity ? undefined : 'No segment was tested.',
        reasons: convexity ? [`${convexity.segments} segments were tested.`] : [],
      }),
    );
  }
  const noPath = path ? undefined : 'The path was not followed.';
  if (expect.pathBarrier !== undefined) {
    verdicts.push(judgeNumber('pathBarrier', expect.pathBarrier, { value: path?.repopulatedBarrier ?? null, doubt: noPath }));
  }
  if (expect.rawPathBarrier !== undefined) {
    verdicts.push(judgeNumber('rawPathBarrier', expect.rawPathBarrier, { value: path?.rawBarrier ?? null, doubt: noPath }));
  }

  expect.distillation?.forEach((size, i) => {
    const row = distillation.find(({ neurons }) => neurons === size.neurons);
    const measured = {
      importance: row?.importance,
      uniform: row?.uniform,
      advantage: row ? row.uniform - row.importance : undefined,
    };
    for (const name of ['importance', 'uniform', 'advantage'] as const) {
      const expected = size[name];
      if (expected !== undefined)
        verdicts.push(judgeNumber(['distillation', i, name], expected, { value: measured[name] ?? null }));
    }
  });
  return verdicts;
}
