/** Every command of the extension; package.json contributes the same, and a test compares them. */
export const COMMANDS = {
  run: 'recoveryLab.run',
  runCell: 'recoveryLab.runCell',
  stop: 'recoveryLab.stop',
  stopAll: 'recoveryLab.stopAll',
  showRuns: 'recoveryLab.showRuns',
  showResults: 'recoveryLab.showResults',
  openReport: 'recoveryLab.openReport',
  check: 'recoveryLab.check',
  newExperiment: 'recoveryLab.newExperiment',
  openExample: 'recoveryLab.openExample',
  installTensorFlow: 'recoveryLab.installTensorFlow',
  showLog: 'recoveryLab.showLog',
  openRun: 'recoveryLab.openRun',
  openRunReport: 'recoveryLab.openRunReport',
  openRunFile: 'recoveryLab.openRunFile',
  revealRunFolder: 'recoveryLab.revealRunFolder',
  runFileAgain: 'recoveryLab.runFileAgain',
  resumeRun: 'recoveryLab.resumeRun',
  stopRun: 'recoveryLab.stopRun',
  compareRuns: 'recoveryLab.compareRuns',
  copyReproduction: 'recoveryLab.copyReproduction',
  pinRun: 'recoveryLab.pinRun',
  unpinRun: 'recoveryLab.unpinRun',
  deleteRun: 'recoveryLab.deleteRun',
  filterRuns: 'recoveryLab.filterRuns',
  clearRunsFilter: 'recoveryLab.clearRunsFilter',
  sortRuns: 'recoveryLab.sortRuns',
  refreshRuns: 'recoveryLab.refreshRuns',
} as const;

/** Commands of the view of runs. */
export type RunsCommandName =
  | 'openRun'
  | 'openRunReport'
  | 'openRunFile'
  | 'revealRunFolder'
  | 'runFileAgain'
  | 'resumeRun'
  | 'stopRun'
  | 'compareRuns'
  | 'copyReproduction'
  | 'pinRun'
  | 'unpinRun'
  | 'deleteRun'
  | 'filterRuns'
  | 'clearRunsFilter'
  | 'sortRuns'
  | 'refreshRuns';

export type CommandName = keyof typeof COMMANDS;
