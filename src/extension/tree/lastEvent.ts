import { open, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';

/** Enough for the last line of a run without results, which is short. */
const TAIL_BYTES = 64 * 1024;

/** The last event of an `events.jsonl` that ends with a whole line; undefined for any other file. */
export async function lastEvent(file: vscode.Uri): Promise<unknown> {
  try {
    const text = await tail(file);
    const line = text.endsWith('\n') ? text.trimEnd().split('\n').pop() : undefined;
    return line === undefined ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function tail(file: vscode.Uri): Promise<string> {
  if (file.scheme !== 'file') return Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
  const handle = await open(file.fsPath);
  try {
    const { size } = await handle.stat();
    if (size <= TAIL_BYTES) return await readFile(file.fsPath, 'utf8');
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, size - TAIL_BYTES);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
