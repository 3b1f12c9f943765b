import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Errors } from '@sinclair/typebox/errors';
import { ExecutionSchema } from '../../experiment/schema/execution';
import type { ClusterChoice } from '../../protocol/events';
import { EngineError, EXIT } from '../errors';
import { NODE_SCRATCH } from './scratch';

/** Folder of a run folder with all that tasks of a cluster read and write. */
export const SLURM_FOLDER = 'slurm';

export const SETTINGS_FILE = 'settings.json';

export interface SlurmSettings extends ClusterChoice {
  /** Time limit of a task. */
  minutes: number;
  chunkMinutes: number;
  cpus: number;
  setup: readonly string[];
  node: string;
  pollSeconds: number;
}

/** Values from a command line or a run folder, held to the rules for those in a file. Setup lines and Node.js are the caller's own. */
export function checkChoice(choice: unknown): ClusterChoice {
  const { chunkJobs, setup, node, pollSeconds, scratchFolder, ...rest } = (choice ?? {}) as ClusterChoice;
  const problem = Errors(ExecutionSchema, rest).First();
  if (problem)
    throw new EngineError(
      'slurm-settings',
      `${problem.path.slice(1)}: ${JSON.stringify(problem.value)} cannot be used. ${String(problem.schema.description ?? problem.message)}`,
      EXIT.invalid,
    );
  for (const [name, value] of Object.entries({ chunkJobs, pollSeconds }))
    if (value !== undefined && !(Number.isFinite(value) && value >= 1))
      throw new EngineError('slurm-settings', `${name} must be 1 or more.`, EXIT.invalid);
  if (scratchFolder !== undefined && scratchFolder !== NODE_SCRATCH && !path.isAbsolute(scratchFolder))
    throw new EngineError(
      'slurm-settings',
      `A scratch folder is an absolute path, or "${NODE_SCRATCH}" for what the node says, not "${scratchFolder}".`,
      EXIT.invalid,
    );
  return {
    ...rest,
    ...(scratchFolder === undefined ? {} : { scratch: true, scratchFolder }),
    ...(chunkJobs === undefined ? {} : { chunkJobs }),
    ...(setup === undefined ? {} : { setup }),
    ...(node === undefined ? {} : { node }),
    ...(pollSeconds === undefined ? {} : { pollSeconds }),
  };
}

/** What is given later counts: of the experiment file, of earlier sessions, of the command line. */
export function slurmSettings(...choices: (ClusterChoice | undefined)[]): SlurmSettings {
  const chosen: ClusterChoice = {};
  for (const choice of choices) {
    for (const [name, value] of Object.entries(choice ?? {})) if (value !== undefined) Object.assign(chosen, { [name]: value });
  }
  const chunkMinutes = chosen.chunkMinutes ?? 10;
  return {
    ...chosen,
    chunkMinutes,
    minutes: chosen.minutes ?? Math.max(30, Math.ceil(3 * chunkMinutes)),
    cpus: chosen.cpus ?? 1,
    setup: chosen.setup ?? [],
    node: chosen.node ?? process.execPath,
    pollSeconds: chosen.pollSeconds ?? 30,
  };
}

/** Options of `sbatch` that say where and how long. A value is one argument, never read by a shell. */
export function resourceOptions({ partition, account, qos, memory, cpus, minutes }: SlurmSettings): string[] {
  return [
    `--time=${minutes}`,
    `--cpus-per-task=${cpus}`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(qos === undefined ? [] : [`--qos=${qos}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
  ];
}

/** Seconds before the time limit at which a task is told to stop. */
export function signalLead({ minutes }: SlurmSettings): number {
  return Math.min(120, Math.floor((minutes * 60) / 4));
}

/** Keeps settings for `recovery resume`: of the setup lines only a hash, since a run folder must not bring commands with it. */
export function saveSettings(folder: string, settings: SlurmSettings): void {
  const kept: Partial<SlurmSettings> = { ...settings };
  delete kept.node;
  delete kept.scratchFolder;
  const content = { slurm: 1, ...kept, setup: hashSetup(settings.setup) };
  fs.writeFileSync(path.join(folder, SETTINGS_FILE), `${JSON.stringify(content, null, 2)}\n`, { flush: true });
}

/** What earlier sessions used; undefined for a run that never was on a cluster. Values are checked as those of a file are. */
export function readSettings(runFolder: string): { choice: unknown; setup: string | null } | undefined {
  try {
    const saved = JSON.parse(fs.readFileSync(path.join(runFolder, SLURM_FOLDER, SETTINGS_FILE), 'utf8')) as Record<
      string,
      unknown
    >;
    const { slurm, setup, ...choice } = saved;
    // Never written there, so somebody else has put them in: a program to run, a place to write to.
    delete choice['node'];
    delete choice['scratchFolder'];
    return slurm === 1 ? { choice, setup: typeof setup === 'string' ? setup : null } : undefined;
  } catch {
    return undefined;
  }
}

/** @throws EngineError when a run goes on without the setup lines that it was begun with */
export function checkSetup(begun: string | null, setup: readonly string[]): void {
  if (begun === null || begun === hashSetup(setup)) return;
  throw new EngineError(
    'slurm-setup',
    'The tasks of this run were begun with other setup lines, which are not kept in run folders: give the same --setup (in the editor recoveryLab.slurm.setup) again, in the same order.',
    EXIT.invalid,
  );
}

function hashSetup(setup: readonly string[]): string | null {
  return setup.length === 0 ? null : createHash('sha256').update(setup.join('\n')).digest('hex');
}
