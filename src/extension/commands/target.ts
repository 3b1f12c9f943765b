import * as vscode from 'vscode';
import { isExperimentUri } from '../experiments/experimentFile';

/**
 * The file that a command is about: the one it was given (by a lens, a menu, a panel), else the experiment in the active
 * editor. Undefined, with words to the person, when there is none.
 */
export function targetUri(given: unknown, refused: (message: string) => void): vscode.Uri | undefined {
  const uri = given instanceof vscode.Uri ? given : activeExperiment();
  if (uri && isExperimentUri(uri)) return uri;
  refused(vscode.l10n.t('Open an experiment (a file that ends in .recovery.json) first.'));
  return undefined;
}

export function activeExperiment(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && isExperimentUri(uri) ? uri : undefined;
}
