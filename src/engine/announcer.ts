import type { EngineEvent } from '../protocol/events';
import { encodeLine } from '../protocol/lines';
import { LineBatch } from './lineBatch';
import type { RunKeeper } from './report/runKeeper';
import type { UnpackedCell } from './studies/cellOutput';

/** Whoever listens to a run. */
export interface RunListener {
  /** Hears every event but `hello`, which whoever started the engine has said. */
  emit?(event: EngineEvent): void;
  /** False when `emit` needs no curves and spectra, and of cells neither singular values nor eigenvalues: they cost much. */
  details?: boolean;
  /** Gets the same events, all of them, as lines of JSON, many at a time. */
  write?(lines: string): void;
  /** Undefined while the reader of those lines keeps up; else resolves when it has caught up. */
  caughtUp?(): Promise<void> | undefined;
}

/** What comes often, and what nobody misses for some milliseconds; anything else is passed on at once. */
const FREQUENT: ReadonlySet<EngineEvent['type']> = new Set([
  'progress',
  'curve',
  'spectrum',
  'cell',
  'sampleSize',
  'table',
  'figure',
] as const);

/** What a listener without need for details does not hear. */
const DETAILED: ReadonlySet<EngineEvent['type']> = new Set(['curve', 'spectrum'] as const);

/** Tells the events of a run: to its folder, to its report, to whoever listens. */
export class Announcer {
  private readonly batch: LineBatch;

  constructor(
    private readonly listener: RunListener,
    /** Where a report is to be written. */
    private readonly keeper: RunKeeper | undefined,
    /** Keeps lines in the run folder, if there is one. */
    keep: (lines: string) => void,
    /** Where an error goes that happens outside of any call. */
    onError: (error: unknown) => void,
  ) {
    // To the run folder first: lines that a listener gets are already kept.
    const write = (lines: string) => {
      keep(lines);
      listener.write?.(lines);
    };
    this.batch = new LineBatch(write, onError);
  }

  tell(event: EngineEvent): void {
    this.batch.add(encodeLine(event));
    if (!FREQUENT.has(event.type)) this.batch.flush();
    this.keeper?.apply(event);
    if (!DETAILED.has(event.type) || this.listener.details !== false) this.listener.emit?.(event);
  }

  tellCell(cell: UnpackedCell, index: number): void {
    this.batch.add(cell.lines);
    this.keeper?.addCell(cell, index);
    const { listener } = this;
    if (listener.details === false) listener.emit?.({ type: 'cell', cell: cell.cell });
    else if (listener.emit) {
      for (const line of cell.lines.split('\n')) if (line !== '') listener.emit(JSON.parse(line) as EngineEvent);
    }
  }

  /** Passes on what has gathered. */
  flush(): void {
    this.batch.flush();
  }

  /** Tells an event that the run folder has already, or cannot have. */
  tellListener(event: EngineEvent): void {
    this.listener.write?.(encodeLine(event));
    this.listener.emit?.(event);
  }

  /** Like `caughtUp` of the listener. */
  readonly caughtUp = (): Promise<void> | undefined => this.listener.caughtUp?.();
}
