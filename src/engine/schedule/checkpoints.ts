import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { errorMessage } from '../errors';
import {
  CheckpointError,
  checkpointName,
  CHECKPOINTS,
  readCheckpoint,
  writeCheckpoint,
  type CheckpointHead,
} from '../store/checkpoint';
import { hashValue } from '../store/hashValue';
import type { JobCheckpoint } from '../studies/jobCheckpoint';
import { ENGINE_VERSION } from '../version';

/** Jobs on their way are saved so often where nothing else is said. */
const CHECKPOINT_SECONDS = 60;

/** Milliseconds between two checkpoints of a job; infinite for 0 seconds. */
export function checkpointMs(seconds = CHECKPOINT_SECONDS): number {
  return seconds > 0 ? 1000 * seconds : Infinity;
}

/** What a thread is told about the checkpoints of a list of jobs: plain data. */
export interface CheckpointPlan {
  runFolder: string;
  /** Hash of the experiment. */
  experiment: string;
  /** Number of the list of jobs. */
  run: number;
  /** A job is saved at most so often; never where this is infinite. */
  everyMs: number;
  /** Places of the jobs that earlier sessions saved. */
  early: readonly number[];
  /** Where those are, if not in `runFolder`. */
  earlyFolder?: string;
  /** Where others may save the same jobs at the same time: the name of this one. */
  writer?: string;
}

/** By which a checkpoint knows its job, and what was shared. */
export function hashJob(job: unknown, sharedHash: string): string {
  return hashValue(job, sharedHash).slice(0, 32);
}

export interface CheckpointListener {
  /** The job at this place has a checkpoint. */
  saved(place: number): void;
  /** Something that a person should know. */
  say(text: string): void;
}

/** The checkpoints of the jobs that one thread does. */
export class ThreadCheckpoints {
  private readonly early: ReadonlySet<number>;
  private sharedHash: string | undefined;
  private failed = false;

  constructor(
    private readonly plan: CheckpointPlan,
    private readonly listener: CheckpointListener,
    /** What was shared with the workers. */
    private readonly shared: () => unknown,
  ) {
    this.early = new Set(plan.early);
  }

  of(job: unknown, place: number): JobCheckpoint {
    const { plan, listener } = this;
    const fileIn = (folder: string) => path.join(folder, CHECKPOINTS, checkpointName({ run: plan.run, place }));
    const file = fileIn(plan.runFolder);
    const earlyFile = fileIn(plan.earlyFolder ?? plan.runFolder);
    let written = performance.now();
    let hash: string | undefined;
    const head = (): CheckpointHead => ({
      engine: ENGINE_VERSION,
      experiment: plan.experiment,
      run: plan.run,
      place,
      job: (hash ??= hashJob(job, (this.sharedHash ??= hashValue(this.shared())))),
    });
    const refuse = (reason: string) => listener.say(`The checkpoint ${earlyFile} ${reason}. Its job begins anew.`);
    let isThere = this.early.has(place);
    return {
      read: () => {
        if (!isThere) return undefined;
        try {
          return readCheckpoint(earlyFile, head());
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
          isThere = false;
          refuse(error.message);
          return undefined;
        }
      },
      refuse: (reason) => {
        isThere = false;
        refuse(`is of no use: ${reason}`);
      },
      due: () => !this.failed && performance.now() - written >= plan.everyMs,
      write: (state) => {
        try {
          writeCheckpoint(file, head(), state, plan.writer);
          listener.saved(place);
        } catch (error) {
          // The training goes on: if it cannot be kept when it has ended either, the run ends with words then.
          this.failed = true;
          const reason = error instanceof CheckpointError ? error.message : `cannot be written (${errorMessage(error)})`;
          listener.say(`The checkpoint ${file} ${reason}. What is on its way now begins anew if the run is stopped.`);
        }
        written = performance.now();
      },
    };
  }
}
