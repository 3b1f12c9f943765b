import { Worker } from 'node:worker_threads';
import type { ResolvedExperiment } from '../../experiment';
import type { Disposable } from '../disposable';
import type { TheoryAnswer } from './theoryAnswer';

/** A question that takes the theory longer than a key stroke. Its thread ends with the answer, or when nobody wants it any more. */
export class TheoryThread implements Disposable {
  /** Undefined when it was disposed before; rejects when the theory fails. */
  readonly answer: Promise<TheoryAnswer | undefined>;
  private readonly worker: Worker;

  constructor(program: string, experiment: ResolvedExperiment) {
    this.worker = new Worker(program, { workerData: experiment });
    this.answer = new Promise((resolve, reject) => {
      this.worker.once('message', resolve);
      this.worker.once('error', reject);
      this.worker.once('exit', () => resolve(undefined));
    });
  }

  dispose(): void {
    void this.worker.terminate();
  }
}
