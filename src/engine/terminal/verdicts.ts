import type { Verdict } from '../../protocol/events';
import type { Colors } from './colors';
import { wrapText } from './format';

/** `✓ recoveredFrom 7: met`, with the reasons below it. */
export function formatVerdicts(verdicts: readonly Verdict[], colors: Colors): string[] {
  return verdicts.flatMap(({ id, result, expected, reasons }) => {
    const mark = result === 'met' ? colors.green('✓') : result === 'failed' ? colors.red('✗') : colors.yellow('?');
    const word = result === 'met' ? colors.green(result) : result === 'failed' ? colors.red(result) : colors.yellow(result);
    const lines = reasons.flatMap((reason) => wrapText(reason, 110));
    return [`${mark} ${colors.bold(`${id} ${expected}`)}: ${word}`, ...lines.map((line) => `    ${line}`)];
  });
}

/** `2 of 3 expectations met`. */
export function formatOutcome(verdicts: readonly Verdict[]): string {
  const met = verdicts.filter((verdict) => verdict.result === 'met').length;
  if (verdicts.length === 0) return 'The experiment states no expectations.';
  if (met === verdicts.length)
    return verdicts.length === 1 ? 'The expectation is met.' : `All ${verdicts.length} expectations are met.`;
  return `${met} of ${verdicts.length} expectations met.`;
}
