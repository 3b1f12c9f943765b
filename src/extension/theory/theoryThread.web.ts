import type { ResolvedExperiment } from '../../experiment';
import type { Disposable } from '../disposable';
import { askTheory, type TheoryAnswer } from './theoryAnswer';

/** Twin of `theoryThread.ts` for the web extension, which is on a thread of its own already: answers once the editor has had its turn. */
export class TheoryThread implements Disposable {
  readonly answer: Promise<TheoryAnswer | undefined>;
  private isDisposed = false;

  constructor(_program: string, experiment: ResolvedExperiment) {
    this.answer = new Promise((resolve, reject) => {
      setTimeout(() => {
        try {
          resolve(this.isDisposed ? undefined : askTheory(experiment));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  dispose(): void {
    this.isDisposed = true;
  }
}
