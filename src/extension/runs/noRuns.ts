import * as vscode from 'vscode';
import type { Runs } from './runs';

const none: vscode.Event<never> = () => new vscode.Disposable(() => undefined);

/** The runs of a window that cannot run anything: there are none, and there never will be. */
export class NoRuns implements Runs {
  readonly canRun = false;
  readonly onDidStart = none;
  readonly onDidChangeState = none;
  readonly onEvent = none;
  readonly onDidEnd = none;
  readonly onDidRecall = none;
  readonly start = refuse;
  readonly resume = refuse;

  activity() {
    return 'idle' as const;
  }
  active() {
    return [];
  }
  latest() {
    return [];
  }
  hasResults() {
    return false;
  }
  record() {
    return undefined;
  }
  restoredRecord() {
    return undefined;
  }
  recall() {
    return Promise.resolve(undefined);
  }
  stop() {
    return Promise.resolve();
  }
  stopAll() {
    return Promise.resolve();
  }
  dispose(): void {
    // There is nothing to end.
  }
}

function refuse(): never {
  throw new Error('nothing runs in a browser');
}
