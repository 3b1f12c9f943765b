import type * as vscode from 'vscode';
import type { ExecutorChoice } from '../../protocol/events';
import { readSetting } from '../configuration';

/**
 * Where a file is to be run by the settings. Setup lines and Node.js are told in any case: a run that was begun on Slurm goes on
 * there, whatever the setting says now.
 */
export function executorChoice(uri: vscode.Uri): ExecutorChoice {
  const isSlurm = readSetting('executor', uri) === 'slurm';
  const setup = readSetting('slurm.setup', uri);
  const node = readSetting('slurm.node', uri);
  return {
    ...(isSlurm ? { executor: 'slurm' } : {}),
    slurm: { ...(isSlurm ? readSetting('slurm.options', uri) : {}), setup, ...(node === '' ? {} : { node }) },
  };
}
