import { randomInt } from 'node:crypto';
import { EngineError, EXIT } from '../errors';
import { recomputeRun, type Recomputation } from '../recompute';
import { verifyRun } from '../store/verifyRun';
import { createColors, printable, wantsColors } from '../terminal/colors';
import { formatRecomputation, formatVerification } from '../terminal/verification';
import { cancelOnSignals } from './signals';

export interface VerifyOptions {
  folder: string;
  json: boolean;
  /** Jobs that are computed anew; 0 for none. */
  cells: number;
  /** Undefined draws one. */
  seed: number | undefined;
  workers: number | undefined;
  workerFile: string;
}

/** `recovery verify`: checks the proofs of a run from their files alone, and computes some of its numbers anew. */
export async function verifyCommand(options: VerifyOptions): Promise<number> {
  const { folder, json, cells } = options;
  const signal = cancelOnSignals();
  const verification = verifyRun(folder);
  let recomputed: Recomputation | undefined;
  let notRecomputed: string | undefined;
  if (cells > 0) {
    try {
      recomputed = await recomputeRun(folder, { ...options, seed: options.seed ?? randomInt(0x8000_0000), signal });
    } catch (error) {
      // Its proofs can be checked all the same.
      if (!(error instanceof EngineError) || error.code === 'cancelled') throw error;
      notRecomputed = error.message;
    }
  }
  const { certificates } = verification;
  const proven = certificates.length > 0 ? verification.valid : recomputed !== undefined;
  const valid = proven && recomputed?.valid !== false;
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...verification, valid, recomputed, notRecomputed }, null, 2)}\n`);
  } else {
    const colors = createColors(wantsColors(process.stdout, process.env));
    if (recomputed) process.stdout.write(formatRecomputation(recomputed, colors));
    if (notRecomputed !== undefined) process.stdout.write(`Nothing was computed anew. ${printable(notRecomputed)}\n\n`);
    process.stdout.write(formatVerification(printable(folder), verification, colors));
  }
  return valid ? EXIT.met : EXIT.notMet;
}
