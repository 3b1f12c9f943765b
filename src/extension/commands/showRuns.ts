import * as vscode from 'vscode';
import { baseName } from '../experiments/experimentFile';
import { progressWords } from '../runs/progressWords';
import type { Services } from '../services';

interface RunPick extends vscode.QuickPickItem {
  uri?: vscode.Uri;
}

/** Lists the runs at work and in the queue while they go on: Enter shows one, its button stops it. */
export function showRuns({ runs, panels, notifications }: Services): Promise<void> {
  if (runs.active().length === 0) {
    notifications.information(vscode.l10n.t('Nothing is running.'));
    return Promise.resolve();
  }
  const pick = vscode.window.createQuickPick<RunPick>();
  pick.title = vscode.l10n.t('Runs');
  pick.placeholder = vscode.l10n.t('Choose a run to see its results');
  const stop = { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: vscode.l10n.t('Stop') };
  const remove = { iconPath: new vscode.ThemeIcon('close'), tooltip: vscode.l10n.t('Remove from queue') };
  const stopAll: RunPick = { label: `$(debug-stop) ${vscode.l10n.t('Stop all runs')}`, alwaysShow: true };
  let shown = '';
  const refresh = () => {
    const active = runs.active();
    if (active.length === 0) return pick.hide();
    const items = active.map(({ uri, run }): RunPick => ({
      label: `$(${run.activity === 'queued' ? 'clock' : 'loading~spin'}) ${baseName(uri)}`,
      description: progressWords(run.record),
      buttons: run.activity === 'stopping' ? [] : [run.activity === 'queued' ? remove : stop],
      uri,
    }));
    const words = items.map(({ label, description }) => `${label} ${description}`).join('\n');
    if (words === shown) return;
    shown = words;
    const place = pick.activeItems[0]?.uri?.toString();
    pick.keepScrollPosition = true;
    pick.items = [...items, { label: '', kind: vscode.QuickPickItemKind.Separator }, stopAll];
    // The same run stays chosen while its words change.
    const same = items.find(({ uri }) => uri?.toString() === place);
    if (same) pick.activeItems = [same];
  };
  const listeners = [runs.onDidChangeState(refresh), runs.onEvent(refresh)];
  pick.onDidTriggerItemButton(({ item }) => item.uri && void runs.stop(item.uri));
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    pick.hide();
    if (item === stopAll) void runs.stopAll();
    else if (item?.uri) panels.show(item.uri);
  });
  return new Promise((resolve) => {
    pick.onDidHide(() => {
      listeners.forEach((listener) => listener.dispose());
      pick.dispose();
      resolve();
    });
    refresh();
    pick.show();
  });
}
