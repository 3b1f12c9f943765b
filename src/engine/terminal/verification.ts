import type { Verification, VerifiedCertificate } from '../store/verifyRun';
import type { Recomputation } from '../recompute';
import type { Colors } from './colors';
import { wrapText } from './format';

/** What checking the certificates of a run gave, each with its reasons. */
export function formatVerification(folder: string, { certificates }: Verification, colors: Colors): string {
  const lines = certificates.flatMap((each) => describe(each, colors));
  return `${[...lines, ...(lines.length > 0 ? [''] : []), outcome(folder, certificates, colors)].join('\n')}\n`;
}

/** What computing a part of a run anew gave. */
export function formatRecomputation({ seed, jobs, of, different, sameSummary, valid }: Recomputation, colors: Colors): string {
  const lines: string[] = [];
  const mark = (good: boolean) => (good ? colors.green('✓') : colors.red('✗'));
  if (jobs !== null) {
    const which = `${jobs} of ${of} finished jobs, drawn with --seed ${seed}, computed anew`;
    const [first] = different;
    lines.push(
      different.length === 0
        ? `${mark(true)} ${which}: the same to the last bit`
        : `${mark(false)} ${which}: ${different.length} came out otherwise, the first of them job ${first.job} of list ${first.list}`,
    );
  }
  if (sameSummary === null) lines.push('  The run did not come to its end, so there is no summary to compare.');
  else {
    const from =
      jobs === null ? 'all of it computed anew, since the run was too short for a journal' : 'drawn from the journal anew';
    lines.push(
      `${mark(sameSummary)} summary.json, ${from}: ${sameSummary ? 'the same to the last byte' : 'it says something else'}`,
    );
  }
  if (!valid) lines.push(colors.bold(colors.red('This run is not what this engine computes.')));
  return `${lines.join('\n')}\n\n`;
}

function describe({ file, valid, reasons, assumptions, lowerBound, upperBound }: VerifiedCertificate, colors: Colors): string[] {
  const rank = lowerBound === upperBound ? `rank = ${lowerBound}` : `${lowerBound} ≤ rank ≤ ${upperBound}`;
  const head = valid
    ? `${colors.green('✓')} ${colors.bold(file)}: valid, ${rank}`
    : `${colors.red('✗')} ${colors.bold(file)}: refused`;
  const texts = [...reasons, ...assumptions.map((assumption) => `Not checked here: ${assumption}`)];
  return [head, ...texts.flatMap((text) => wrapText(text, 110)).map((line) => `    ${line}`)];
}

function outcome(folder: string, certificates: readonly VerifiedCertificate[], colors: Colors): string {
  const refused = certificates.filter(({ valid }) => !valid).length;
  const count = certificates.length;
  if (count === 0) return `The run in ${folder} has no certificates, so nothing was proven.`;
  if (refused === 0) return colors.bold(count === 1 ? 'The certificate is valid.' : `All ${count} certificates are valid.`);
  return colors.bold(colors.red(`${refused} of ${count} certificates refused.`));
}
