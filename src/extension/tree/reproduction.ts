import * as path from 'node:path';
import * as vscode from 'vscode';
import { shellWord } from '../runs/runLog';
import type { RunEntry } from './runEntry';

/** How to get the numbers of a run again: a command for a shell, with what it depends on as comments. */
export function reproduction({ file, fileName, folder, title, hash, seed, engine, stale }: RunEntry): string {
  const uri = file === undefined ? undefined : vscode.Uri.parse(file);
  const kept = folder === undefined ? undefined : path.join(vscode.Uri.parse(folder).fsPath, 'experiment.json');
  return [
    `# ${title || fileName}: hash ${hash ?? '?'}, seed ${seed ?? '?'}, engine ${engine ?? '?'}`,
    ...(stale && kept ? [`# ${vscode.l10n.t('The file has changed since; what ran is in {0}', kept)}`] : []),
    `recovery run ${shellWord(uri?.scheme === 'file' ? uri.fsPath : fileName)}`,
    '',
  ].join('\n');
}
