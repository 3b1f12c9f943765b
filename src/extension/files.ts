import * as vscode from 'vscode';

/** The text of a file, wherever it is. */
export async function readText(file: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

/** Text as UTF-8, or what it says in base64. */
export function bytesOf(content: string, encoding: 'utf8' | 'base64' = 'utf8'): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(content);
  return Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
}
