import type { ClusterChoice, EngineCommand, EngineEvent, ExecutorChoice } from '../../protocol/events';
import { encodeLine, LineDecoder } from '../../protocol/lines';
import { EngineError, EXIT, HOST_GONE } from '../errors';
import { helloEvent } from '../hello';
import { LineOutput } from './lineOutput';
import type { SessionOptions } from '../session';
import { endSoon, onClosedOutput } from './signals';

/** An engine that hears nothing for so long was started to wait, and not for a run at once. */
const WARM_UP_AFTER_MS = 300;

/**
 * `recovery serve`: commands as JSON lines on stdin, events as JSON lines on stdout. One run at a time. A closed stdin
 * means that the host is gone: a run is cancelled and the process ends.
 */
export function serveCommand(workerFile: string, engineFile: string): Promise<number> {
  return new Promise((resolve) => {
    let running: AbortController | undefined;
    let ending = false;
    let exitCode: number = EXIT.met;
    const { write, caughtUp } = new LineOutput(process.stdout);
    write(encodeLine(helloEvent()));
    // Loaded after the greeting, which a host waits for, and while it sends its first command.
    const session = import('../session');
    let warm: Promise<unknown> | undefined;
    const idle = setTimeout(() => {
      warm = Promise.all([session, import('../warmUp')])
        .then(([{ runSession }, { warmUp }]) => warmUp(runSession))
        // What is wrong with it the next run tells, which somebody hears.
        .catch(() => undefined);
    }, WARM_UP_AFTER_MS);

    const end = () => {
      if (ending) return;
      ending = true;
      clearTimeout(idle);
      process.stdin.destroy();
      if (!running) return resolve(exitCode);
      running.abort(HOST_GONE);
      endSoon();
    };

    const start = (command: BeginCommand) => {
      if (running) {
        process.stderr.write('recovery: a run is already going on; start ignored\n');
        return;
      }
      clearTimeout(idle);
      const controller = new AbortController();
      running = controller;
      const { workers, checkpointSeconds } = command;
      const run = session.then(async ({ runSession }) => {
        await warm;
        let begun: Begun;
        try {
          begun = await whatBegins(command);
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          const { code, message, exitCode } = error;
          write(encodeLine({ type: 'failed', code, message, exitCode } satisfies EngineEvent));
          return exitCode;
        }
        const { slurm, ...where } = begun;
        return runSession({
          ...where,
          ...(slurm ? { slurm: { choice: slurm, engineFile } } : {}),
          ...(workers === undefined ? {} : { workers }),
          ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
          workerFile,
          signal: controller.signal,
          write,
          caughtUp,
          log: (message) => process.stderr.write(`${message}\n`),
        });
      });
      void run.then((code) => {
        running = undefined;
        exitCode = code;
        if (ending) resolve(exitCode);
      });
    };

    const decoder = new LineDecoder();
    const take = (lines: ReturnType<LineDecoder['push']>) => {
      for (const line of lines) {
        const command = 'value' in line ? readCommand(line.value) : undefined;
        if (command === undefined) process.stderr.write('recovery: a command could not be read\n');
        else if (command.type === 'cancel') running?.abort();
        else start(command);
      }
    };
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (chunk: string) => take(decoder.push(chunk)));
    process.stdin.on('end', end);
    process.stdin.on('error', end);
    process.stdin.on('close', end);
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    onClosedOutput(end);
  });
}

type BeginCommand = Exclude<EngineCommand, { type: 'cancel' }>;
type Begun = Pick<SessionOptions, 'text' | 'fileName' | 'report' | 'outFolder'> & { slurm?: ClusterChoice };

/** @throws EngineError when a run cannot go on. */
async function whatBegins(command: BeginCommand): Promise<Begun> {
  if (command.type === 'resume') {
    const { clusterOfResumed, resumedRun } = await import('./resumedRun');
    return { ...resumedRun(command.runFolder), ...clusterOfResumed(command.runFolder, command) };
  }
  const { text, fileName, outFolder, executor, slurm = {} } = command;
  const { checkChoice } = await import('../slurm/settings');
  if (executor === 'slurm' && outFolder === null)
    throw new EngineError(
      'slurm-folder',
      'A run on a cluster needs a run folder: save the experiment to a file first.',
      EXIT.invalid,
    );
  return {
    ...(executor === 'slurm' ? { slurm: checkChoice(slurm) } : {}),
    text,
    fileName,
    report: true,
    outFolder: outFolder === undefined ? 'beside' : outFolder === null ? null : { path: outFolder },
  };
}

function readCommand(value: unknown): EngineCommand | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, text, fileName, workers, outFolder, runFolder, executor, slurm } = value as Record<string, unknown>;
  const { checkpointSeconds: seconds } = value as Record<string, unknown>;
  if (type === 'cancel') return { type };
  if (workers !== undefined && !(typeof workers === 'number' && Number.isInteger(workers) && workers >= 0)) return undefined;
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds >= 0 && seconds < 1e6)) return undefined;
  if (executor !== undefined && executor !== 'local' && executor !== 'slurm') return undefined;
  if (slurm !== undefined && !isChoice(slurm)) return undefined;
  const some: ExecutorChoice & { workers?: number; checkpointSeconds?: number } = {
    ...(workers === undefined ? {} : { workers }),
    ...(seconds === undefined ? {} : { checkpointSeconds: seconds }),
    ...(executor === undefined ? {} : { executor }),
    ...(slurm === undefined ? {} : { slurm }),
  };
  if (type === 'resume') return typeof runFolder === 'string' ? { type, runFolder, ...some } : undefined;
  if (type !== 'start' || typeof text !== 'string' || typeof fileName !== 'string') return undefined;
  if (outFolder !== undefined && outFolder !== null && typeof outFolder !== 'string') return undefined;
  return { type, text, fileName, ...some, ...(outFolder === undefined ? {} : { outFolder }) };
}

/** What commands are made of; the rest is held to the rules for an experiment file. */
function isChoice(value: unknown): value is ClusterChoice {
  if (typeof value !== 'object' || value === null) return false;
  const { setup, node, scratchFolder } = value as Record<string, unknown>;
  const isText = (each: unknown) => each === undefined || typeof each === 'string';
  return (
    isText(node) &&
    isText(scratchFolder) &&
    (setup === undefined || (Array.isArray(setup) && setup.every((line) => typeof line === 'string')))
  );
}
