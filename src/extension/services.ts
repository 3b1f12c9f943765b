import type { EngineLocation } from './engineLocation';
import type { ExperimentDiagnostics } from './experiments/experimentDiagnostics';
import type { ExperimentDocuments } from './experiments/experimentDocuments';
import type { Notifications } from './notifications';
import type { RunPanels } from './panels/runPanels';
import type { RunLog } from './runs/runLog';
import type { RunManager } from './runs/runManager';

/** What commands work with. */
export interface Services {
  log: RunLog;
  notifications: Notifications;
  experiments: ExperimentDocuments;
  diagnostics: ExperimentDiagnostics;
  runs: RunManager;
  panels: RunPanels;
  engine: EngineLocation;
}
