import type { StoredRun } from './storedRun';

/**
 * How a run stands in the list. A run that came to its end is `met`, `unmet` or `inconclusive` by its verdicts, `finished` when
 * its file expects nothing.
 */
export type EntryState =
  | 'running'
  | 'stopping'
  | 'queued'
  | 'met'
  | 'unmet'
  | 'inconclusive'
  | 'finished'
  | 'failed'
  | 'crashed'
  | 'interrupted'
  | 'cancelled';

/** A run in the list: one on disk, one at work or queued, or the last one of a file that has no run folder. */
export interface RunEntry extends Omit<StoredRun, 'state'> {
  /** The URI of the run folder, or of a live run its id. */
  id: string;
  state: EntryState;
  /** URI of the experiment file; undefined when it is not there any more. */
  file: string | undefined;
  /** URI of the run folder. */
  folder: string | undefined;
  hasReport: boolean;
  pinned: boolean;
  /** The experiment in the file is another one now. */
  stale: boolean;
  /** Of a live run: where it stands, in words. */
  progress: string | undefined;
}

/** The runs of one experiment file. */
export interface RunGroup {
  /** URI of the file, or its name where it is not there any more. */
  key: string;
  fileName: string;
  file: string | undefined;
  entries: RunEntry[];
}

/** What runs are ordered by: their time, their verdicts, or one of their results. */
export type SortKey = 'time' | 'verdict' | `result:${string}`;

/** Worst first, as one looks for what needs attention; at work before everything. */
const VERDICT_ORDER: readonly EntryState[] = [
  'running',
  'stopping',
  'queued',
  'crashed',
  'failed',
  'unmet',
  'inconclusive',
  'interrupted',
  'cancelled',
  'finished',
  'met',
];

export function verdictState({ met, failed, inconclusive }: StoredRun['verdicts']): EntryState {
  if (failed > 0) return 'unmet';
  if (inconclusive > 0) return 'inconclusive';
  return met > 0 ? 'met' : 'finished';
}

/** Whether it ended before its results were there, so that it can go on. */
export const isResumable = ({ state, folder, file }: RunEntry) =>
  folder !== undefined && file !== undefined && ['crashed', 'failed', 'interrupted', 'cancelled'].includes(state);

export const isLive = ({ state }: RunEntry) => state === 'running' || state === 'stopping' || state === 'queued';

/** Names of the results that at least one run has, in alphabetical order. */
export function resultNames(entries: readonly RunEntry[]): string[] {
  return [...new Set(entries.flatMap(({ results }) => Object.keys(results)))].sort();
}

/** Whether every word of the filter occurs in what is said about the run: file, title, kind, state, hash, results. */
export function matches(entry: RunEntry, filter: string): boolean {
  const { fileName, title, kind, state, hash, message = '', results, stale, pinned } = entry;
  const facts = Object.entries(results).map(([name, value]) => `${name}=${value}`);
  const flags = [stale ? 'stale' : '', pinned ? 'pinned' : ''];
  const stateWords = state === 'unmet' ? 'failed verdict' : state;
  const text = [fileName, title, kind, stateWords, hash ?? '', message, ...facts, ...flags].join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Runs by file. Pinned runs come first in their group; the groups follow their first runs, live and pinned ones before. */
export function groupRuns(entries: readonly RunEntry[], sort: SortKey): RunGroup[] {
  const compare = comparison(sort);
  const groups = new Map<string, RunGroup>();
  for (const entry of [...entries].sort(compare)) {
    const key = entry.file ?? entry.fileName;
    const group = groups.get(key) ?? { key, fileName: entry.fileName, file: entry.file, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function comparison(sort: SortKey): (a: RunEntry, b: RunEntry) => number {
  const order = orderOf(sort);
  return (a, b) =>
    Number(isLive(b)) - Number(isLive(a)) ||
    Number(b.pinned) - Number(a.pinned) ||
    order(a, b) ||
    b.startedAt - a.startedAt ||
    a.id.localeCompare(b.id, 'en');
}

function orderOf(sort: SortKey): (a: RunEntry, b: RunEntry) => number {
  if (sort === 'time') return (a, b) => b.startedAt - a.startedAt;
  if (sort === 'verdict') return (a, b) => VERDICT_ORDER.indexOf(a.state) - VERDICT_ORDER.indexOf(b.state);
  const name = sort.slice('result:'.length);
  // Runs without this result come last.
  const value = ({ results }: RunEntry) => results[name] ?? Number.POSITIVE_INFINITY;
  return (a, b) => (value(a) === value(b) ? 0 : value(a) - value(b));
}
