import fs from 'node:fs';
import path from 'node:path';
import { hasNewMarks, type SavedMarks } from './savedMarks';

/** One array that was submitted, or was to be: a task for each of some chunks. */
export interface Attempt {
  number: number;
  /** By the index of the task. */
  chunks: readonly number[];
  /** Id of the array; undefined while nobody knows whether Slurm has it. */
  array: number | undefined;
  /** How far jobs of its chunks were saved when it was submitted. */
  saved: SavedMarks;
}

export function attemptName(number: number): string {
  return String(number).padStart(4, '0');
}

/** Attempts of a plan, as `attempts/NNNN.json`, `.sh` and, once Slurm has taken it, `.id`. */
export class Attempts {
  readonly all: Attempt[] = [];
  private readonly folder: string;

  constructor(planFolder: string) {
    this.folder = path.join(planFolder, 'attempts');
    for (const name of fs.existsSync(this.folder) ? fs.readdirSync(this.folder).sort() : []) {
      if (!/^\d{4,}\.json$/.test(name)) continue;
      const number = Number(name.slice(0, -5));
      this.all.push({ number, ...readAttempt(planFolder, attemptName(number)), array: this.readId(number) });
    }
  }

  /** Writes what is about to be submitted: who dies right after that leaves a trace. */
  begin(chunks: readonly number[], saved: SavedMarks, script: (name: string) => string): Attempt {
    const attempt = { number: (this.all.at(-1)?.number ?? 0) + 1, chunks, array: undefined, saved };
    const name = attemptName(attempt.number);
    fs.writeFileSync(this.file(name, 'sh'), script(name), { mode: 0o700, flush: true });
    fs.writeFileSync(
      this.file(name, 'json'),
      `${JSON.stringify({ chunks, ...(saved.size > 0 ? { saved: Object.fromEntries(saved) } : {}) })}\n`,
      { flush: true },
    );
    this.all.push(attempt);
    return attempt;
  }

  submitted(attempt: Attempt, array: number): void {
    attempt.array = array;
    fs.writeFileSync(this.file(attemptName(attempt.number), 'id'), `${array}\n`, { flush: true });
  }

  /** Of an attempt that Slurm does not have. */
  drop(attempt: Attempt): void {
    this.all.splice(this.all.indexOf(attempt), 1);
    for (const ending of ['json', 'sh']) fs.rmSync(this.file(attemptName(attempt.number), ending), { force: true });
  }

  /** Whether jobs of a chunk have got on since it was submitted the last time. */
  gotOn(chunk: number, places: readonly number[], now: SavedMarks): boolean {
    const last = this.all.filter(({ chunks }) => chunks.includes(chunk)).at(-1);
    return last !== undefined && hasNewMarks(now, last.saved, places);
  }

  scriptOf({ number }: Attempt): string {
    return this.file(attemptName(number), 'sh');
  }

  get arrays(): number[] {
    return this.all.flatMap(({ array }) => (array === undefined ? [] : [array]));
  }

  private readId(number: number): number | undefined {
    try {
      const id = Number(fs.readFileSync(this.file(attemptName(number), 'id'), 'utf8'));
      return Number.isInteger(id) && id > 0 ? id : undefined;
    } catch {
      return undefined;
    }
  }

  private file(name: string, ending: string): string {
    return path.join(this.folder, `${name}.${ending}`);
  }
}

/** Chunks of an attempt, by the index of the task. */
export function readChunks(planFolder: string, name: string): readonly number[] {
  return readAttempt(planFolder, name).chunks;
}

function readAttempt(planFolder: string, name: string): Pick<Attempt, 'chunks' | 'saved'> {
  const { chunks, saved } = JSON.parse(fs.readFileSync(path.join(planFolder, 'attempts', `${name}.json`), 'utf8')) as Record<
    string,
    unknown
  >;
  if (!Array.isArray(chunks) || !chunks.every((chunk) => Number.isInteger(chunk) && chunk >= 0))
    throw new Error(`attempt ${name} has no list of chunks`);
  const marks = Object.entries(Object(saved) as object).map(([place, mark]): [number, string] => [Number(place), String(mark)]);
  return { chunks: chunks as number[], saved: new Map(marks) };
}
