import { SavedFields } from '../training/savedState';
import { goOn, type JobCheckpoint } from './jobCheckpoint';
import { NO_NEWS } from './slice';
import type { JobProgress } from './study';

/** How the result of a part is saved. */
export interface PartForm<T> {
  /** As plain data. */
  save(value: T): object;
  /** @throws StateError when it is none */
  load(saved: SavedFields): T;
}

/** Of a part that returns some numbers. */
export function numbersForm<K extends string>(...names: readonly K[]): PartForm<Record<K, number>> {
  return {
    save: (value) => value,
    load: (saved) => Object.fromEntries(names.map((name) => [name, saved.number(name)])) as Record<K, number>,
  };
}

/** More than any job has. */
const MOST_PARTS = 1_000_000;

/**
 * A job that is done part by part, always in the same order: its checkpoint has the results of the parts that are finished, which are
 * not done again, and what the part on its way saves. Parts may have parts. Of what a part told, its steps are told again.
 */
export class JobParts {
  private readonly saved: readonly unknown[];
  /** Of the first part that is not among the saved ones. */
  private current: unknown;
  private readonly done: (() => object)[] = [];
  /** Places of parts that are taken from what was saved. */
  private usable: number;

  constructor(private readonly checkpoint: JobCheckpoint | undefined) {
    const saved = checkpoint?.read();
    const read = saved === undefined ? undefined : goOn(checkpoint, () => readParts(saved));
    this.saved = read?.parts ?? [];
    this.usable = this.saved.length;
    this.current = read?.current;
  }

  /** Result of the next part: as it was saved, or made now. `make` saves in its checkpoint, and goes on from there. */
  *next<T extends object>(
    { save, load }: PartForm<T>,
    make: (checkpoint: JobCheckpoint | undefined) => Generator<JobProgress, T>,
  ): Generator<JobProgress, T> {
    const { checkpoint, done } = this;
    const place = done.length;
    if (place < this.usable) {
      const known = goOn(checkpoint, () => {
        const part = new SavedFields(this.saved[place]);
        return { steps: part.number('steps', { least: 0, whole: true }), result: load(part.record('result')) };
      });
      if (known) {
        done.push(() => ({ steps: known.steps, result: save(known.result) }));
        // What it told is told again.
        if (known.steps > 0) yield { ...NO_NEWS, steps: known.steps };
        return known.result;
      }
      this.usable = place;
      this.current = undefined;
    }
    let steps = 0;
    const work = make(this.rest());
    let next = work.next();
    for (; !next.done; next = work.next()) {
      steps += next.value.steps;
      yield next.value;
    }
    const result = next.value;
    this.current = undefined;
    done.push(() => ({ steps, result: save(result) }));
    if (checkpoint?.due()) checkpoint.write(this.state());
    return result;
  }

  /** Where the next part saves itself: one that needs no `next`, since nothing comes after it. */
  rest(): JobCheckpoint | undefined {
    const { checkpoint } = this;
    return (
      checkpoint && {
        read: () => this.current,
        refuse: (reason) => {
          this.current = undefined;
          checkpoint.refuse(reason);
        },
        due: () => checkpoint.due(),
        write: (state) => checkpoint.write({ ...this.state(), current: state }),
      }
    );
  }

  private state(): { parts: object[] } {
    return { parts: this.done.map((save) => save()) };
  }
}

function readParts(saved: unknown): { parts: readonly unknown[]; current: unknown } {
  const fields = new SavedFields(saved);
  return { parts: fields.list('parts', MOST_PARTS), current: fields.any('current') };
}
