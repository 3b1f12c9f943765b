import * as vscode from 'vscode';
import { PROTOCOL_VERSION } from '../../protocol/events';

/** Says that engine and extension do not understand each other, and what to do. */
export function protocolWords(spoken: number | undefined): string {
  return spoken === undefined
    ? vscode.l10n.t('The engine did not say which protocol it speaks. Reinstall the extension: its parts do not belong together.')
    : vscode.l10n.t(
        'The engine speaks protocol {0}; this extension understands protocol {1}. Reinstall the extension: its parts do not belong together.',
        spoken,
        PROTOCOL_VERSION,
      );
}
