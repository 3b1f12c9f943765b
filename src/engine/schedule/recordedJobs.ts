import type { SpectrumAtStep } from '../../protocol/spectra';
import type { JournalEntry } from '../store/journal';
import type { CurvePoints } from '../training/lossCurve';
import type { JobHandlers } from './executor';

/** What a job that is going on has told so far. */
interface Told {
  curve?: CurvePoints;
  spectra?: SpectrumAtStep[];
}

export interface Recording {
  /** Number of the list. */
  run: number;
  /** Hash of the list. */
  list(): string;
  /** Gets every finished job, before anybody is told of it. */
  keep(entry: JournalEntry): void;
}

/** Handlers that keep all that a job said, and pass it on. */
export function recordJobs<Output>({ run, list, keep }: Recording, handlers: JobHandlers<Output>): JobHandlers<Output> {
  const told = new Map</* job */ number, Told>();
  const toldBy = (index: number): Told => {
    let each = told.get(index);
    if (!each) told.set(index, (each = {}));
    return each;
  };
  const { curve, spectrum } = handlers;
  return {
    ...handlers,
    ...(curve && {
      curve: (points, index) => {
        addPoints(toldBy(index), points);
        handlers.curve?.(points, index);
      },
    }),
    ...(spectrum && {
      spectrum: (measured, index) => {
        (toldBy(index).spectra ??= []).push(measured);
        handlers.spectrum?.(measured, index);
      },
    }),
    output: (output, index, steps) => {
      keep(new RecordedJob(run, index, list, steps, told.get(index), output));
      told.delete(index);
      handlers.output(output, index, steps);
    },
  };
}

/** Tells what a finished job said; that it took steps is told too. */
export function retell<Output>({ job, curve, spectra, steps, output }: JournalEntry, handlers: JobHandlers<Output>): void {
  if (steps > 0) handlers.steps?.(steps);
  if (curve) handlers.curve?.(curve, job);
  for (const spectrum of spectra ?? []) handlers.spectrum?.(spectrum, job);
  // A study knows what its own jobs return.
  handlers.output(output as Output, job, steps);
}

/** A finished job, whose list is hashed when it is written. */
class RecordedJob implements JournalEntry {
  readonly curve?: CurvePoints;
  readonly spectra?: SpectrumAtStep[];

  constructor(
    readonly run: number,
    readonly job: number,
    private readonly hashList: () => string,
    readonly steps: number,
    told: Told | undefined,
    readonly output: unknown,
  ) {
    if (told?.curve) this.curve = told.curve;
    if (told?.spectra) this.spectra = told.spectra;
  }

  get list(): string {
    return this.hashList();
  }
}

function addPoints(told: Told, { steps, losses, times }: CurvePoints): void {
  if (!told.curve) {
    told.curve = { steps: [...steps], losses: [...losses], ...(times ? { times: [...times] } : {}) };
    return;
  }
  const { curve } = told;
  for (let i = 0; i < steps.length; i++) {
    curve.steps.push(steps[i]);
    curve.losses.push(losses[i]);
    if (times) (curve.times ??= []).push(times[i]);
  }
}
