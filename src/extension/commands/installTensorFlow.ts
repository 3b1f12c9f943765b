import * as os from 'node:os';
import * as vscode from 'vscode';
import type { EngineLocation } from '../engineLocation';
import { EngineProcess } from '../runs/engineProcess';
import { stopByLadder } from '../runs/stopLadder';
import type { Services } from '../services';

/** Has the engine install TensorFlow into the extension's storage; what npm says goes into the log. */
export async function installTensorFlow({ log, notifications }: Services, engine: EngineLocation): Promise<void> {
  const title = vscode.l10n.t('Installing TensorFlow with npm (about 1 GB)');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const last: string[] = [];
  const { code, cancelled } = await vscode.window.withProgress(options, async (progress, token) => {
    const tell = (line: string) => {
      log.information(`TensorFlow: ${line}`);
      last.push(line);
      progress.report({ message: line.slice(0, 80) });
    };
    const program = engine.start(['tensorflow', 'install'], os.homedir());
    log.command('TensorFlow', program);
    const installing = new EngineProcess(program);
    installing.listen({ onValue: () => undefined, onUnreadable: tell, onStderr: tell });
    token.onCancellationRequested(() => void stopByLadder(installing));
    const exit = await installing.stopped;
    return { code: exit.code, cancelled: token.isCancellationRequested };
  });
  if (cancelled) return;
  if (code === 0) notifications.information(vscode.l10n.t('TensorFlow is installed: "backend": "tensorflow" trains in it.'));
  else {
    const reason = last.find((line) => line.startsWith('recovery: '))?.slice('recovery: '.length);
    await notifications.failed(reason ?? vscode.l10n.t('TensorFlow was not installed; the log says why.'));
  }
}
