import type { Verdict } from '../../protocol/events';
import { scalarResults } from '../../protocol/results/scalars';

/** How a run on disk ended. `interrupted`: its event stream has no end. */
export type StoredState = 'finished' | 'failed' | 'cancelled' | 'interrupted';

/** What the list of runs needs to know about a run folder. Everything but the state may be missing in damaged folders. */
export interface StoredRun {
  /** Path of the experiment file that ran, where the folder says so. */
  origin: string | undefined;
  /** Name of the experiment file, without folder. */
  fileName: string;
  title: string;
  kind: string;
  /** Of the experiment; null where it is not known. */
  hash: string | null;
  engine: string | null;
  seed: number | null;
  /** Milliseconds since 1970. */
  startedAt: number;
  state: StoredState;
  /** Why it failed. */
  message: string | undefined;
  verdicts: Record<Verdict['result'], number>;
  /** Results that are one number each, by name: `modelRank`, `recoveredFrom`, … */
  results: Record<string, number>;
}

/** The files of a run folder, parsed as JSON where they are there. */
export interface RunFolderContent {
  /** Name of the folder. */
  name: string;
  /** `experiment.json`. */
  experiment: unknown;
  /** `summary.json`; undefined when the run did not come to its end. */
  summary: unknown;
  /** The last line of `events.jsonl`, looked at only where there is no summary. */
  lastEvent: unknown;
  /** When `experiment.json` was written, in milliseconds since 1970. */
  writtenAt: number;
}

/** `<stem>-<hash>-<date>-<time>`, with a number behind it where two runs began in the same second. */
const FOLDER_NAME = /^(.+)-[0-9a-f]{8}-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(-\d+)?$/;

/** Reads what is in a run folder; undefined when it is none. */
export function readStoredRun({
  name,
  experiment: file,
  summary,
  lastEvent,
  writtenAt,
}: RunFolderContent): StoredRun | undefined {
  if (!isObject(file) || !isObject(file.experiment)) return undefined;
  const { experiment } = file;
  const [, stem = name, ...time] = FOLDER_NAME.exec(name) ?? [];
  const origin = stringOf(file.fileName) ?? undefined;
  const training = isObject(experiment.training) ? experiment.training : experiment;
  return {
    origin,
    fileName: origin === undefined ? `${stem}.recovery.json` : (origin.split(/[/\\]/).pop() ?? origin),
    title: stringOf(experiment.title) ?? '',
    kind: stringOf(experiment.experiment) ?? '',
    hash: stringOf(file.hash),
    engine: stringOf(file.engine),
    seed: numberOf(training.seed),
    startedAt: numberOf(file.startedAt) ?? timeOf(time) ?? writtenAt,
    ...ending(summary, lastEvent),
    verdicts: countVerdicts(summary),
    results: scalarResults(summary),
  };
}

function ending(summary: unknown, lastEvent: unknown): Pick<StoredRun, 'state' | 'message'> {
  if (isObject(summary)) return { state: 'finished', message: undefined };
  if (!isObject(lastEvent) || lastEvent.type !== 'failed') return { state: 'interrupted', message: undefined };
  if (lastEvent.code === 'cancelled') return { state: 'cancelled', message: undefined };
  return { state: 'failed', message: stringOf(lastEvent.message) ?? undefined };
}

export function countVerdicts(summary: unknown): StoredRun['verdicts'] {
  const counts = { met: 0, failed: 0, inconclusive: 0 };
  const verdicts: unknown[] = isObject(summary) && Array.isArray(summary.verdicts) ? summary.verdicts : [];
  for (const verdict of verdicts) {
    const result = isObject(verdict) ? verdict.result : undefined;
    if (result === 'met' || result === 'failed' || result === 'inconclusive') counts[result]++;
  }
  return counts;
}

/** UTC, as the engine names its folders. */
function timeOf(parts: readonly (string | undefined)[]): number | undefined {
  const [year, month, day, hours, minutes, seconds] = parts.map(Number);
  if (year === undefined || month === undefined || Number.isNaN(year)) return undefined;
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}

const stringOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
