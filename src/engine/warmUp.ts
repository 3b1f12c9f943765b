import type { SessionOptions } from './session';

/** Small, and goes through all that a run usually does: theory, trainings, ranks, spectra, verdicts. */
const EXPERIMENT = JSON.stringify({
  experiment: 'recovery',
  model: { kind: 'matrixFactorization', rows: 2, columns: 2 },
  target: { kind: 'lowRank', rank: 1, seed: 1 },
  data: { sampleSizes: [1, 2, 3, 4], inputs: { kind: 'entries', order: 'bestConditioned' } },
  training: { trials: 4 },
  analysis: { rank: true, hessian: 'full' },
  expect: { modelRank: 3 },
});

/**
 * Runs a small experiment that nobody hears of and that leaves nothing, in this thread: what V8 compiles of it when it is used first
 * takes as long as the first trainings of the run that comes after. Takes about 50 ms of processor time.
 *
 * @returns the exit code.
 */
export function warmUp(runSession: (options: SessionOptions) => Promise<number>): Promise<number> {
  return runSession({
    text: EXPERIMENT,
    fileName: 'warm-up',
    outFolder: null,
    workers: 0,
    report: false,
    signal: new AbortController().signal,
    log: () => undefined,
  });
}
