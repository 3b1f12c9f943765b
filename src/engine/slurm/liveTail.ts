import fs from 'node:fs';
import { readCheckedLine } from '../store/checkedLine';
import { decodeExact } from '../store/exactJson';
import type { JournalEntry } from '../store/journal';
import type { PlanHead } from './plan';

/** Read at a time: what a task wrote meanwhile waits for the next. */
const PIECE = 4 * 1024 * 1024;

/** Reads what is new in a file that another machine appends to. It is opened afresh each time: a file held open may stay as it was. */
export class LiveTail {
  private offset = 0;
  private rest = Buffer.alloc(0);
  private belongs: boolean | undefined;

  constructor(
    private readonly file: string,
    private readonly plan: PlanHead,
  ) {}

  /** Entries since the last time; none while the file is not there. */
  read(): JournalEntry[] {
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.file, 'r');
    } catch {
      return [];
    }
    try {
      const piece = Buffer.allocUnsafe(PIECE);
      const read = fs.readSync(descriptor, piece, 0, PIECE, this.offset);
      this.offset += read;
      this.rest = Buffer.concat([this.rest, piece.subarray(0, read)]);
    } finally {
      fs.closeSync(descriptor);
    }
    return this.takeLines();
  }

  private takeLines(): JournalEntry[] {
    const entries: JournalEntry[] = [];
    let start = 0;
    for (let end = this.rest.indexOf(0x0a); end >= 0; start = end + 1, end = this.rest.indexOf(0x0a, start)) {
      const text = readCheckedLine(this.rest.subarray(start, end));
      if (text === undefined) continue;
      if (this.belongs === undefined) {
        const { hash, engine } = JSON.parse(text) as { hash?: unknown; engine?: unknown };
        this.belongs = hash === this.plan.hash && engine === this.plan.engine;
      } else if (this.belongs) {
        const entry = decodeExact(text) as JournalEntry;
        if (entry.list === this.plan.list) entries.push(entry);
      }
    }
    this.rest = this.rest.subarray(start);
    return entries;
  }
}
