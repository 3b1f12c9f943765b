import * as vscode from 'vscode';
import { COMMANDS } from '../commands/names';
import type { Services } from '../services';
import { resumeRun } from '../tree/resumeRun';
import { openCell } from './cellTrials';
import { saveExport } from './exports';
import type { PanelAction } from './runPanels';

const PANEL_COMMANDS: Record<Exclude<PanelAction['type'], 'save' | 'copy' | 'resume' | 'openCell'>, string> = {
  stop: COMMANDS.stop,
  runAgain: COMMANDS.run,
  showLog: COMMANDS.showLog,
  openReport: COMMANDS.openReport,
  revealFile: 'vscode.open',
};

/** The run that a panel shows: its file, and its folder where it has one. */
export interface ShownRun {
  file: vscode.Uri;
  folder?: vscode.Uri;
}

/** Does what a person asked for in the panel of a run. */
export async function panelAction({ file: uri, folder }: ShownRun, action: PanelAction, services: Services): Promise<void> {
  const { notifications, log } = services;
  try {
    if (action.type === 'resume') await resumeRun(services, { file: uri.toString(), folder: folder?.toString() });
    else if (action.type === 'save') await saveExport(uri, action);
    else if (action.type === 'copy') await vscode.env.clipboard.writeText(action.text);
    else if (action.type === 'openCell') await openCell(uri, action.runFolder, action.cell, action.trial);
    else await vscode.commands.executeCommand(PANEL_COMMANDS[action.type], uri);
  } catch (error) {
    log.error(error);
    await notifications.failed(error instanceof Error ? error.message : String(error));
  }
}
