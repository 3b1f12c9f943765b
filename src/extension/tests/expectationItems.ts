import type { JsonPath } from '../../experiment';
import type { Verdict } from '../../protocol/events';

/** A test: an expectation, or a list of them. */
export interface ExpectationItem {
  path: JsonPath;
  label: string;
  children: ExpectationItem[];
}

/** The tests of an experiment file, from what it has under `expect`: one for each property, and for each entry of a list. */
export function expectationItems(expected: unknown, path: JsonPath = ['expect']): ExpectationItem[] {
  if (!isObject(expected)) return [];
  return Object.entries(expected).map(([name, value]) => {
    const place = [...path, name];
    return {
      path: place,
      label: isObject(value) || isList(value) ? name : `${name}: ${JSON.stringify(value)}`,
      children: entries(value, place),
    };
  });
}

/** Entries of a list of objects; what is expected of a variant is a list of its own. */
function entries(value: unknown, path: JsonPath): ExpectationItem[] {
  if (!isList(value)) return [];
  return value.map((entry, index) => {
    const place = [...path, index];
    const children = path.at(-1) === 'variants' ? expectationItems(entry, place) : [];
    return { path: place, label: `[${index}]`, children };
  });
}

/** All tests of a tree, parents before their children. */
export function flatten(items: readonly ExpectationItem[]): ExpectationItem[] {
  return items.flatMap((item) => [item, ...flatten(item.children)]);
}

/** Verdicts by the innermost test that they are about; those about none are left out. */
export function verdictsByItem(items: readonly ExpectationItem[], verdicts: readonly Verdict[]): Map<ExpectationItem, Verdict[]> {
  const all = flatten(items);
  const found = new Map<ExpectationItem, Verdict[]>();
  for (const verdict of verdicts) {
    const around = all.filter(({ path }) => path.every((part, index) => String(part) === String(verdict.at[index])));
    const innermost = around.sort((a, b) => b.path.length - a.path.length)[0];
    if (innermost) found.set(innermost, [...(found.get(innermost) ?? []), verdict]);
  }
  return found;
}

/** One word for several verdicts: failed when one failed, met when all are. */
export function overall(verdicts: readonly Verdict[]): Verdict['result'] {
  const results = verdicts.map(({ result }) => result);
  if (results.includes('failed')) return 'failed';
  return results.includes('inconclusive') ? 'inconclusive' : 'met';
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject);
