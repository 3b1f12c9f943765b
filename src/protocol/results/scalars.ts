import { isObject } from '../json';

/** What a summary holds directly under `results` that is one number, by name. Takes anything, as summaries come from disk. */
export function scalarResults(summary: unknown): Record<string, number> {
  if (!isObject(summary) || !isObject(summary.results)) return {};
  return Object.fromEntries(
    Object.entries(summary.results).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
    ),
  );
}
