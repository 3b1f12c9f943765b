import * as vscode from 'vscode';
import { COMMANDS } from '../commands/names';
import type { Notifications } from '../notifications';
import type { RunLog } from '../runs/runLog';
import { saveExport } from './exports';
import type { PanelAction } from './runPanels';

const PANEL_COMMANDS: Record<Exclude<PanelAction['type'], 'save' | 'copy'>, string> = {
  stop: COMMANDS.stop,
  runAgain: COMMANDS.run,
  showLog: COMMANDS.showLog,
  openReport: COMMANDS.openReport,
  revealFile: 'vscode.open',
};

/** Does what a person asked for in the panel of a file. */
export async function panelAction(
  uri: vscode.Uri,
  action: PanelAction,
  { notifications, log }: { notifications: Notifications; log: RunLog },
): Promise<void> {
  try {
    if (action.type === 'save') await saveExport(uri, action);
    else if (action.type === 'copy') await vscode.env.clipboard.writeText(action.text);
    else await vscode.commands.executeCommand(PANEL_COMMANDS[action.type], uri);
  } catch (error) {
    log.error(error);
    await notifications.failed(error instanceof Error ? error.message : String(error));
  }
}
