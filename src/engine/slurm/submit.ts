import path from 'node:path';
import { askSlurm } from './command';
import { findArrays, whyUnknown } from './queue';
import { resourceOptions, signalLead, type SlurmSettings } from './settings';

/** `sbatch` itself tries again for a while when the queue is full. */
const SBATCH_MS = 150_000;
const SQUEUE_MS = 20_000;

export interface Submission {
  /** Unique among the jobs of the user. */
  name: string;
  planFolder: string;
  script: string;
  tasks: number;
  /** Tasks of the array that may run at a time. */
  concurrent: number | undefined;
  settings: SlurmSettings;
}

export type Submitted =
  | { array: number }
  /** Slurm takes no more jobs of this user at present. */
  | { limit: string }
  /** Slurm is busy or away; nothing was submitted. */
  | { busy: string }
  | { refused: string };

export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The batch script of an attempt. `exec`: the signal before the time limit goes to this process. */
export function batchScript({ setup, node }: SlurmSettings, engine: string, planFolder: string, attempt: string): string {
  return [
    '#!/bin/bash',
    ...setup,
    `exec ${[node, engine, 'work', planFolder, '--attempt', attempt].map(singleQuoted).join(' ')}`,
    '',
  ].join('\n');
}

export function sbatchArguments({ name, planFolder, script, tasks, concurrent, settings }: Submission): string[] {
  return [
    '--parsable',
    `--array=0-${tasks - 1}${concurrent === undefined ? '' : `%${concurrent}`}`,
    `--job-name=${name}`,
    '--requeue',
    '--open-mode=append',
    `--signal=B:USR1@${signalLead(settings)}`,
    `--chdir=${planFolder}`,
    // A % in the path is one of the path.
    `--output=${path.join(planFolder, 'logs').replaceAll('%', '%%')}/%A_%a.out`,
    ...resourceOptions(settings),
    script,
  ];
}

export async function submit(submission: Submission, signal: AbortSignal): Promise<Submitted> {
  const answer = await askSlurm('sbatch', sbatchArguments(submission), { timeoutMs: SBATCH_MS, signal });
  const id = /^(\d+)(;|\s|$)/.exec(answer.stdout);
  if (answer.code === 0 && id) return { array: Number(id[1]) };
  if (answer.late) {
    // It may have been submitted all the same.
    const found = await findArrays(submission.name, SQUEUE_MS);
    if (found?.[0] !== undefined) return { array: found[0] };
    return { busy: 'sbatch did not answer in time' };
  }
  return refusal(answer.missing ? whyUnknown('sbatch', answer) : answer.stderr);
}

/** What an error of `sbatch` means. */
export function refusal(text: string): Exclude<Submitted, { array: number }> {
  const why = text.trim().split('\n').at(-1) ?? '';
  if (/SubmitJobLimit|violates accounting\/QOS policy|MaxSubmitJobs/i.test(text)) return { limit: why };
  if (/temporarily unable|Unable to contact|Socket timed out|Unexpected message|Connection refused/i.test(text))
    return { busy: why };
  return { refused: why || 'sbatch gave no reason' };
}
