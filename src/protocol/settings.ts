import { isObject } from './json';
import type { TableValue } from './table';

/** A setting that not all of several experiments share. */
export interface SettingDifference {
  /** Where it stands, such as `training.optimizer.learningRate`. */
  path: string;
  /** One for each experiment; null where there is none. */
  values: TableValue[];
}

/** Longer lists are told as a whole. */
const MOST_ELEMENTS = 16;
const LONGEST_TEXT = 80;

/** The leaves in which values differ, in the order in which they are first met. Lists of different lengths are one leaf. */
export function differingSettings(values: readonly unknown[], path = ''): SettingDifference[] {
  if (new Set(values.map(keyOf)).size <= 1) return [];
  const known = values.filter((value) => value !== undefined);
  if (known.every(isObject)) {
    const names = [...new Set(known.flatMap((value) => Object.keys(value)))];
    return names.flatMap((name) =>
      differingSettings(
        values.map((value) => (isObject(value) ? value[name] : undefined)),
        path === '' ? name : `${path}.${name}`,
      ),
    );
  }
  const length = commonLength(values);
  if (length !== undefined)
    return Array.from({ length }, (_, i) =>
      differingSettings(
        values.map((value) => (value as unknown[])[i]),
        `${path}[${i}]`,
      ),
    ).flat();
  return [{ path, values: values.map(leaf) }];
}

/** Length of lists that are short and equally long; undefined where they are not. */
function commonLength(values: readonly unknown[]): number | undefined {
  const [length, ...others] = values.map((value) => (Array.isArray(value) ? value.length : undefined));
  return length !== undefined && length <= MOST_ELEMENTS && others.every((other) => other === length) ? length : undefined;
}

function leaf(value: unknown): TableValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = wholeNumbers(value) ?? keyOf(value);
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT / 2)} … ${text.slice(-LONGEST_TEXT / 2 + 3)}`;
}

/** Ascending whole numbers with their runs drawn together: `1–16, 20`. */
function wholeNumbers(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every((each): each is number => Number.isInteger(each))) return undefined;
  const parts: [from: number, to: number][] = [];
  for (const each of value) {
    const last = parts.at(-1);
    if (last && each <= last[1]) return undefined;
    if (last && each === last[1] + 1) last[1] = each;
    else parts.push([each, each]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}

/** The same text for equal values, whatever the order of their names. */
function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${names
    .sort()
    .map((name) => `${name}: ${keyOf(value[name])}`)
    .join(', ')}}`;
}
