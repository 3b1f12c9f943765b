import fs from 'node:fs';

/** Of a run, by its events: the last progress event counts from the first job. */
export function trainingSeconds(events: string): number {
  const lines = fs.readFileSync(events, 'utf8').trimEnd().split('\n');
  for (const line of lines.reverse()) {
    const event = JSON.parse(line) as { type: string; elapsedMs?: number };
    if (event.type === 'progress' && event.elapsedMs !== undefined) return event.elapsedMs / 1000;
  }
  throw new Error('the run told no progress');
}
