import fs from 'node:fs';
import path from 'node:path';
import { errorMessage } from '../errors';
import { hashJob } from '../schedule/checkpoints';
import { jobAt, type JobList } from '../schedule/executor';
import {
  CheckpointError,
  checkpointName,
  CHECKPOINTS,
  listCheckpoints,
  readCheckpoint,
  writeCheckpoint,
  type CheckpointHead,
} from '../store/checkpoint';
import { hashValue } from '../store/hashValue';
import { ENGINE_VERSION } from '../version';

/** A folder that has checkpoints, and the number that a list of jobs has there. */
export interface SavedPlace {
  folder: string;
  run: number;
}

export interface Adoption {
  from: SavedPlace;
  to: SavedPlace;
  jobs: JobList<unknown>;
  /** Which of them. */
  places: ReadonlySet<number>;
  shared: unknown;
  /** Hash of the experiment. */
  experiment: string;
  /** Tells a person what cannot be used. */
  say(text: string): void;
}

/**
 * Copies what was saved of jobs on their way to where others go on with them, unless they were saved there later.
 *
 * @returns places of the jobs
 */
export function adoptCheckpoints({ from, to, jobs, places, shared, experiment, say }: Adoption): number[] {
  // A link leads out of the run folder.
  if (fs.lstatSync(path.join(from.folder, CHECKPOINTS), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const sharedHash = hashValue(shared);
  return listCheckpoints(from.folder).flatMap(({ name, run, place, partial }) => {
    if (partial || run !== from.run || !places.has(place)) return [];
    const source = path.join(from.folder, CHECKPOINTS, name);
    const target = path.join(to.folder, CHECKPOINTS, checkpointName({ run: to.run, place }));
    if (modified(target) >= modified(source)) return [];
    const head: CheckpointHead = { engine: ENGINE_VERSION, experiment, run, place, job: hashJob(jobAt(jobs, place), sharedHash) };
    try {
      const state = readCheckpoint(source, head);
      if (state === undefined) return [];
      writeCheckpoint(target, { ...head, run: to.run }, state as object);
      return [place];
    } catch (error) {
      const reason = error instanceof CheckpointError ? error.message : `cannot be copied (${errorMessage(error)})`;
      say(`The checkpoint ${source} ${reason}. Its job begins anew.`);
      return [];
    }
  });
}

/** Of a file that is not there, long ago. */
function modified(file: string): number {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}
