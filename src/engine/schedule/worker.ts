import type { MessagePort } from 'node:worker_threads';
import { EngineError, errorMessage } from '../errors';
import { executeJob } from '../studies/registry';
import { Workbench } from '../studies/workbench';
import type { FromWorker, ToWorker, WorkerError, WorkerStart } from './messages';

/** The body of a worker thread: takes one job after the other until it is terminated. */
export function serveJobs(port: MessagePort, start: WorkerStart): void {
  const bench = new Workbench(start.experiment);
  const send = (message: FromWorker) => port.postMessage(message);
  port.on('message', (message: ToWorker) => {
    if (message.type === 'share') {
      bench.share(message.shared);
      return;
    }
    const { index } = message;
    try {
      const running = executeJob(bench, message.job);
      for (;;) {
        const { done, value } = running.next();
        if (done) {
          send({ type: 'output', index, output: value });
          return;
        }
        send({ type: 'progress', index, progress: value });
      }
    } catch (error) {
      send({ type: 'error', index, error: describe(error) });
    }
  });
}

export function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'recoveryWorker' in data;
}

function describe(error: unknown): WorkerError {
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: errorMessage(error),
    stack: error instanceof Error ? error.stack : undefined,
    ...(error instanceof EngineError ? { code: error.code, exitCode: error.exitCode } : {}),
  };
}
