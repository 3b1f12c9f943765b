import * as vscode from 'vscode';
import type { ExecutionConfig } from '../experiment/schema/execution';

/** Section of all settings, and prefix of commands and context keys. */
export const SECTION = 'recoveryLab';

/** The settings of the extension; package.json declares them with the same names. */
export interface Settings {
  /** Worker threads of a run; 0 means one for each core. */
  workers: number;
  /** Seconds after which a training on its way is saved, again and again; 0 means never. */
  checkpointSeconds: number;
  /** Runs at work at the same time; 0 means by the number of cores. */
  maxConcurrentRuns: number;
  /** Whether lenses stand over experiment files. */
  codeLens: boolean;
  /** Whether predictions stand at the values that they are about. */
  inlayHints: boolean;
  /** Where runs are done. */
  executor: 'local' | 'slurm';
  /** How Slurm is used, as the `execution` block of a file says it, which comes after this. */
  'slurm.options': ExecutionConfig;
  /** Shell lines before the engine starts in a task; never of a workspace. */
  'slurm.setup': readonly string[];
  /** The Node.js of tasks; never of a workspace. Empty for the one that runs the engine. */
  'slurm.node': string;
  /** Whether an engine waits for the next run while an experiment is open. */
  keepEngineReady: boolean;
  /** Whether a run opens its panel. */
  openPanelOnRun: boolean;
}

export function readSetting<K extends keyof Settings>(name: K, scope?: vscode.Uri): Settings[K] {
  const value = vscode.workspace.getConfiguration(SECTION, scope).get<Settings[K]>(name);
  if (value === undefined) throw new Error(`package.json declares no setting ${SECTION}.${name}`);
  return value;
}
