import { formatPath, type JsonPath } from '../../../experiment/problem';
import type { ExpectedNumber } from '../../../experiment/schema/expectation';
import type { Verdict } from '../../../protocol/events';
import { number } from './words';

/** What came out, with what makes it trustworthy. */
export interface Measured<T> {
  /** Null when nothing came out; then `doubt` says why. */
  value: T | null;
  /** Why the value decides nothing, such as a rank without a clear gap: the verdict is then inconclusive. */
  doubt?: string | undefined;
  /** What else stands behind the value: a residual, a formula with its source. */
  reasons?: readonly string[];
}

/** A place under `expect`: `'count'`, or `['branches', 2, 'dimension']`. */
export type ExpectationName = string | JsonPath;

/** Numbers that are no counts agree when they differ by less than this fraction of what is expected. */
const ROUNDING = 1e-9;

/** Whether a number is the one that the file expects; bounds are strict. */
export function judgeNumber(name: ExpectationName, expected: ExpectedNumber, measured: Measured<number>): Verdict {
  const { value } = measured;
  const known = value !== null && !Number.isNaN(value);
  return verdict(name, expectedNumberWords(expected), measured, known ? isExpected(expected, value) : null);
}

/** Whether a yes or no is the one that the file expects. */
export function judgeFlag(name: ExpectationName, expected: boolean, measured: Measured<boolean>): Verdict {
  return verdict(name, expected, measured, measured.value === null ? null : measured.value === expected);
}

/** Whether a text, such as a classification, is the one that the file expects. */
export function judgeText(name: ExpectationName, expected: string, measured: Measured<string>): Verdict {
  return verdict(name, expected, measured, measured.value === null ? null : measured.value === expected);
}

export interface ListRules {
  /** Largest difference of two numbers that are still the same; else numbers agree within rounding. */
  within?: number;
  /** The items may come in any order. */
  anyOrder?: boolean;
}

/**
 * Whether a list is the one that the file expects: as many items, each as expected. Of an object only the properties count
 * that the file names, so that a file says of a row of a table what it is sure of.
 */
export function judgeList(
  name: ExpectationName,
  expected: readonly unknown[],
  measured: Measured<readonly unknown[]>,
  rules: ListRules = {},
): Verdict {
  const { value } = measured;
  const differences = value === null ? [] : listDifferences(expected, value, rules, '');
  const reasons = [...differences.slice(0, MOST_DIFFERENCES), ...(measured.reasons ?? [])];
  if (differences.length > MOST_DIFFERENCES) reasons.push(`And ${differences.length - MOST_DIFFERENCES} more differences.`);
  const told = { ...measured, value: value === null ? null : listWords(value), reasons };
  const words = value === null ? undefined : differences.length === 0 ? allWords(expected.length) : 'Not as expected:';
  return verdict(name, listWords(expected), told, value === null ? null : differences.length === 0, words);
}

/** A short list as it is, a longer one by its length: what differs is said item by item. */
function listWords(list: readonly unknown[]): string {
  const text = JSON.stringify(list);
  return text.length <= 60 ? text : `a list of ${list.length}`;
}

function allWords(count: number): string {
  return count === 0
    ? 'There are no items, as expected.'
    : count === 1
      ? 'The item is as expected.'
      : `All ${count} items are as expected.`;
}

const MOST_DIFFERENCES = 5;

function verdict(
  name: ExpectationName,
  expected: string | number | boolean,
  { value, doubt, reasons = [] }: Measured<number | string | boolean>,
  met: boolean | null,
  listed?: string,
): Verdict {
  const at: JsonPath = ['expect', ...(typeof name === 'string' ? [name] : name)];
  const id = formatPath(at.slice(1));
  const undecided = met === null || doubt !== undefined;
  const words =
    listed ??
    (value === null ? `There is no value of ${id}.` : `${id} is ${told(value, met)}; expected was ${told(expected, met)}.`);
  return {
    id,
    result: undecided ? 'inconclusive' : met ? 'met' : 'failed',
    // JSON has no NaN and no infinity.
    value: typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    expected,
    reasons: [words, ...(doubt === undefined ? [] : [doubt]), ...reasons],
    at,
  };
}

function isExpected(expected: ExpectedNumber, value: number): boolean {
  if (typeof expected === 'number') return agree(expected, value, undefined);
  if ('value' in expected) return Math.abs(value - expected.value) <= expected.within;
  const { below, above } = expected;
  return (below === undefined || value < below) && (above === undefined || value > above);
}

function agree(expected: number, value: number, within: number | undefined): boolean {
  return expected === value || Math.abs(value - expected) <= (within ?? ROUNDING * Math.abs(expected));
}

function expectedNumberWords(expected: ExpectedNumber): number | string {
  if (typeof expected === 'number') return expected;
  if ('value' in expected) return `${expected.value} ± ${expected.within}`;
  const { below, above } = expected;
  const words = [...(above === undefined ? [] : [`above ${above}`]), ...(below === undefined ? [] : [`below ${below}`])];
  return words.length === 0 ? 'any number' : words.join(' and ');
}

function listDifferences(expected: readonly unknown[], value: readonly unknown[], rules: ListRules, at: string): string[] {
  if (rules.anyOrder) return unorderedDifferences(expected, value, rules, at);
  const differences = expected.flatMap((item, i) =>
    i < value.length ? differencesOf(item, value[i], rules, `${at}[${i}]`) : [],
  );
  if (expected.length !== value.length)
    differences.unshift(`${at === '' ? 'The list' : at} has ${value.length} items, not ${expected.length}.`);
  return differences;
}

function unorderedDifferences(expected: readonly unknown[], value: readonly unknown[], rules: ListRules, at: string): string[] {
  const free = [...value];
  const inner = { ...rules, anyOrder: false };
  const missing = expected.filter((item) => {
    const found = free.findIndex((each) => differencesOf(item, each, inner, '').length === 0);
    if (found >= 0) free.splice(found, 1);
    return found < 0;
  });
  const where = at === '' ? '' : ` in ${at}`;
  return [
    ...missing.map((item) => `There is no ${brief(item)}${where}.`),
    ...free.map((item) => `${brief(item)}${where} was not expected.`),
  ];
}

function differencesOf(expected: unknown, value: unknown, rules: ListRules, at: string): string[] {
  if (Array.isArray(expected) && Array.isArray(value)) return listDifferences(expected, value, { ...rules, anyOrder: false }, at);
  if (isObject(expected) && isObject(value)) {
    return Object.entries(expected).flatMap(([key, item]) => differencesOf(item, value[key], rules, `${at}.${key}`));
  }
  const same =
    typeof expected === 'number' && typeof value === 'number' ? agree(expected, value, rules.within) : expected === value;
  return same ? [] : [`${at} is ${brief(value)}; expected was ${brief(expected)}.`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as short JSON. */
function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** Numbers with all their digits where these may decide, else short. */
function told(value: string | number | boolean, met: boolean | null): string {
  if (typeof value !== 'number' || Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  const short = number(value);
  return met === true || short === String(value) ? short : `${value} (${short})`;
}
