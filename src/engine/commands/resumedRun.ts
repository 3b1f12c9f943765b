import type { ClusterChoice, ExecutorChoice } from '../../protocol/events';
import type { SessionOptions } from '../session';
import { checkChoice, checkSetup, readSettings } from '../slurm/settings';
import { readSavedRun, resumableOrigin } from '../store/savedRun';

/**
 * A run that goes on, from its folder.
 *
 * @throws EngineError that says why it cannot
 */
export function resumedRun(folder: string): Pick<SessionOptions, 'text' | 'fileName' | 'report' | 'outFolder'> {
  const saved = readSavedRun(folder);
  const { text, fileName, report } = resumableOrigin(saved);
  return { text, fileName, report, outFolder: { resume: saved } };
}

/** A run goes on where it was begun, unless something else is said. */
export function clusterOfResumed(folder: string, { executor, slurm = {} }: ExecutorChoice): { slurm?: ClusterChoice } {
  const saved = executor === 'local' ? undefined : readSettings(folder);
  if (!saved) return executor === 'slurm' ? { slurm: checkChoice(slurm) } : {};
  checkSetup(saved.setup, slurm.setup ?? []);
  return { slurm: { ...checkChoice(saved.choice), ...checkChoice(slurm) } };
}
