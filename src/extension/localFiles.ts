import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { readText } from './files';

/** The text of a file in pieces; a file of this machine, which may be long, is never in memory as a whole. */
export async function* readPieces(file: vscode.Uri): AsyncGenerator<string> {
  if (file.scheme !== 'file') return yield await readText(file);
  for await (const piece of createReadStream(file.fsPath, { encoding: 'utf8' })) yield String(piece);
}

/** The end of a file, of at most `bytes` bytes for a file of this machine. */
export async function readTail(file: vscode.Uri, bytes: number): Promise<string> {
  if (file.scheme !== 'file') return readText(file);
  const handle = await open(file.fsPath);
  try {
    const { size } = await handle.stat();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, size - bytes));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
