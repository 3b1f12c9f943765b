import type { RunRecord } from '../../protocol/record';
import { howToReproduce } from '../../protocol/reproduce';
import { originOf } from './origin';

/** How to get the numbers of a run again. */
export function reproduction(record: RunRecord): string {
  const { file, ...facts } = originOf(record);
  return howToReproduce({ file, ...facts, runFolder: record.accepted?.runFolder ?? null });
}
