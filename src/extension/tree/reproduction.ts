import * as vscode from 'vscode';
import { howToReproduce } from '../../protocol/reproduce';
import type { RunEntry } from './runEntry';

/** How to get the numbers of a run again. */
export function reproduction({ file, fileName, folder, title, hash, seed, engine, stale }: RunEntry): string {
  const uri = file === undefined ? undefined : vscode.Uri.parse(file);
  const run = folder === undefined ? undefined : vscode.Uri.parse(folder);
  const kept = stale && run ? vscode.Uri.joinPath(run, 'experiment.json').fsPath : undefined;
  return howToReproduce({
    file: uri?.scheme === 'file' ? uri.fsPath : fileName,
    title,
    engine,
    hash,
    seed,
    runFolder: run?.fsPath ?? null,
    ...(kept ? { note: vscode.l10n.t('The file has changed since; what ran is in {0}', kept) } : {}),
  });
}
