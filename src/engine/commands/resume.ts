import { EXIT } from '../errors';
import { checkChoice, checkSetup, readSettings, type SlurmChoice } from '../slurm/settings';
import { isComplete } from '../store/runFolder';
import { readSavedRun } from '../store/savedRun';
import { printable } from '../terminal/colors';
import { resumedRun } from './resumedRun';
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
  return runShown(options, () => ({ ...resumedRun(folder), ...clusterOf(options) }));
}

/** A run goes on where it was begun, unless something else is said. */
function clusterOf({ folder, executor, slurm, detach }: ResumeOptions): { slurm?: SlurmChoice } {
  const saved = executor === 'local' ? undefined : readSettings(folder);
  if (detach && !saved && executor !== 'slurm') throw notDetachable();
  if (!saved) return executor === 'slurm' ? { slurm: checkChoice(slurm) } : {};
  checkSetup(saved.setup, slurm.setup ?? []);
  return { slurm: { ...checkChoice(saved.choice), ...checkChoice(slurm) } };
}
