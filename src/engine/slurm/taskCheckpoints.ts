import fs from 'node:fs';
import path from 'node:path';
import type { CheckpointListener, CheckpointPlan } from '../schedule/checkpoints';
import { checkpointMark, CHECKPOINTS, checkpointName, listCheckpoints } from '../store/checkpoint';
import type { PlanHead } from './plan';
import { copyOver, moveOver } from './scratch';

interface TaskCheckpointOptions {
  planFolder: string;
  plan: PlanHead;
  /** What tells this task from others that may do the same chunk. */
  task: string;
  /** Folder on this node, if what is not finished is kept there. */
  scratch: string | undefined;
  everyMs: number;
  say(text: string): void;
}

/**
 * What a task saves of its jobs on their way: beside the chunks, where who goes on with the chunk finds it, or on the node, from where it
 * is copied there now and then. Copies of one task write the same states of the same jobs, each to a name of its own that it then renames.
 */
export class TaskCheckpoints {
  private readonly folder: string;
  /** By name, what was copied from the node. */
  private readonly copied = new Map<string, string>();

  constructor(private readonly options: TaskCheckpointOptions) {
    this.folder = options.scratch ?? options.planFolder;
  }

  /** For the jobs at these places. */
  of(places: readonly number[]): CheckpointPlan & CheckpointListener {
    const { planFolder, plan, task, everyMs, say } = this.options;
    const wanted = new Set(places);
    const early = saved(planFolder).filter(({ place }) => wanted.has(place));
    return {
      runFolder: this.folder,
      earlyFolder: planFolder,
      writer: task.replaceAll(/[^\w-]/g, '-'),
      experiment: plan.hash,
      run: 0,
      everyMs,
      early: early.map(({ place }) => place),
      saved: () => undefined,
      say,
    };
  }

  /** The result of this job is on the disk that its checkpoint is on. */
  remove(place: number): void {
    removeQuietly(path.join(this.folder, CHECKPOINTS, checkpointName({ run: 0, place })));
  }

  /** At the end of a task that did not come to the end of its chunk: another node goes on. */
  handOver(): void {
    const { planFolder, scratch } = this.options;
    if (scratch === undefined) return;
    for (const { name } of saved(scratch)) {
      fs.mkdirSync(path.join(planFolder, CHECKPOINTS), { recursive: true });
      moveOver(path.join(scratch, CHECKPOINTS, name), path.join(planFolder, CHECKPOINTS, name));
    }
  }

  /** While a task is going on: its node may be lost. */
  copyOver(): void {
    const { planFolder, scratch } = this.options;
    if (scratch === undefined) return;
    for (const { name } of saved(scratch)) {
      const file = path.join(scratch, CHECKPOINTS, name);
      const mark = checkpointMark(file);
      // Its job may have ended just now.
      if (mark === undefined || mark === this.copied.get(name)) continue;
      fs.mkdirSync(path.join(planFolder, CHECKPOINTS), { recursive: true });
      copyOver(file, path.join(planFolder, CHECKPOINTS, name));
      this.copied.set(name, mark);
    }
  }

  /** The chunk with these places is published: nobody goes on with its jobs. */
  discard(places: readonly number[]): void {
    const { planFolder } = this.options;
    const gone = new Set(places);
    for (const { name, place } of saved(planFolder)) if (gone.has(place)) removeQuietly(path.join(planFolder, CHECKPOINTS, name));
  }
}

function saved(folder: string): { name: string; place: number }[] {
  return listCheckpoints(folder).filter(({ run, partial }) => run === 0 && !partial);
}

/** What stays is removed with the plan. */
function removeQuietly(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Nobody reads it any more.
  }
}
