import type { JsonPath } from '../problem';
import type { ModelExperimentFile, RecoveryExperimentFile, SampleSizesConfig } from '../schema';
import { hasSampleSize, smallestSampleSize } from '../sizes';
import { counted } from '../words';
import type { Check, Report } from './check';

/** An expectation is about something that is measured, at a sample size that is run, and can be met. */
export const checkExpectations: Check = (file, report) => {
  if (!file.expect) return;
  checkExpected(file, report);
  if (file.experiment !== 'recovery') return;
  file.expect.variants?.forEach((expect, index) =>
    checkExpected({ ...file, expect }, (code, [, ...path], ...rest) =>
      report(code, ['expect', 'variants', index, ...path], ...rest),
    ),
  );
};

function checkExpected(file: ModelExperimentFile, report: Report): void {
  checkRankExpectations(file, report);
  if (file.experiment !== 'recovery') return;
  checkRecovered(file, report);
  checkMedianTestErrors(file, report);
  checkSolutions(file, report);
  checkParameters(file, report);
  if (file.expect?.threshold === undefined || file.data.search !== undefined) return;
  const message = '"threshold" is expected, but nothing is searched: "data" has no "search". Add it, or expect "recoveredFrom".';
  report('expectation-not-analysed', ['expect', 'threshold'], message, { at: 'key' });
}

function checkRankExpectations(file: ModelExperimentFile, report: Report): void {
  const rankIsOff = file.experiment === 'recovery' && file.analysis?.rank === false;
  for (const name of ['modelRank', 'linearlyStableFrom'] as const) {
    if (file.expect?.[name] === undefined) continue;
    if (rankIsOff) {
      const message = `"${name}" is expected, but ranks are not taken: "rank" is false in "analysis". Set it to true, or leave the expectation out.`;
      report('expectation-not-analysed', ['expect', name], message, { at: 'key' });
    } else if (name === 'linearlyStableFrom') {
      checkLinearlyStable(file, report);
    }
  }
}

function checkLinearlyStable(file: ModelExperimentFile, report: Report): void {
  const sizes = file.data?.sampleSizes;
  if (sizes === undefined) {
    const message = '"linearlyStableFrom" is expected, but no empirical ranks are taken: "data" has no "sampleSizes".';
    report('expectation-not-analysed', ['expect', 'linearlyStableFrom'], message, { at: 'key' });
    return;
  }
  requireInGrid(file.expect?.linearlyStableFrom, sizes, ['expect', 'linearlyStableFrom'], report);
}

function checkRecovered({ expect, data }: RecoveryExperimentFile, report: Report): void {
  const { recoveredFrom, notRecoveredBelow } = expect ?? {};
  const isInGrid = requireInGrid(recoveredFrom, data.sampleSizes, ['expect', 'recoveredFrom'], report);
  if (notRecoveredBelow === undefined) return;
  const path: JsonPath = ['expect', 'notRecoveredBelow'];
  if (notRecoveredBelow <= smallestSampleSize(data.sampleSizes)) {
    report(
      'expectation-outside-grid',
      path,
      `No sample size below ${notRecoveredBelow} is run, so nothing can be said about it.`,
    );
  } else if (isInGrid && recoveredFrom !== undefined && recoveredFrom < notRecoveredBelow) {
    report(
      'expectation-contradiction',
      path,
      `Sample size ${recoveredFrom} cannot be recovered ("recoveredFrom") and not recovered ("notRecoveredBelow": ${notRecoveredBelow}) at once.`,
    );
  }
}

function checkMedianTestErrors({ expect, data }: RecoveryExperimentFile, report: Report): void {
  const bounds = expect?.medianTestError;
  if (bounds === undefined) return;
  const base: JsonPath = ['expect', 'medianTestError'];
  const listed = Array.isArray(bounds)
    ? bounds.map((bound, i) => ({ bound, path: [...base, i] }))
    : [{ bound: bounds, path: base }];
  for (const { bound, path } of listed) {
    requireInGrid(bound.sampleSize, data.sampleSizes, [...path, 'sampleSize'], report);
    if (bound.below === undefined && bound.above === undefined) {
      report(
        'expectation-empty',
        path,
        'Say what the median test error is expected to be: "below" or "above" a number, or both.',
      );
    } else if (bound.below !== undefined && bound.above !== undefined && bound.above >= bound.below) {
      report(
        'expectation-contradiction',
        [...path, 'above'],
        `No number is above ${bound.above} and below ${bound.below} at once.`,
      );
    }
  }
}

function checkSolutions({ expect, data, analysis }: RecoveryExperimentFile, report: Report): void {
  if (!expect?.solutions) return;
  if (!analysis?.solutionSingularValues) {
    const message =
      '"solutions" are expected, but their singular values are not taken. Set "solutionSingularValues" in "analysis" to true.';
    report('expectation-not-analysed', ['expect', 'solutions'], message, { at: 'key' });
  }
  expect.solutions.forEach(({ sampleSize }, i) =>
    requireInGrid(sampleSize, data.sampleSizes, ['expect', 'solutions', i, 'sampleSize'], report),
  );
}

function checkParameters({ expect, data, analysis, model }: RecoveryExperimentFile, report: Report): void {
  if (!expect?.solutionParameters) return;
  if (!analysis?.solutionParameters) {
    const message = '"solutionParameters" are expected, but they are not taken. Set "solutionParameters" in "analysis" to true.';
    report('expectation-not-analysed', ['expect', 'solutionParameters'], message, { at: 'key' });
  }
  const count = model.kind === 'formula' ? model.parameters.length : Infinity;
  expect.solutionParameters.forEach(({ sampleSize, mean, standardDeviation }, i) => {
    const path = ['expect', 'solutionParameters', i];
    requireInGrid(sampleSize, data.sampleSizes, [...path, 'sampleSize'], report);
    for (const [name, list] of Object.entries({ mean, standardDeviation }))
      if (list && list.length > count)
        report(
          'too-many-expected',
          [...path, name],
          `The model has ${counted(count, 'parameter')}, and ${list.length} are expected here.`,
        );
  });
}

function requireInGrid(size: number | undefined, sizes: SampleSizesConfig, path: JsonPath, report: Report): boolean {
  if (size === undefined || hasSampleSize(sizes, size)) return true;
  report('expectation-outside-grid', path, `The sample size ${size} is not run: it is not among "sampleSizes" in "data".`);
  return false;
}
