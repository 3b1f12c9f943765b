import type { ClusterChoice, EngineEvent } from '../../protocol/events';
import { encodeLine } from '../../protocol/lines';
import { EngineError, EXIT } from '../errors';
import { helloEvent } from '../hello';
import { runSession, type SessionOptions } from '../session';
import { checkChoice } from '../slurm/settings';
import { summaryText } from '../summary';
import { createColors, wantsColors } from '../terminal/colors';
import { formatProblems } from '../terminal/problems';
import { TerminalView } from '../terminal/view';
import { LineOutput } from './lineOutput';
import { readExperiment } from './readExperiment';
import { cancelOnSignals } from './signals';

/** How a run is shown. */
export interface ShowOptions {
  events: boolean;
  json: boolean;
  workers: number | undefined;
  workerFile: string;
  watchdogMinutes: number | undefined;
  checkpointSeconds: number | undefined;
  /** Where jobs run; undefined: as in earlier sessions, else here. */
  executor?: 'local' | 'slurm';
  /** What the command line says of the cluster. */
  slurm: ClusterChoice;
  /** Whether to end once the tasks of the cluster are submitted. */
  detach: boolean;
  /** The bundled engine. */
  engineFile: string;
}

export interface RunOptions extends ShowOptions {
  file: string;
  report: boolean;
  out: string | undefined;
}

/** What is run, and where it is kept. */
type Begun = Pick<SessionOptions, 'text' | 'fileName' | 'outFolder' | 'report'> & { slurm?: ClusterChoice };

/** `recovery run`. */
export function runCommand(options: RunOptions): Promise<number> {
  const { file, out, report } = options;
  if (options.detach && options.executor !== 'slurm') throw notDetachable();
  return runShown(options, () => ({
    text: readExperiment(file),
    fileName: file,
    outFolder: out === undefined ? 'beside' : { path: out },
    report,
    ...(options.executor === 'slurm' ? { slurm: checkChoice(options.slurm) } : {}),
  }));
}

/** Only tasks of a cluster live on without the process that began them. */
export function notDetachable(): EngineError {
  return new EngineError('usage', '--detach needs a run on a cluster: add --executor slurm', EXIT.invalid);
}

/**
 * Runs what `begin` says and draws it, or prints its events or its summary.
 *
 * @param begin may throw an EngineError, which is told as the end of the run.
 */
export async function runShown(options: ShowOptions, begin: () => Begun): Promise<number> {
  const cancel = cancelOnSignals();
  const events = options.events ? new LineOutput(process.stdout) : undefined;
  const tellEvent = (event: EngineEvent) => events?.write(encodeLine(event));
  tellEvent(helloEvent());
  let begun: Begun;
  try {
    begun = begin();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tellEvent({ type: 'failed', code: error.code, message: error.message, exitCode: error.exitCode });
    process.stderr.write(`recovery: ${error.message}\n`);
    return error.exitCode;
  }

  const { text, fileName: name, slurm, ...where } = begun;
  // With --json the answer goes to stdout, so the run is drawn beside it, and only for somebody who watches.
  const view =
    options.events || (options.json && !process.stderr.isTTY)
      ? undefined
      : new TerminalView(options.json ? process.stderr : process.stdout, { name, text }, process.env);
  const failures = new TerminalView(process.stderr, { name, text }, process.env);
  return runSession({
    ...where,
    text,
    fileName: name,
    ...(slurm
      ? { slurm: { choice: slurm, engineFile: options.engineFile, detached: options.detach ? { fruitless: 0 } : undefined } }
      : {}),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    workerFile: options.workerFile,
    ...(options.watchdogMinutes === undefined ? {} : { watchdogMinutes: options.watchdogMinutes }),
    ...(options.checkpointSeconds === undefined ? {} : { checkpointSeconds: options.checkpointSeconds }),
    signal: cancel,
    warn: (problems) =>
      process.stderr.write(formatProblems(name, text, problems, createColors(wantsColors(process.stderr, process.env)))),
    log: (message) => process.stderr.write(`${message}\n`),
    ...(events ? { write: events.write, caughtUp: events.caughtUp } : {}),
    details: false,
    emit(event) {
      if (event.type === 'accepted') failures.know(event);
      const toStderr = event.type === 'failed' && (view === undefined || event.exitCode !== EXIT.cancelled);
      if (toStderr) failures.take(event);
      else view?.take(event);
      if (options.json && event.type === 'finished') process.stdout.write(summaryText(event.summary));
    },
  });
}
