import type * as vscode from 'vscode';
import { readText } from './files';

// Twin of `localFiles.ts` for the web extension: a browser has no files of its own.

/** The text of a file. */
export async function* readPieces(file: vscode.Uri): AsyncGenerator<string> {
  yield await readText(file);
}

/** The text of a file, which has its end. */
export const readTail = (file: vscode.Uri): Promise<string> => readText(file);
