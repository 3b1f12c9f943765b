import { parseExperiment, withProperty, type ExperimentFile, type JsonPath } from '../../experiment';
import type { Prediction, Summary } from '../../protocol/events';

/** A result or a prediction that the file does not expect yet. */
export interface ExpectationCandidate {
  /** Under `expect`. */
  path: JsonPath;
  value: number | boolean;
  source: 'predicted' | 'measured';
}

/** Expectations of any kind that a candidate may become. */
type Expect = Record<string, unknown>;

/**
 * What could be expected of a file: results of its last run with the name of an expectation, else what is predicted. Only what the
 * file does not expect already, and what it may expect: each is tried.
 */
export function expectationCandidates(
  text: string,
  file: ExperimentFile,
  prediction: Prediction | undefined,
  summary: Summary | undefined,
): ExpectationCandidate[] {
  const measured = summary?.experiment === file.experiment ? measuredValues(summary.results) : [];
  const predicted = prediction ? predictedValues(file, prediction) : [];
  const known = new Set(measured.map(({ path }) => path.join('.')));
  const expected = (file.expect ?? {}) as Expect;
  return [...measured, ...predicted.filter(({ path }) => !known.has(path.join('.')))]
    .filter(({ path }) => valueAt(expected, path.slice(1)) === undefined)
    .filter(({ path, value }) => isRight(withProperty(text, path, value)));
}

function predictedValues(file: ExperimentFile, prediction: Prediction): ExpectationCandidate[] {
  const { optimisticSampleSize: size, thresholds, exact } = prediction;
  const predicted = (path: JsonPath, value: number): ExpectationCandidate => ({
    path: ['expect', ...path],
    value,
    source: 'predicted',
  });
  if (size === null || !exact) return [];
  if (thresholds) {
    const { firstSeparated, lastSeparated, everything } = thresholds;
    const all = { optimistic: size, firstSeparated, lastSeparated, everything };
    return Object.entries(all).map(([name, value]) => predicted(['thresholds', name], value));
  }
  if (file.experiment === 'recovery') return ['modelRank', 'recoveredFrom'].map((name) => predicted([name], size));
  return file.experiment === 'rank' ? ['modelRank', 'linearlyStableFrom'].map((name) => predicted([name], size)) : [];
}

/** Numbers, and yes and no, among the results, and one level deeper among their objects. Lists are about single rows. */
function measuredValues(results: object): ExpectationCandidate[] {
  const found = (path: JsonPath, value: unknown): ExpectationCandidate[] =>
    isCountOrFlag(value) ? [{ path: ['expect', ...path], value, source: 'measured' }] : [];
  return Object.entries(results).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([inner, each]) => found([name, inner], each))
      : found([name], value),
  );
}

/** Counts and flags: other numbers would need a tolerance that only a person can choose. */
export function isCountOrFlag(value: unknown): value is number | boolean {
  return typeof value === 'boolean' || Number.isSafeInteger(value);
}

function isRight(text: string): boolean {
  return parseExperiment(text).resolved !== undefined;
}

function valueAt(holder: Expect, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Expect | undefined)?.[step], holder);
}
