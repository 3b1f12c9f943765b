import type { MessagePort } from 'node:worker_threads';
import { adoptModules } from '../kernels/compiledModules';
import { executeJobs } from '../studies/registry';
import { Workbench } from '../studies/workbench';
import { ThreadCheckpoints } from './checkpoints';
import { RingWriter } from './curveRing';
import { countJobs } from './executor';
import { JobClaims } from './jobClaims';
import type { FromWorker, ToWorker, WorkerStart } from './messages';
import { Outbox } from './outbox';
import { describeError } from './workerError';

/** The body of a worker thread: takes part in one list of jobs after the other until it is terminated. */
export function serveJobs(port: MessagePort, start: WorkerStart): void {
  adoptModules(start.modules);
  const bench = new Workbench(start.experiment);
  const ring = new RingWriter(start.ring);
  const send = (message: FromWorker) => port.postMessage(message);
  port.on('message', (message: ToWorker) => {
    if (message.type === 'share') bench.share(message.shared);
    else takePart(bench, ring, message, send);
  });
}

function takePart(
  bench: Workbench,
  ring: RingWriter,
  { jobs, claims: memory, checkpoints: plan }: Extract<ToWorker, { type: 'jobs' }>,
  send: (message: FromWorker) => void,
): void {
  const claims = new JobClaims(memory, countJobs(jobs));
  const outbox = new Outbox((outputs) => send({ type: 'outputs', outputs }));
  const flush = () => outbox.flush();
  const listener = {
    saved: (place: number) => send({ type: 'saved', place }),
    say: (text: string) => send({ type: 'say', text }),
  };
  const checkpoints = plan && new ThreadCheckpoints(plan, listener, () => bench.sharedSoFar);
  try {
    const claim = (wait: boolean) => {
      if (!wait) return claims.takeAllowed();
      // Who waits for a job is not hanging.
      ring.beat(false);
      const next = claims.take(flush);
      ring.beat(true);
      return next;
    };
    for (const news of executeJobs(bench, jobs, claim, checkpoints)) {
      ring.beat(true);
      const { index } = news;
      if (news.done) outbox.add(index, news.value, news.steps);
      else {
        const { value } = news;
        ring.addSteps(value.steps);
        ring.push(index, value.curve);
        if (value.spectrum) send({ type: 'spectrum', index, spectrum: value.spectrum });
        outbox.flushOld();
      }
    }
    outbox.flush();
  } catch (error) {
    send({ type: 'error', error: describeError(error) });
  } finally {
    ring.beat(false);
  }
}

export function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'recoveryWorker' in data;
}
