import * as vscode from 'vscode';
import type { RunLog } from './runs/runLog';

/**
 * Every message that interrupts a person goes through here. Rules: only what cannot be seen elsewhere, one at a time, none
 * for the success of something that is visible anyway, and never modal.
 */
export class Notifications {
  constructor(private readonly log: RunLog) {}

  /** Something could not be done; the log may say more. */
  async failed(message: string): Promise<void> {
    const showLog = vscode.l10n.t('Show Log');
    if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) this.log.show();
  }

  /** Something was asked for that makes no sense here; says what to do instead. */
  refused(message: string): void {
    void vscode.window.showWarningMessage(message);
  }

  information(message: string): void {
    void vscode.window.showInformationMessage(message);
  }

  /** Something was done that can be taken back. */
  async undoable(message: string, undo: () => Promise<void>): Promise<void> {
    const label = vscode.l10n.t('Undo');
    if ((await vscode.window.showInformationMessage(message, label)) !== label) return;
    try {
      await undo();
    } catch (error) {
      this.log.error(error);
      await this.failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Nothing runs in a window without a machine for it. */
  noRunsHere(): void {
    this.refused(
      vscode.l10n.t(
        'Experiments do not run in this window: a browser alone can start no engine. Open the folder in VS Code on a computer, or in one that is served by a computer, to run them.',
      ),
    );
  }

  /** Training is refused in Restricted Mode: it costs time and writes files. */
  async restricted(): Promise<void> {
    const manage = vscode.l10n.t('Manage Workspace Trust');
    const message = vscode.l10n.t(
      'Experiments do not run in Restricted Mode: a run takes processor time and writes files beside the experiment. Trust this workspace to run them.',
    );
    if ((await vscode.window.showWarningMessage(message, manage)) === manage)
      await vscode.commands.executeCommand('workbench.trust.manage');
  }
}
