import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runSession } from '../../../src/engine/session';
import type { EngineEvent, FinishedEvent } from '../../../src/protocol/events';

const EXAMPLES = path.resolve(import.meta.dirname, '../../../examples');

export function exampleText(name: string): string {
  return readFileSync(path.join(EXAMPLES, `${name}.recovery.json`), 'utf8');
}

/** What the engine says of the text of an experiment, in this thread; nothing is written. */
export async function eventsOf(
  text: string,
  fileName = 'test.recovery.json',
): Promise<{ exitCode: number; events: EngineEvent[] }> {
  const events: EngineEvent[] = [];
  const exitCode = await runSession({
    text,
    fileName,
    outFolder: null,
    report: false,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    log: () => undefined,
  });
  return { exitCode, events };
}

/** Runs the text of an experiment to its summary. */
export async function runText(text: string): Promise<{ exitCode: number; events: EngineEvent[]; finished: FinishedEvent }> {
  const { exitCode, events } = await eventsOf(text);
  const last = events[events.length - 1];
  if (last.type !== 'finished') throw new Error(JSON.stringify(last));
  return { exitCode, events, finished: last };
}
