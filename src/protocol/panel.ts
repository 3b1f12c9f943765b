import type { ComparedRun } from './compare';
import type { EngineEvent } from './events';
import type { CellTrials, TrialCell } from './trials';
import type { RunRecord, RunState } from './record';

/** Choices of the person that belong to a file and survive a reload. */
export interface PanelView {
  /** Axis scales by chart id. */
  axes: Record<string, { x: 'linear' | 'log'; y: 'linear' | 'log' }>;
  /** Parts of the axes that are shown, by chart id; absent for all of an axis. */
  windows?: Record<string, { x?: [number, number]; y?: [number, number] }>;
  /** Labels of series that are switched off, by chart id. */
  hidden?: Record<string, string[]>;
  /** Charts whose table is open. */
  openTables: string[];
  /** Which cell the spectrum and singular-value charts show; null follows the run. */
  selectedCell: string | null;
  /** Which Hessian spectrum of a training is shown: that of a step, of the solution, or the newest (null); absent for the newest. */
  spectrum?: { at: number | 'solution' | null; /** Eigenvalues over all steps instead of one spectrum. */ allSteps: boolean };
}

/** Host to panel. A visible panel gets one snapshot, then deltas in order; a panel that compares runs gets those. */
export type ToPanel =
  | { type: 'snapshot'; record: RunRecord; view: PanelView; canRun: boolean }
  | { type: 'events'; events: EngineEvent[] }
  | { type: 'state'; state: RunState; crash: string | null; queuePosition?: number }
  | { type: 'comparison'; id: string; runs: ComparedRun[] }
  /** The answer to `trials`; null where the run has kept none. */
  | { type: 'trials'; cell: TrialCell; found: CellTrials | null };

/** Panel to host: only what the person did. Everything else is refused. */
export type FromPanel =
  | { type: 'ready' }
  | { type: 'stop' }
  | { type: 'runAgain' }
  /** Go on with the run that is shown, which ended before its results were there. */
  | { type: 'resume' }
  | { type: 'showLog' }
  | { type: 'openReport' }
  | { type: 'revealFile' }
  | { type: 'view'; view: PanelView }
  /** Asks for the trainings of a cell, with the curve of one of them. */
  | { type: 'trials'; cell: TrialCell; open: number | null }
  /** Opens the cell as an experiment of its own, not saved; one of its trials alone, or all. */
  | { type: 'openCell'; cell: TrialCell; trial: number | null }
  /** A file to be saved where the person says: a chart or its data. */
  | { type: 'save'; name: string; encoding: 'utf8' | 'base64'; content: string }
  /** Text for the clipboard. */
  | { type: 'copy'; text: string };
