import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../disposable';
import type { Gallery } from '../experiments/gallery';
import type { Services } from '../services';
import { checkExperiment } from './checkExperiment';
import { chooseCell } from './chooseCell';
import { COMMANDS, type CommandName } from './names';
import { newExperiment } from './newExperiment';
import { openExample } from './openExample';
import { runExperiment } from './runExperiment';
import { openReport, showResults } from './showResults';
import { showRuns } from './showRuns';
import { targetUri } from './target';

/** What is given to a command: what it is about, and everything that is selected. */
export type Handler = (given: unknown, all: unknown) => Promise<void>;

/** Commands about files and runs; those about a file take its URI, or mean the active editor. */
export function fileHandlers(services: Services, gallery: Gallery) {
  const { notifications, runs, log } = services;
  const onFile = (action: (uri: vscode.Uri) => Promise<void>) => async (given: unknown) => {
    const uri = await targetUri(given, (message) => notifications.refused(message));
    if (uri) await action(uri);
  };
  return {
    run: onFile((uri) => runExperiment(services, uri)),
    runCell: onFile((uri) => runExperiment(services, uri, chooseCell)),
    stop: onFile((uri) => runs.stop(uri)),
    stopAll: () => runs.stopAll(),
    showRuns: () => showRuns(services),
    showResults: onFile((uri) => showResults(services, uri)),
    openReport: onFile((uri) => openReport(services, uri)),
    check: onFile((uri) => checkExperiment(services, uri)),
    newExperiment: () => newExperiment(services, gallery),
    openExample: () => openExample(gallery),
    showLog: () => Promise.resolve(log.show()),
  } satisfies Partial<Record<CommandName, Handler>>;
}

/** Registers every command. */
export function registerCommands({ log, notifications }: Services, handlers: Record<CommandName, Handler>): Disposable {
  const store = new DisposableStore();
  for (const [name, handler] of Object.entries(handlers) as [CommandName, Handler][]) {
    const guarded = async (given: unknown, all: unknown) => {
      try {
        await handler(given, all);
      } catch (error) {
        log.error(error);
        await notifications.failed(error instanceof Error ? error.message : String(error));
      }
    };
    store.add(vscode.commands.registerCommand(COMMANDS[name], guarded));
  }
  return store;
}
