import * as vscode from 'vscode';
import { installTensorFlow } from './commands/installTensorFlow';
import { fileHandlers, registerCommands } from './commands/registerCommands';
import { DisposableStore } from './disposable';
import { EngineLocation } from './engineLocation';
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
import { RunPanels, type PanelAction } from './panels/runPanels';
import { Reports } from './reports/reports';
import { ReadyEngine } from './runs/readyEngine';
import { keepRunContextKeys } from './runs/runContextKeys';
import { RunHistory } from './runs/runHistory';
import { RunLog } from './runs/runLog';
import { RunManager } from './runs/runManager';
import { reportOutcomes } from './runs/runOutcome';
import { keepRunsReady } from './runs/runReadiness';
import { RunStatusBar } from './runs/runStatusBar';
import { learnTimes, TrainingTimes } from './runs/trainingTimes';
import { SpokenWords } from './spokenWords';
import { ExpectationTests } from './tests/expectationTests';
import type { Services } from './services';
import { createRunsView } from './tree/createRunsView';
import { testingApi, type TestingApi } from './testingApi';

/** Wires the parts together; each of them owns its state. */
export function activate(context: vscode.ExtensionContext): TestingApi | undefined {
  const store = new DisposableStore();
  const words = new SpokenWords(vscode.l10n.bundle);
  const engine = new EngineLocation(context.asAbsolutePath('dist/recovery.js'), context.globalStorageUri);
  const log = store.add(new RunLog());
  const notifications = new Notifications(log);
  const experiments = store.add(
    new ExperimentDocuments({
      theoryProgram: context.asAbsolutePath('dist/theory.js'),
      words,
      onBug: (error) => log.error(error),
    }),
  );
  const history = new RunHistory(context.workspaceState, context.storageUri);
  const ready = store.add(new ReadyEngine());
  const runs = store.add(new RunManager(engine, ready, log, history));
  const diagnostics = store.add(new ExperimentDiagnostics(experiments, words));
  const pages = new PanelPages(context.extensionUri, words);
  const views = new PanelViews(context.workspaceState);
  const onPanelAction = (shown: ShownRun, action: PanelAction) => void panelAction(shown, action, services);
  const panels = store.add(new RunPanels(pages, runs, history, views, onPanelAction));
  const reports = new Reports(notifications, words, context.globalStorageUri);
  const services: Services = { log, notifications, words, reports, experiments, diagnostics, runs, panels };
  const runsView = store.add(createRunsView(context, services, history, pages, views, onPanelAction));
  const times = new TrainingTimes(context.workspaceState);
  const hints = store.add(new ExperimentInlayHints(experiments, times));
  store.add(new ExperimentCodeLenses(experiments, runs, diagnostics));
  store.add(QuickFixes.register(experiments, runs, diagnostics));
  store.add(PredictionHovers.register(experiments));
  store.add(new RunStatusBar(runs));
  store.add(keepRunsReady({ ready, engine, pages }, runs));
  store.add(keepRunContextKeys(runs, diagnostics));
  store.add(
    learnTimes(
      runs,
      times,
      () => hints.refresh(),
      (error) => log.error(error),
    ),
  );
  store.add(reportOutcomes(runs, experiments, diagnostics, notifications, words));
  const tests = store.add(new ExpectationTests(experiments, runs, words));
  const handlers = {
    ...fileHandlers(services, new Gallery(context.extensionUri)),
    ...runsView.handlers,
    installTensorFlow: () => installTensorFlow(services, engine),
  };
  store.add(registerCommands(services, handlers));
  experiments.start();
  context.subscriptions.push(store);
  return testingApi(context, runs, runsView, tests, engine);
}
