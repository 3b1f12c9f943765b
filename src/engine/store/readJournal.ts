import fs from 'node:fs';
import { EngineError, errorMessage, EXIT, fileValue, systemErrorCode } from '../errors';
import { readCheckedLine } from './checkedLine';
import { decodeExact } from './exactJson';
import { JOURNAL_VERSION, type JournalEntry, type JournalHead } from './journal';

const CHUNK = 1024 * 1024;
/** No line that was written whole is longer: what a string can hold. */
const LONGEST_LINE = 256 * 1024 * 1024;
const START = /^\{"run":(\d{1,15}),"job":(\d{1,15}),"list":"([0-9a-f]{1,64})",/;

/** The finished jobs of one list, by where their lines are. */
export interface JournaledJobs {
  /** Hash of the list. */
  list: string;
  jobs: number[];
  /** In bytes, of the lines of these jobs, by turns where they begin and how long they are. */
  places: number[];
}

/** A journal as it was found: an index of what it says, so that one of a million jobs takes little memory. */
export class SavedJournal {
  /** By the number of the list. */
  readonly lists = new Map<number, JournaledJobs>();
  jobs = 0;
  /** Lines that are not what was written: their jobs are run again. */
  damaged = 0;
  /** Bytes up to the end of the last whole line. */
  length = 0;
  private descriptor: number | undefined;

  private constructor(private readonly file: string) {}

  /**
   * @returns undefined when there is no journal, or none of whose lines was written whole
   * @throws EngineError when it belongs to another experiment or engine
   */
  static read(file: string, belongsTo: Omit<JournalHead, 'journal'>): SavedJournal | undefined {
    const journal = new SavedJournal(file);
    try {
      journal.descriptor = fs.openSync(file, 'r');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    let head: Partial<JournalHead> | undefined;
    for (const { line, at } of linesOf(journal.descriptor)) {
      const text = readCheckedLine(line);
      if (text === undefined) {
        journal.damaged++;
        continue;
      }
      if (!head && at === 0) {
        head = readHead(text);
        checkHead(file, head, belongsTo);
      } else if (!journal.index(text, at, line.length)) {
        journal.damaged++;
        continue;
      }
      journal.length = at + line.length + 1;
    }
    if (head) return journal;
    // Without its first line nobody can say what the rest is about.
    journal.close();
    return undefined;
  }

  /** Reads one entry: number `index` of a list. */
  entry({ places }: JournaledJobs, index: number): JournalEntry {
    const line = Buffer.allocUnsafe(places[2 * index + 1]);
    const read = this.descriptor === undefined ? 0 : fs.readSync(this.descriptor, line, 0, line.length, places[2 * index]);
    const text = read === line.length ? readCheckedLine(line) : undefined;
    if (text === undefined) throw new EngineError('run-folder', `The journal ${this.file} changed while it was read.`);
    try {
      return decodeExact(text) as JournalEntry;
    } catch (error) {
      // Its checksum is right all the same, so that this is no accident.
      throw new EngineError(
        'journal',
        `A line of the journal ${this.file} is none that this engine wrote (${errorMessage(error)}). Run the experiment again.`,
        EXIT.invalid,
      );
    }
  }

  close(): void {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private index(text: string, at: number, length: number): boolean {
    const match = START.exec(text);
    if (!match) return false;
    const run = Number(match[1]);
    let entries = this.lists.get(run);
    if (!entries) {
      entries = { list: match[3], jobs: [], places: [] };
      this.lists.set(run, entries);
    }
    // A list that changed between two sessions would be another experiment: nothing of it can be used.
    if (entries.list !== match[3]) return false;
    entries.jobs.push(Number(match[2]));
    entries.places.push(at, length);
    this.jobs++;
    return true;
  }
}

/** What cannot be read has no version. */
function readHead(text: string): Partial<JournalHead> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<JournalHead>;
  } catch {
    return {};
  }
}

function checkHead(file: string, head: Partial<JournalHead>, { hash, engine }: Omit<JournalHead, 'journal'>): void {
  const refuse = (reason: string) => {
    throw new EngineError('journal', `The journal ${file} ${reason}. Run the experiment again.`, EXIT.invalid);
  };
  if (head.journal !== JOURNAL_VERSION)
    refuse(`has version ${fileValue(head.journal)}, but this engine reads version ${JOURNAL_VERSION}`);
  if (head.hash !== hash) refuse('is of another experiment than the run folder it lies in');
  if (head.engine !== engine) refuse(`was written by engine ${fileValue(head.engine)}, but this is ${engine}`);
}

/** Lines without their line breaks; a last line without one was not written whole and is left out. */
function* linesOf(descriptor: number): Generator<{ line: Buffer; at: number }> {
  let rest = Buffer.alloc(0);
  let at = 0;
  for (let position = 0; ;) {
    // As much again as there is of a long line: it is copied a few times, not once for every chunk.
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK, rest.length));
    const read = fs.readSync(descriptor, chunk, 0, chunk.length, position);
    if (read === 0) return;
    position += read;
    rest = rest.length === 0 ? chunk.subarray(0, read) : Buffer.concat([rest, chunk.subarray(0, read)]);
    let start = 0;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, start)) {
      yield { line: rest.subarray(start, end), at: at + start };
      start = end + 1;
    }
    rest = rest.subarray(start);
    at += start;
    if (rest.length > LONGEST_LINE) return;
  }
}
