import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/engine/errors';
import { InProcessExecutor } from '../../../src/engine/schedule/inProcess';
import { mayUseMainThread } from '../../../src/engine/schedule/mainThreadShare';
import { unpackCell, type CellOutput } from '../../../src/engine/studies/cellOutput';
import type { ResolvedRecoveryExperiment } from '../../../src/experiment/resolved';
import { matrixExperiment } from '../experiments';
import { bundled } from './bundled';

/** A helper that answers every job with the word "helper". */
const HELPER = `
const { parentPort } = require('node:worker_threads');
const { JobClaims } = require('./protocol.cjs');
parentPort.on('message', (message) => {
  if (message.type === 'share') return;
  const claims = new JobClaims(message.claims, message.jobs.each ? message.jobs.count : message.jobs.length);
  for (let index; (index = claims.take(() => undefined)) !== undefined; ) {
    if (process.env.HELPER_FAILS) throw new Error('out of luck');
    parentPort.postMessage({ type: 'outputs', outputs: [index, 'helper', 0] });
  }
});`;

let folder: string;
let controller: AbortController;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-helpers-'));
  controller = new AbortController();
  const protocol = bundled(`export { JobClaims } from './jobClaims';`);
  fs.writeFileSync(path.join(folder, 'protocol.cjs'), protocol);
  fs.writeFileSync(path.join(folder, 'helper.cjs'), HELPER);
});

afterEach(() => {
  delete process.env.HELPER_FAILS;
  fs.rmSync(folder, { recursive: true, force: true });
});

function withoutRanks(experiment: ResolvedRecoveryExperiment): ResolvedRecoveryExperiment {
  return { ...experiment, analysis: { ...experiment.analysis, rank: false } };
}

/** Trainings that never reach their loss: each takes all of its steps. */
function executor(steps: number, trials: number, helpers = 1): InProcessExecutor {
  const training = { stop: { trainLoss: 0, steps, gradientNorm: 0 }, trials };
  const experiment = withoutRanks(matrixExperiment({ sampleSizes: [8], training }));
  const made = new InProcessExecutor(
    { experiment, signal: controller.signal },
    helpers > 0 ? { workers: helpers, workerFile: path.join(folder, 'helper.cjs') } : undefined,
  );
  made.share({ entryOrder: [0, 5, 10, 15, 1, 2, 3, 4], modelRank: null });
  return made;
}

const cells = (count: number) => ({ each: { kind: 'cell' }, count });

describe('InProcessExecutor', () => {
  it('calls helpers for long jobs, which share the list with it', async () => {
    const outputs: unknown[] = [];
    const long = executor(2_000_000, 12);
    await long.run<unknown, unknown>(cells(12), { output: (output, index) => (outputs[index] = output) });
    await long.close();
    expect(outputs.filter((output) => output !== undefined)).toHaveLength(12);
    expect(outputs).toContain('helper');
    expect(Array.isArray(outputs[0])).toBe(true);
  });

  it('needs no helpers for short jobs', async () => {
    const outputs: CellOutput[] = [];
    const short = executor(3, 5);
    await short.run<unknown, CellOutput>(cells(5), { output: (output, index) => void (outputs[index] = output) });
    await short.close();
    expect(outputs.map((output) => unpackCell(output, { sampleSize: 8, trial: 0 }).cell.steps)).toEqual([3, 3, 3, 3, 3]);
  });

  it('ends with the error of a helper', async () => {
    process.env.HELPER_FAILS = '1';
    const failing = executor(2_000_000, 12);
    await expect(failing.run<unknown, unknown>(cells(12), { output: () => undefined })).rejects.toThrow(/out of luck/);
    await failing.close();
  });

  it('hears of cancelling within a long job', async () => {
    const cancelled = executor(1e12, 1, 0);
    const begun = performance.now();
    setTimeout(() => controller.abort(), 50);
    await expect(cancelled.run<unknown, unknown>(cells(1), { output: () => undefined })).rejects.toBeInstanceOf(CancelledError);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('mayUseMainThread', () => {
  it('holds for jobs in short pieces alone', () => {
    const small = matrixExperiment({});
    expect(mayUseMainThread(small)).toBe(true);
    expect(mayUseMainThread({ ...small, analysis: { ...small.analysis, certify: 'always' } })).toBe(false);
    const wide: ResolvedRecoveryExperiment['model'] = { kind: 'matrixFactorization', rows: 20, columns: 20, inner: 20 };
    const large = withoutRanks({ ...matrixExperiment({ order: 'random' }), model: wide });
    expect(mayUseMainThread(large)).toBe(true);
    expect(mayUseMainThread({ ...large, analysis: { ...large.analysis, hessian: 'full' } })).toBe(false);
  });
});
