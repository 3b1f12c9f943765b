import * as vscode from 'vscode';
import { resultNames, type SortKey } from './runEntry';
import type { RunList } from './runList';
import { sortWords } from './runWords';
import type { RunsView } from './runsView';

/** Filters the view while the person types; Escape brings the filter back that was there before. */
export function filterRuns(view: RunsView): Promise<void> {
  const before = view.filter;
  const input = vscode.window.createInputBox();
  input.title = vscode.l10n.t('Filter Runs');
  input.placeholder = vscode.l10n.t('Words in file, title, state, hash or results, such as recoveredFrom=7');
  input.value = before;
  return new Promise((resolve) => {
    let accepted = false;
    input.onDidChangeValue((text) => view.setFilter(text));
    input.onDidAccept(() => {
      accepted = true;
      input.hide();
    });
    input.onDidHide(() => {
      if (!accepted) view.setFilter(before);
      input.dispose();
      resolve();
    });
    input.show();
  });
}

/** Asks for the order: date, verdict, or any result that some run has. */
export async function sortRuns(view: RunsView, list: RunList): Promise<void> {
  const results = resultNames(list.entries()).map((name): SortKey => `result:${name}`);
  const item = (sort: SortKey, description?: string) => ({
    label: sortWords(sort),
    description: sort === view.sort ? vscode.l10n.t('current') : description,
    sort,
  });
  const chosen = await vscode.window.showQuickPick(
    [
      item('time', vscode.l10n.t('latest first')),
      item('verdict', vscode.l10n.t('what failed first')),
      ...results.map((sort) => item(sort, vscode.l10n.t('smallest first'))),
    ],
    { title: vscode.l10n.t('Sort Runs By') },
  );
  if (chosen) await view.setSort(chosen.sort);
}
