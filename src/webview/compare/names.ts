import type { ComparedRun } from '../../protocol/compare';
import { differingSettings } from '../../protocol/settings';
import type { TableValue } from '../../protocol/table';
import { formatTime } from '../format';
import { formatTableValue } from '../ui/tableValue';

/** More settings than this, or longer ones, are no name. */
const MOST_SETTINGS = 2;
const LONGEST_SETTING = 24;

/**
 * A name for each run that tells it from the others: the settings that differ where these are few and short, else the file; with the
 * time of the run, or a number, where that does not tell them apart.
 */
export function runNames(runs: readonly ComparedRun[]): string[] {
  const settings = settingNames(runs);
  const files = runs.map(({ fileName }) => fileName.replace(/\.recovery\.json$/i, ''));
  const severalFiles = new Set(files).size > 1;
  const first = files.map((file, i) => (severalFiles ? file : (settings?.[i] ?? file)));
  const timed = distinct(first, (i) => formatTime(runs[i]?.startedAt ?? 0));
  return distinct(timed, (i) => String(i + 1));
}

function settingNames(runs: readonly ComparedRun[]): string[] | null {
  const differences = differingSettings(runs.map(({ config }) => config)).filter(({ path }) => !isWords(path));
  if (differences.length === 0 || differences.length > MOST_SETTINGS) return null;
  const texts = runs.map((_, i) => differences.map(({ path, values }) => settingText(path, values[i] ?? null)));
  return texts.flat().some((text) => text.length > LONGEST_SETTING) ? null : texts.map((parts) => parts.join(', '));
}

const isWords = (path: string) => path === 'title' || path === 'description' || path.startsWith('expect.');

function settingText(path: string, value: TableValue): string {
  return `${path.slice(path.lastIndexOf('.') + 1)} = ${formatTableValue(value)}`;
}

/** Adds something to the names that occur more than once. */
function distinct(names: readonly string[], more: (index: number) => string): string[] {
  return names.map((name, i) => (names.indexOf(name) === names.lastIndexOf(name) ? name : `${name}, ${more(i)}`));
}
