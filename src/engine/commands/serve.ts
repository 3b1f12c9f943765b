import type { EngineCommand } from '../../protocol/events';
import { encodeLine, LineDecoder } from '../../protocol/lines';
import { EXIT } from '../errors';
import { helloEvent } from '../hello';
import { LineOutput } from './lineOutput';
import { endSoon, onClosedOutput } from './signals';

/**
 * `recovery serve`: commands as JSON lines on stdin, events as JSON lines on stdout. One run at a time. A closed stdin
 * means that the host is gone: a run is cancelled and the process ends.
 */
export function serveCommand(workerFile: string): Promise<number> {
  return new Promise((resolve) => {
    let running: AbortController | undefined;
    let ending = false;
    let exitCode: number = EXIT.met;
    const { write, caughtUp } = new LineOutput(process.stdout);
    write(encodeLine(helloEvent()));
    // Loaded after the greeting, which a host waits for, and while it sends its first command.
    const session = import('../session');

    const end = () => {
      if (ending) return;
      ending = true;
      process.stdin.destroy();
      if (!running) return resolve(exitCode);
      running.abort();
      endSoon();
    };

    const start = (command: Extract<EngineCommand, { type: 'start' }>) => {
      if (running) {
        process.stderr.write('recovery: a run is already going on; start ignored\n');
        return;
      }
      const controller = new AbortController();
      running = controller;
      const { text, fileName, workers, outFolder } = command;
      const run = session.then(({ runSession }) =>
        runSession({
          text,
          fileName,
          ...(workers === undefined ? {} : { workers }),
          outFolder: outFolder === undefined ? 'beside' : outFolder === null ? null : { path: outFolder },
          workerFile,
          report: true,
          signal: controller.signal,
          write,
          caughtUp,
          log: (message) => process.stderr.write(`${message}\n`),
        }),
      );
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

function readCommand(value: unknown): EngineCommand | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, text, fileName, workers, outFolder } = value as Record<string, unknown>;
  if (type === 'cancel') return { type };
  if (type !== 'start' || typeof text !== 'string' || typeof fileName !== 'string') return undefined;
  if (workers !== undefined && !(typeof workers === 'number' && Number.isInteger(workers) && workers >= 0)) return undefined;
  if (outFolder !== undefined && outFolder !== null && typeof outFolder !== 'string') return undefined;
  return {
    type,
    text,
    fileName,
    ...(workers === undefined ? {} : { workers }),
    ...(outFolder === undefined ? {} : { outFolder }),
  };
}
