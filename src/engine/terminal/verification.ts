import type { Verification, VerifiedCertificate } from '../store/verifyRun';
import type { Colors } from './colors';
import { wrapText } from './format';

/** What checking the certificates of a run gave, each with its reasons. */
export function formatVerification(folder: string, { certificates }: Verification, colors: Colors): string {
  const lines = certificates.flatMap((each) => describe(each, colors));
  return `${[...lines, ...(lines.length > 0 ? [''] : []), outcome(folder, certificates, colors)].join('\n')}\n`;
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
