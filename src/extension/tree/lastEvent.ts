import type * as vscode from 'vscode';
import { readTail } from '../localFiles';

/** Enough for the last line of a run without results, which is short. */
const TAIL_BYTES = 64 * 1024;

/** The last event of an `events.jsonl` that ends with a whole line; undefined for any other file. */
export async function lastEvent(file: vscode.Uri): Promise<unknown> {
  try {
    const text = await readTail(file, TAIL_BYTES);
    const line = text.endsWith('\n') ? text.trimEnd().split('\n').pop() : undefined;
    return line === undefined ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
