import path from 'node:path';
import { askSlurm } from './command';
import { findArrays, whyUnknown } from './queue';
import { NODE_SCRATCH } from './scratch';
import { resourceOptions, signalLead, type SlurmSettings } from './settings';

/** `sbatch` itself tries again for a while when the queue is full. */
const SBATCH_MS = 150_000;
const SQUEUE_MS = 20_000;

export interface Submission {
  /** Unique among the jobs of the user. */
  name: string;
  planFolder: string;
  script: string;
  /** What is submitted: so many tasks as an array, of which some may run at a time; or one job that waits for the end of arrays. */
  work: { tasks: number; concurrent: number | undefined } | { after: readonly number[] };
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

/** A batch script that runs the engine. `exec`: the signal before the time limit goes to this process. */
export function batchScript({ setup, node }: SlurmSettings, engine: string, args: readonly string[]): string {
  return [
    '#!/bin/bash',
    ...setup,
    // The Node.js of a desktop editor is one only when it is told so.
    ...(node === process.execPath && 'electron' in process.versions ? ['export ELECTRON_RUN_AS_NODE=1'] : []),
    `exec ${[node, engine, ...args].map(singleQuoted).join(' ')}`,
    '',
  ].join('\n');
}

/** What a task of an array runs. */
export function workArguments(
  { scratch, scratchFolder }: SlurmSettings,
  planFolder: string,
  attempt: string,
  checkpointMs: number,
): string[] {
  const place = scratchFolder ?? (scratch === true ? NODE_SCRATCH : undefined);
  const options = [...checkpointArguments(checkpointMs), ...(place === undefined ? [] : ['--scratch', place])];
  return ['work', planFolder, '--attempt', attempt, ...options];
}

function checkpointArguments(everyMs: number): string[] {
  return ['--checkpoint', everyMs === Infinity ? '0' : String(everyMs / 1000)];
}

/** What the job runs that goes on once all tasks have ended. Setup lines and Node.js are kept nowhere, so they are handed on. */
export function mergeArguments(
  { setup, node }: SlurmSettings,
  runFolder: string,
  fruitless: number,
  checkpointMs: number,
): string[] {
  const options = ['--fruitless', String(fruitless), ...checkpointArguments(checkpointMs), '--node', node];
  return ['merge', runFolder, ...options, ...setup.map((line) => `--setup=${line}`)];
}

export function sbatchArguments({ name, planFolder, script, work, settings }: Submission): string[] {
  // A % in the path is one of the path.
  const folder = (each: string) => each.replaceAll('%', '%%');
  return [
    '--parsable',
    ...('after' in work
      ? [`--dependency=afterany:${work.after.join(':')}`, `--output=${folder(path.dirname(planFolder))}/merge-%j.out`]
      : [
          `--array=0-${work.tasks - 1}${work.concurrent === undefined ? '' : `%${work.concurrent}`}`,
          `--output=${folder(path.join(planFolder, 'logs'))}/%A_%a.out`,
        ]),
    `--job-name=${name}`,
    '--requeue',
    '--open-mode=append',
    `--signal=B:USR1@${signalLead(settings)}`,
    `--chdir=${planFolder}`,
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
