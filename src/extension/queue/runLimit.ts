import * as os from 'node:os';
import { readSetting } from '../configuration';

/** Cores from which on two runs at once are no slower, together, than one after the other by much. */
const CORES_FOR_TWO = 8;

/** How many runs may be at work at the same time: the setting, or by the number of cores. */
export function runLimit(cores = os.availableParallelism()): number {
  return readSetting('maxConcurrentRuns') || (cores >= CORES_FOR_TWO ? 2 : 1);
}
