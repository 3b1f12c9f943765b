import type {
  AcceptedEvent,
  CellResult,
  FailedEvent,
  FinishedEvent,
  Phase,
  ProgressEvent,
  RankMeasurement,
  SampleSizeResult,
  SpectrumMeasurement,
  Verdict,
} from './events';
import type { ResultFigure } from './figure';
import type { SpectrumHistory } from './spectra';
import type { ResultTable } from './table';

/** How a run that is not over stands; `queued` waits for other runs to end. */
const UNDER_WAY = ['queued', 'waiting', 'running', 'stopping'] as const;

/**
 * How a run that is over ended. Two are the host's own words: of `crashed` it saw the process end without `finished` or `failed`; of
 * `interrupted`, a run on disk, nobody recorded an end.
 */
const OVER = ['finished', 'failed', 'cancelled', 'crashed', 'interrupted'] as const;

export type RunState = (typeof UNDER_WAY | typeof OVER)[number];

export const RUN_STATES: readonly RunState[] = [...UNDER_WAY, ...OVER];

/** Whether more will come. */
export const isUnderWay = (state: RunState): boolean => (UNDER_WAY as readonly RunState[]).includes(state);

export interface Curve {
  sampleSize: number;
  trial: number;
  steps: number[];
  losses: number[];
  /** Flow times of the points, of gradient flows alone. */
  times?: number[];
}

/**
 * Everything that is known about a run, folded from its events: the host keeps one for each run, a panel gets it as a
 * snapshot, a report is drawn from it. Plain JSON.
 */
export interface RunRecord {
  id: string;
  /** Name of the experiment file, without folder. */
  fileName: string;
  state: RunState;
  /** While it is queued: 1 when it is next. */
  queuePosition?: number;
  /** Milliseconds since 1970 at the start. */
  startedAt: number;
  engine: string | null;
  accepted: Omit<AcceptedEvent, 'type'> | null;
  phase: Phase | null;
  progress: Omit<ProgressEvent, 'type'> | null;
  curves: Record</* cellId */ string, Curve>;
  /** Experiment-wide ranks in the order of arrival. */
  ranks: { name: string; measurement: RankMeasurement }[];
  /** At solutions. */
  spectra: Record</* cellId */ string, SpectrumMeasurement>;
  /** During training. */
  histories: Record</* cellId */ string, SpectrumHistory>;
  cells: Record</* cellId */ string, CellResult>;
  /** Finished cells of very many that are not among `cells`. Aggregates, verdicts and the run folder have them all. */
  cellsLeftOut: Record</* sample size */ string, number>;
  sampleSizes: Record</* sample size */ string, SampleSizeResult>;
  /** In the order of their first arrival, as `figures`. */
  tables: ResultTable[];
  figures: ResultFigure[];
  verdicts: Verdict[];
  finished: Omit<FinishedEvent, 'type'> | null;
  failed: Omit<FailedEvent, 'type'> | null;
  /** Exit of a crashed engine in words, with the last lines of its stderr; of an interrupted run what is known. */
  crash: string | null;
  /** Lines of the engine that could not be read. */
  unreadableLines: number;
}

export function cellId(key: { sampleSize: number; trial: number }): string {
  return `${key.sampleSize}/${key.trial}`;
}
