import type { EngineEvent } from '../../protocol/events';
import { encodeLine } from '../../protocol/lines';
import { EngineError, EXIT } from '../errors';
import { helloEvent } from '../hello';
import { runSession, summaryText } from '../session';
import { createColors, wantsColors } from '../terminal/colors';
import { formatProblems } from '../terminal/problems';
import { TerminalView } from '../terminal/view';
import { LineOutput } from './lineOutput';
import { readExperiment } from './readExperiment';
import { cancelOnSignals } from './signals';

export interface RunOptions {
  file: string;
  events: boolean;
  json: boolean;
  report: boolean;
  out: string | undefined;
  workers: number | undefined;
  workerFile: string;
}

/** `recovery run`. */
export async function runCommand(options: RunOptions): Promise<number> {
  const { file } = options;
  const cancel = cancelOnSignals();
  const events = options.events ? new LineOutput(process.stdout) : undefined;
  const tellEvent = (event: EngineEvent) => events?.write(encodeLine(event));
  tellEvent(helloEvent());
  let text: string;
  try {
    text = readExperiment(file);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tellEvent({ type: 'failed', code: error.code, message: error.message, exitCode: error.exitCode });
    process.stderr.write(`recovery: ${error.message}\n`);
    return error.exitCode;
  }

  // With --json the answer goes to stdout, so the run is drawn beside it, and only for somebody who watches.
  const view =
    options.events || (options.json && !process.stderr.isTTY)
      ? undefined
      : new TerminalView(options.json ? process.stderr : process.stdout, { name: file, text }, process.env);
  const failures = new TerminalView(process.stderr, { name: file, text }, process.env);
  return runSession({
    text,
    fileName: file,
    outFolder: options.out === undefined ? 'beside' : { path: options.out },
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    workerFile: options.workerFile,
    report: options.report,
    signal: cancel,
    warn: (problems) =>
      process.stderr.write(formatProblems(file, text, problems, createColors(wantsColors(process.stderr, process.env)))),
    log: (message) => process.stderr.write(`${message}\n`),
    ...(events ? { write: events.write, caughtUp: events.caughtUp } : {}),
    details: false,
    emit(event) {
      const toStderr = event.type === 'failed' && (view === undefined || event.exitCode !== EXIT.cancelled);
      if (toStderr) failures.take(event);
      else view?.take(event);
      if (options.json && event.type === 'finished') process.stdout.write(summaryText(event.summary));
    },
  });
}
