import { EXIT } from '../errors';
import { isComplete } from '../store/runFolder';
import { readSavedRun } from '../store/savedRun';
import { printable } from '../terminal/colors';
import { clusterOfResumed, resumedRun } from './resumedRun';
import { notDetachable, runShown, type ShowOptions } from './run';

export interface ResumeOptions extends ShowOptions {
  folder: string;
}

/** `recovery resume`: goes on with a run that was stopped, by whatever. One that came to its end is left as it is. */
export async function resumeCommand(options: ResumeOptions): Promise<number> {
  const { folder } = options;
  if (!options.events && isComplete(folder)) {
    readSavedRun(folder);
    process.stderr.write(`The run in ${printable(folder)} has come to its end: there is nothing to resume.\n`);
    return EXIT.met;
  }
  return runShown(options, () => {
    const cluster = clusterOfResumed(folder, options);
    if (options.detach && !cluster.slurm) throw notDetachable();
    return { ...resumedRun(folder), ...cluster };
  });
}
