import * as vscode from 'vscode';
import { SECTION } from './configuration';

/** Context keys that package.json uses in `when` and `enablement`. */
export type ContextKeyName = 'running' | 'fileRunning' | 'fileHasResults' | 'fileJudged' | 'runsFiltered' | 'viewingOnly';

/** Writes context keys, and only when they change. */
export class ContextKeys {
  private readonly written = new Map<ContextKeyName, boolean>();

  set(name: ContextKeyName, value: boolean): void {
    if (this.written.get(name) === value) return;
    this.written.set(name, value);
    void vscode.commands.executeCommand('setContext', `${SECTION}.${name}`, value);
  }
}
