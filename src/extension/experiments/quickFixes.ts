import * as vscode from 'vscode';
import { toRange } from './diagnosticList';
import type { ExperimentDocuments } from './experimentDocuments';
import { EXPERIMENT_SELECTOR } from './experimentFile';

/** Offers the nearest valid name for a misspelt one. */
export class QuickFixes implements vscode.CodeActionProvider {
  constructor(private readonly experiments: ExperimentDocuments) {}

  static register(experiments: ExperimentDocuments): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(EXPERIMENT_SELECTOR, new QuickFixes(experiments), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const { problems } = this.experiments.of(document).analysis.parsed;
    return problems.flatMap((problem) => {
      const place = toRange(problem.range);
      if (problem.suggestion === undefined || !place.intersection(range)) return [];
      const action = new vscode.CodeAction(vscode.l10n.t('Change to "{0}"', problem.suggestion), vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, place, quotedLike(document.getText(place), problem.suggestion));
      action.diagnostics = context.diagnostics.filter(({ code, range: at }) => code === problem.code && at.isEqual(place));
      action.isPreferred = true;
      return [action];
    });
  }
}

/** Names stand in quotes in the file; a range may hold the quotes or only what is between them. */
function quotedLike(replaced: string, name: string): string {
  return replaced.startsWith('"') ? JSON.stringify(name) : name;
}
