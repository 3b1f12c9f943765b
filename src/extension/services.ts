import type { ExperimentDiagnostics } from './experiments/experimentDiagnostics';
import type { ExperimentDocuments } from './experiments/experimentDocuments';
import type { Notifications } from './notifications';
import type { RunPanels } from './panels/runPanels';
import type { RunLog } from './runs/runLog';
import type { Runs } from './runs/runs';

/** What commands work with. */
export interface Services {
  log: RunLog;
  notifications: Notifications;
  experiments: ExperimentDocuments;
  diagnostics: ExperimentDiagnostics;
  runs: Runs;
  panels: Pick<RunPanels, 'show'>;
}
