import type { FailedEvent } from '../../protocol/events';
import { EngineError, EXIT, HOST_GONE } from '../errors';
import { runSession } from '../session';
import { isAttended, removeLock } from '../slurm/attendance';
import { askSlurm } from '../slurm/command';
import { checkChoice, checkSetup, readSettings } from '../slurm/settings';
import { isComplete } from '../store/runFolder';
import { resumedRun } from './resumedRun';

/** One whose time was too short is queued again so many times. */
const MOST_RESTARTS = 5;

const REQUEUE_MS = 30_000;

export interface MergeOptions {
  folder: string;
  /** Sessions like this one before it, one after the other, in which tasks had finished nothing. */
  fruitless: number;
  checkpointSeconds: number | undefined;
  setup: readonly string[];
  node: string;
  workerFile: string;
  engineFile: string;
}

/**
 * `recovery merge`: what the job runs that depends on the tasks of a run; no command for people. Goes on with the run, without waiting
 * for tasks that it submits itself. A run that somebody attends is left alone.
 */
export async function mergeCommand(options: MergeOptions): Promise<number> {
  const { folder } = options;
  const stop = new AbortController();
  let timeIsUp = false;
  process.on('SIGUSR1', () => {
    timeIsUp = true;
    stop.abort(HOST_GONE);
  });
  process.on('SIGTERM', () => stop.abort(HOST_GONE));
  let failed = await goOn(options, stop.signal);
  if (failed?.code === 'run-in-use' && !stop.signal.aborted) {
    say(failed.message);
    if (await isAttended(folder, stop.signal).catch(() => true)) {
      say('That process is alive, and goes on with the run.');
      failed = undefined;
    } else {
      say('That process gives no sign of life: the run goes on here.');
      removeLock(folder);
      failed = await goOn(options, stop.signal);
    }
  }
  const { SLURM_JOB_ID: job, SLURM_RESTART_COUNT: restarts } = process.env;
  if (timeIsUp && job !== undefined && Number(restarts ?? 0) < MOST_RESTARTS)
    await askSlurm('scontrol', ['requeue', job], { timeoutMs: REQUEUE_MS });
  if (failed) say(failed.message);
  return failed?.exitCode ?? EXIT.met;
}

/** @returns how it failed; undefined when the run has come to its end, whatever its verdicts */
async function goOn(options: MergeOptions, signal: AbortSignal): Promise<FailedEvent | undefined> {
  const { folder, fruitless, checkpointSeconds, setup, node, workerFile, engineFile } = options;
  if (isComplete(folder)) return undefined;
  const saved = readSettings(folder);
  if (!saved) throw new EngineError('slurm-settings', `The run in ${folder} was not begun on a cluster.`, EXIT.invalid);
  checkSetup(saved.setup, setup);
  const cores = Number(process.env['SLURM_CPUS_PER_TASK'] ?? 1);
  let failed: FailedEvent | undefined;
  await runSession({
    ...resumedRun(folder),
    slurm: { choice: { ...checkChoice(saved.choice), setup, node }, engineFile, detached: { fruitless } },
    workers: cores > 1 ? cores : 0,
    workerFile,
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    signal,
    details: false,
    log: say,
    emit(event) {
      if (event.type === 'failed') failed = event;
    },
  });
  return failed?.code === 'run-complete' ? undefined : failed;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
