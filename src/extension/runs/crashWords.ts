import * as vscode from 'vscode';
import type { EngineExit } from './stopLadder';

/** Lines of stderr that go with the words about a crash. */
export const STDERR_LINES = 20;

/** Says how an engine ended that gave no result, with what it said last. */
export function crashWords({ code, signal, error }: EngineExit, lastStderr: readonly string[]): string {
  if (error) return vscode.l10n.t('The engine could not be started: {0}', error.message);
  const end = signal
    ? vscode.l10n.t('The engine was ended by {0} before it had a result.', signal)
    : vscode.l10n.t('The engine ended with exit code {0} before it had a result.', String(code));
  if (lastStderr.length === 0) return end;
  return [end, vscode.l10n.t('Its last words:'), ...lastStderr].join('\n');
}
