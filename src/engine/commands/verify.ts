import { EXIT } from '../errors';
import { verifyRun } from '../store/verifyRun';
import { createColors, printable, wantsColors } from '../terminal/colors';
import { formatVerification } from '../terminal/verification';

/** `recovery verify`: checks the proofs of a run anew, from their files alone. */
export function verifyCommand(folder: string, json: boolean): number {
  const verification = verifyRun(folder);
  const text = json
    ? `${JSON.stringify(verification, null, 2)}\n`
    : formatVerification(printable(folder), verification, createColors(wantsColors(process.stdout, process.env)));
  process.stdout.write(text);
  return verification.valid ? EXIT.met : EXIT.notMet;
}
