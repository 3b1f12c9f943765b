import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { syncFolder } from '../store/appendFile';
import { checkedLine } from '../store/checkedLine';
import { encodeEntry, JOURNAL_VERSION, type JournalEntry } from '../store/journal';
import { SavedJournal } from '../store/readJournal';
import { placesOf } from './chunks';
import type { PlanHead } from './plan';
import { moveOver } from './scratch';

export function doneFile(planFolder: string, chunk: number): string {
  return path.join(planFolder, 'done', `${chunk}.jsonl`);
}

/** What a task that goes on with a chunk writes: one task, one file. */
export function liveFile(planFolder: string, chunk: number, task: string, restart: number): string {
  return path.join(planFolder, 'live', `${chunk}.${task}.${restart}.jsonl`);
}

export function failedFile(planFolder: string, chunk: number): string {
  return path.join(planFolder, 'failed', `${chunk}.json`);
}

/** Finished jobs of one chunk, out of one or more files. */
export class ChunkEntries {
  private readonly places = new Map</* job */ number, () => JournalEntry>();
  private readonly files: SavedJournal[] = [];

  constructor(
    private readonly plan: PlanHead,
    private readonly chunk: number,
  ) {}

  /** Takes what a file has of the chunk; one that is not there, or was not written whole, has less. */
  add(file: string): void {
    const journal = SavedJournal.read(file, { hash: this.plan.hash, engine: this.plan.engine });
    if (!journal) return;
    this.files.push(journal);
    const known = journal.lists.get(0);
    if (known?.list !== this.plan.list) return;
    const first = this.chunk * this.plan.size;
    known.jobs.forEach((job, index) => {
      if (job >= first && job < first + this.plan.size) this.places.set(job, () => journal.entry(known, index));
    });
  }

  has(job: number): boolean {
    return this.places.has(job);
  }

  /** Whether every job of the chunk is there. */
  get whole(): boolean {
    return placesOf(this.plan, this.chunk).every((job) => this.places.has(job));
  }

  entry(job: number): JournalEntry {
    return this.places.get(job)!();
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}

/** A published chunk; undefined while it is not there or not whole. Whoever gets it closes it. */
export function readDone(planFolder: string, plan: PlanHead, chunk: number): ChunkEntries | undefined {
  const entries = new ChunkEntries(plan, chunk);
  entries.add(doneFile(planFolder, chunk));
  if (entries.whole) return entries;
  entries.close();
  return undefined;
}

/**
 * Gives a whole chunk its name: one file, or the same again where another copy of the task was faster.
 *
 * @param scratch folder on this node where it is put together, before it is moved over
 */
export function publish(planFolder: string, plan: PlanHead, chunk: number, entries: ChunkEntries, scratch?: string): void {
  const file = doneFile(planFolder, chunk);
  const temporary = scratch === undefined ? `${file}.${randomUUID()}.partial` : path.join(scratch, 'done.jsonl');
  const descriptor = fs.openSync(temporary, 'wx');
  try {
    try {
      const head = { journal: JOURNAL_VERSION, hash: plan.hash, engine: plan.engine };
      fs.writeFileSync(descriptor, checkedLine(JSON.stringify(head)));
      for (const job of placesOf(plan, chunk)) fs.writeFileSync(descriptor, checkedLine(encodeEntry(entries.entry(job))));
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    if (scratch !== undefined) return moveOver(temporary, file);
    fs.renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
