import { askSlurm } from './command';

/** Jobs that are asked for at a time. */
const MOST_IDS = 500;

/** One `squeue` line is about this. */
export const QUEUE_FORMAT = '%F|%K|%T|%r';

export interface QueuedTasks {
  /** Id of the array. */
  array: number;
  /** Indices in the array. */
  indices: number[];
  /** `PENDING`, `RUNNING`, … */
  state: string;
  reason: string;
}

/** What Slurm says of some arrays: `unknown` when it does not answer. An array of which nothing is left is not in the list. */
export type QueueView = { tasks: QueuedTasks[] } | { unknown: string };

/** `7`, `2-5,10-39%2`, `0-9:3`; undefined when it is no set of indices. */
export function parseIndices(text: string): number[] | undefined {
  const indices: number[] = [];
  for (const part of text.replace(/%\d+$/, '').split(',')) {
    const match = /^(\d{1,8})(?:-(\d{1,8})(?::(\d{1,8}))?)?$/.exec(part);
    if (!match) return undefined;
    const last = Number(match[2] ?? match[1]);
    const step = Math.max(1, Number(match[3] ?? 1));
    for (let index = Number(match[1]); index <= last; index += step) indices.push(index);
  }
  return indices;
}

/** Lines that are none of an array are left out. */
export function parseQueue(text: string): QueuedTasks[] {
  const tasks: QueuedTasks[] = [];
  for (const line of text.split('\n')) {
    const [array, set = '', state, reason = ''] = line.split('|');
    const indices = parseIndices(set);
    if (indices && /^\d+$/.test(array) && state) tasks.push({ array: Number(array), indices, state, reason });
  }
  return tasks;
}

/** Asks once for all arrays. */
export async function askQueue(arrays: readonly number[], timeoutMs: number, signal?: AbortSignal): Promise<QueueView> {
  if (arrays.length === 0) return { tasks: [] };
  const args = ['-h', '-j', arrays.join(','), '-o', QUEUE_FORMAT];
  const answer = await askSlurm('squeue', args, { timeoutMs, ...(signal ? { signal } : {}) });
  if (answer.code === 0) return { tasks: parseQueue(answer.stdout) };
  // The controller has forgotten all of them: nothing is left.
  if (/Invalid job id specified/.test(answer.stderr)) return { tasks: [] };
  return { unknown: whyUnknown('squeue', answer) };
}

/** Which of some jobs and arrays Slurm still has. */
export async function askLive(jobs: readonly number[], timeoutMs: number): Promise<{ live: Set<number> } | { unknown: string }> {
  const live = new Set<number>();
  for (let at = 0; at < jobs.length; at += MOST_IDS) {
    const answer = await askSlurm('squeue', ['-h', '-j', jobs.slice(at, at + MOST_IDS).join(','), '-o', '%F'], { timeoutMs });
    if (answer.code === 0) for (const line of answer.stdout.split('\n')) live.add(Number(line));
    else if (!/Invalid job id specified/.test(answer.stderr)) return { unknown: whyUnknown('squeue', answer) };
  }
  return { live };
}

/** Ids of the arrays of this user that have a name. */
export async function findArrays(name: string, timeoutMs: number, signal?: AbortSignal): Promise<number[] | undefined> {
  const args = ['-h', '--me', '-n', name, '-o', '%F'];
  const answer = await askSlurm('squeue', args, { timeoutMs, ...(signal ? { signal } : {}) });
  if (answer.code !== 0) return undefined;
  return [
    ...new Set(
      answer.stdout
        .split('\n')
        .filter((line) => /^\d+$/.test(line))
        .map(Number),
    ),
  ];
}

export function whyUnknown(program: string, { late, missing, stderr, code }: Awaited<ReturnType<typeof askSlurm>>): string {
  if (missing) return `there is no program ${program} here`;
  if (late) return `${program} did not answer in time`;
  return stderr.trim().split('\n').at(-1) || `${program} ended with exit code ${String(code)}`;
}

/** Reasons why tasks wait that call for somebody to do something, in words. */
const REASONS: Readonly<Record<string, string>> = {
  PartitionTimeLimit: 'the time limit is above that of the partition, so they never start: cancel and give less --minutes',
  DependencyNeverSatisfied: 'what they wait for has failed',
  'launch failed requeued held': 'starting them failed and Slurm holds them: scontrol release lets them go',
  AssocMaxJobsLimit: 'your account may run no more jobs at a time',
  QOSMaxSubmitJobPerUserLimit: 'you may submit no more jobs under this QOS',
  BeginTime: 'they wait to be started again',
  Resources: 'they wait for free nodes',
  Priority: 'others are before them',
  JobArrayTaskLimit: 'no more of them may run at a time',
};

/** How many tasks are in which state, and why they wait. */
export function describeQueue(view: QueueView): string {
  if ('unknown' in view) return `Slurm does not say how tasks stand (${view.unknown}); results are taken as they come.`;
  const counts = new Map<string, number>();
  for (const { state, reason, indices } of view.tasks) {
    const waits = state === 'PENDING' && reason !== 'None' ? ` (${REASONS[reason] ?? reason})` : '';
    const key = `${state.toLowerCase()}${waits}`;
    counts.set(key, (counts.get(key) ?? 0) + indices.length);
  }
  const parts = [...counts].map(([key, count]) => `${count} ${key}`);
  return `Slurm: ${parts.length > 0 ? `tasks ${parts.join(', ')}` : 'no tasks left'}.`;
}
