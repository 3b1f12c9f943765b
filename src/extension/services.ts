import type { ExperimentDiagnostics } from './experiments/experimentDiagnostics';
import type { ExperimentDocuments } from './experiments/experimentDocuments';
import type { Notifications } from './notifications';
import type { RunPanels } from './panels/runPanels';
import type { Reports } from './reports/reports';
import type { RunLog } from './runs/runLog';
import type { Runs } from './runs/runs';
import type { SpokenWords } from './spokenWords';

/** What commands work with. */
export interface Services {
  log: RunLog;
  notifications: Notifications;
  words: SpokenWords;
  reports: Reports;
  experiments: ExperimentDocuments;
  diagnostics: ExperimentDiagnostics;
  runs: Runs;
  panels: Pick<RunPanels, 'show'>;
}
