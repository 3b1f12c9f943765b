import * as path from 'node:path';
import * as vscode from 'vscode';
import { howToReproduce } from '../../protocol/reproduce';
import type { RunEntry } from './runEntry';

/** How to get the numbers of a run again. */
export function reproduction({ file, fileName, folder, title, hash, seed, engine, stale }: RunEntry): string {
  const uri = file === undefined ? undefined : vscode.Uri.parse(file);
  const runFolder = folder === undefined ? null : vscode.Uri.parse(folder).fsPath;
  const kept = stale && runFolder !== null ? path.join(runFolder, 'experiment.json') : undefined;
  return howToReproduce({
    file: uri?.scheme === 'file' ? uri.fsPath : fileName,
    title,
    engine,
    hash,
    seed,
    runFolder,
    ...(kept ? { note: vscode.l10n.t('The file has changed since; what ran is in {0}', kept) } : {}),
  });
}
