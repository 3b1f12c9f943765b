import { performance } from 'node:perf_hooks';
import path from 'node:path';
import type { SpectrumAtStep } from '../../protocol/spectra';
import type { CurvePoints } from '../training/lossCurve';
import { AppendFile, syncFolder } from './appendFile';
import { checkedLine } from './checkedLine';
import { encodeExact } from './exactJson';

/** Version of the journal's lines. */
export const JOURNAL_VERSION = 1;

/** Runs that end before this need no journal: doing them again takes no longer than reading one. */
const HOLD_MS = 500;

/** Where nothing else is said. */
const WRITE_MS = 100;
const SYNC_MS = 1000;

/** A finished job: enough to tell it again, exactly. */
export interface JournalEntry {
  /** Which list of jobs of the run, from 0, and the place in it. */
  run: number;
  job: number;
  /** Hash of the list of jobs and of what was shared with the workers. */
  list: string;
  /** Optimizer steps that it took. */
  steps: number;
  curve?: CurvePoints;
  spectra?: SpectrumAtStep[];
  output: unknown;
}

/** What a journal belongs to: its first line. */
export interface JournalHead {
  journal: number;
  /** Of the experiment. */
  hash: string;
  engine: string;
}

export interface JournalOptions {
  /** Goes on after this many bytes of the file. */
  kept?: number;
  holdMs?: number;
  /** How often finished jobs are written even if nobody is told anything, and how often what is written is brought to the disk. */
  writeMs?: number;
  syncMs?: number;
  /** Where an error goes that happens outside of any call. */
  onError(error: unknown): void;
}

/**
 * The finished jobs of a run, one a line with a checksum, appended as they come and brought to the disk every second. A run
 * goes on from here after anything that stopped it.
 */
export class Journal {
  private file: AppendFile | undefined;
  /** Whether the first line is there. */
  private begun: boolean;
  private pending: JournalEntry[] = [];
  private unsynced = false;
  /** What waits for entries to be on the disk: of those that are pending, and of those that are written. */
  private pendingActions: (() => void)[] = [];
  private writtenActions: (() => void)[] = [];
  private readonly openUntil: number;
  private readonly timer: NodeJS.Timeout;
  private lastSync = performance.now();

  constructor(
    private readonly path: string,
    private readonly head: JournalHead,
    private readonly options: JournalOptions,
  ) {
    const { kept, holdMs = HOLD_MS } = options;
    this.begun = kept !== undefined;
    this.openUntil = performance.now() + (kept === undefined ? holdMs : 0);
    if (kept !== undefined) this.file = new AppendFile(path, kept);
    this.timer = setInterval(() => this.onTimer(), options.writeMs ?? WRITE_MS);
    this.timer.unref();
  }

  /** @param onSynced is called once the entry is on the disk; never where the run is too short for a journal. */
  add(entry: JournalEntry, onSynced?: () => void): void {
    this.pending.push(entry);
    if (onSynced) this.pendingActions.push(onSynced);
  }

  /** Writes what has been added, so that a killed process cannot lose it; nothing while the run is too young to be worth it. */
  write(): void {
    if (!this.file && performance.now() < this.openUntil) return;
    this.writeAll();
  }

  /** At the end of a run: all of it is on the disk, or, for a run that was too short for a journal, nowhere. */
  finish(): void {
    if (this.file) this.close();
    else this.discard();
  }

  /** At the end of a run that did not come to its end: all of it is on the disk. */
  close(): void {
    clearInterval(this.timer);
    try {
      if (this.pending.length > 0) this.writeAll();
      this.file?.sync();
      this.act(this.writtenActions.splice(0));
    } finally {
      this.discard();
    }
  }

  private discard(): void {
    clearInterval(this.timer);
    this.pending = [];
    this.file?.close();
    this.file = undefined;
  }

  private writeAll(): void {
    const { pending } = this;
    if (pending.length === 0) return;
    const lines = this.begun ? [] : [checkedLine(JSON.stringify(this.head))];
    for (const entry of pending) lines.push(checkedLine(encodeEntry(entry)));
    if (!this.file) {
      this.file = new AppendFile(this.path);
      syncFolder(path.dirname(this.path));
    }
    this.file.append(Buffer.concat(lines));
    this.begun = true;
    this.pending = [];
    this.writtenActions.push(...this.pendingActions.splice(0));
    this.unsynced = true;
  }

  private onTimer(): void {
    try {
      this.write();
      if (!this.unsynced || performance.now() - this.lastSync < (this.options.syncMs ?? SYNC_MS)) return;
      this.lastSync = performance.now();
      const actions = this.writtenActions;
      const begun = this.file?.syncAside(() => this.act(actions), this.options.onError);
      if (!begun) return;
      this.writtenActions = [];
      this.unsynced = false;
    } catch (error) {
      this.options.onError(error);
    }
  }

  private act(actions: readonly (() => void)[]): void {
    for (const action of actions) action();
  }
}

/** The first keys in this order: they are found without reading the rest. */
export function encodeEntry({ run, job, list, steps, curve, spectra, output }: JournalEntry): string {
  const start = `{"run":${run},"job":${job},"list":"${list}","steps":${steps}`;
  const curvePart = curve ? `,"curve":${encodeExact(curve)}` : '';
  const spectraPart = spectra ? `,"spectra":${encodeExact(spectra)}` : '';
  return `${start}${curvePart}${spectraPart},"output":${encodeExact(output)}}`;
}
