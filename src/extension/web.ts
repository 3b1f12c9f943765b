import * as vscode from 'vscode';
import { fileHandlers, registerCommands } from './commands/registerCommands';
import { ContextKeys } from './contextKeys';
import { DisposableStore } from './disposable';
import { ExperimentCodeLenses } from './experiments/codeLenses';
import { ExperimentDiagnostics } from './experiments/experimentDiagnostics';
import { ExperimentDocuments } from './experiments/experimentDocuments';
import { Gallery } from './experiments/gallery';
import { PredictionHovers } from './experiments/hovers';
import { ExperimentInlayHints } from './experiments/inlayHints';
import { QuickFixes } from './experiments/quickFixes';
import { Notifications } from './notifications';
import { panelAction, type ShownRun } from './panels/panelActions';
import { PanelPages } from './panels/panelPages';
import { PanelViews } from './panels/panelViews';
import type { PanelAction } from './panels/runPanels';
import { Reports } from './reports/reports';
import { NoRuns } from './runs/noRuns';
import { RunLog } from './runs/runLog';
import { TrainingTimes } from './runs/trainingTimes';
import type { Services } from './services';
import { SpokenWords } from './spokenWords';
import { createRunsView } from './tree/createRunsView';

/**
 * The extension in a browser without a machine behind it: files are explained, judged and predicted, and runs on disk can be
 * seen; nothing can be run, which lens and commands say.
 */
export function activate(context: vscode.ExtensionContext): void {
  const store = new DisposableStore();
  const log = store.add(new RunLog());
  const notifications = new Notifications(log);
  const words = new SpokenWords(vscode.l10n.bundle);
  const experiments = store.add(new ExperimentDocuments({ theoryProgram: '', words, onBug: (error) => log.error(error) }));
  const diagnostics = store.add(new ExperimentDiagnostics(experiments, words));
  const runs = new NoRuns();
  const reports = new Reports(notifications, words, context.globalStorageUri);
  const panels = { show: () => undefined };
  const services: Services = { log, notifications, words, reports, experiments, diagnostics, runs, panels };
  const onPanelAction = (shown: ShownRun, action: PanelAction) => void panelAction(shown, action, services);
  const pages = new PanelPages(context.extensionUri, words);
  const views = new PanelViews(context.workspaceState);
  const runsView = store.add(createRunsView(context, services, { folders: () => [] }, pages, views, onPanelAction));
  store.add(new ExperimentInlayHints(experiments, new TrainingTimes(context.workspaceState)));
  store.add(new ExperimentCodeLenses(experiments, runs, diagnostics));
  store.add(QuickFixes.register(experiments, runs, diagnostics));
  store.add(PredictionHovers.register(experiments));
  const refuse = () => Promise.resolve(notifications.noRunsHere());
  const handlers = {
    ...fileHandlers(services, new Gallery(context.extensionUri)),
    ...runsView.handlers,
    installTensorFlow: refuse,
  };
  store.add(registerCommands(services, handlers));
  const keys = new ContextKeys();
  keys.set('viewingOnly', true);
  experiments.start();
  context.subscriptions.push(store);
}
