/** Every command of the extension; package.json contributes the same, and a test compares them. */
export const COMMANDS = {
  run: 'recoveryLab.run',
  runCell: 'recoveryLab.runCell',
  stop: 'recoveryLab.stop',
  stopAll: 'recoveryLab.stopAll',
  showResults: 'recoveryLab.showResults',
  openReport: 'recoveryLab.openReport',
  check: 'recoveryLab.check',
  newExperiment: 'recoveryLab.newExperiment',
  openExample: 'recoveryLab.openExample',
  installTensorFlow: 'recoveryLab.installTensorFlow',
  showLog: 'recoveryLab.showLog',
} as const;

export type CommandName = keyof typeof COMMANDS;
