import path from 'node:path';
import { checkpointMark, CHECKPOINTS, listCheckpoints } from '../store/checkpoint';

/** How far tasks have saved jobs on their way, by place: a mark is another one as soon as its job got on. */
export type SavedMarks = ReadonlyMap<number, string>;

export function savedMarks(planFolder: string): SavedMarks {
  const marks = new Map<number, string>();
  for (const { name, run, place, partial } of listCheckpoints(planFolder)) {
    const mark = run === 0 && !partial ? checkpointMark(path.join(planFolder, CHECKPOINTS, name)) : undefined;
    if (mark !== undefined) marks.set(place, mark);
  }
  return marks;
}

/** Whether one of the jobs at some places was saved since. */
export function hasNewMarks(now: SavedMarks, before: SavedMarks, places: readonly number[]): boolean {
  return places.some((place) => now.has(place) && now.get(place) !== before.get(place));
}
