import type { SessionOptions } from '../session';
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
