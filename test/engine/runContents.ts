import fs from 'node:fs';
import path from 'node:path';
import type { EngineEvent } from '../../src/protocol/events';
import { readEvents } from './engine';

export const read = (run: string, name: string): string => fs.readFileSync(path.join(run, name), 'utf8');
export const eventsOf = (run: string): EngineEvent[] => readEvents(read(run, 'events.jsonl'));

/** The report without what no two runs share: when it was made, how long it took, and where it lies. */
export function timeless(run: string): string {
  return read(run, 'report.html')
    .replaceAll(run, 'RUN')
    .replace(/"resumed":\{[^}]*\},?/, '')
    .replace(/,\}/g, '}')
    .replace(/"(startedAt|elapsedMs|remainingMs|workers)":(\d+|null)/g, '"$1":0')
    .replace(/"id":"\d+"/, '"id":"0"');
}

/** What a run said about its cells, in an order that does not depend on which was finished first. */
export function measured(run: string): string[] {
  const kinds = new Set(['cell', 'spectrum', 'rank', 'verdict']);
  const curves = new Map<string, unknown[]>();
  const lines: string[] = [];
  for (const event of eventsOf(run)) {
    if (kinds.has(event.type)) lines.push(JSON.stringify(event));
    // A curve may come in other pieces.
    if (event.type === 'curve') {
      const id = `${event.sampleSize}/${event.trial}`;
      const points = event.steps.map((step, i) => [step, event.losses[i]]);
      curves.set(id, [...(curves.get(id) ?? []), ...points]);
    }
  }
  return [...lines, ...[...curves].map((curve) => JSON.stringify(curve))].sort();
}
