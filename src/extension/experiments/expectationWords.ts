import * as vscode from 'vscode';
import type { Verdict } from '../../protocol/events';
import type { ExpectationState } from './expectationStates';

/** Most expectations of one line that have a lens each. */
const MOST_LENSES = 3;

const ICONS = { met: '$(pass)', failed: '$(error)', inconclusive: '$(question)' } as const satisfies Record<
  Verdict['result'],
  string
>;

/** Titles of the lenses over one line with expectations. */
export function expectationTitles(states: readonly ExpectationState[], isRunning: boolean): string[] {
  if (states.length > MOST_LENSES) return [summaryTitle(states, isRunning)];
  return states.map((state) => title(state, states.length > 1, isRunning));
}

/** The reasons of all of them, for a tooltip. */
export function expectationReasons(states: readonly ExpectationState[]): string {
  return states.flatMap(({ id, verdict }) => (verdict ? [`${id}: ${verdict.reasons.join(' ')}`] : [])).join('\n');
}

function title({ id, verdict, isStale }: ExpectationState, isNamed: boolean, isRunning: boolean): string {
  const named = (words: string) => (isNamed ? `${id}: ${words}` : words);
  if (!verdict) return isRunning ? `$(loading~spin) ${named(vscode.l10n.t('running'))}` : named(vscode.l10n.t('not judged yet'));
  const words = verdictWords(verdict);
  return isStale
    ? `$(history) ${named(vscode.l10n.t('{0}, before the file changed', words))}`
    : `${ICONS[verdict.result]} ${named(words)}`;
}

function verdictWords({ result, value, reasons }: Verdict): string {
  switch (result) {
    case 'met':
      return vscode.l10n.t('met');
    case 'failed':
      return value === null ? vscode.l10n.t('failed') : vscode.l10n.t('failed: {0} came out', String(value));
    case 'inconclusive':
      return reasons[0] === undefined ? vscode.l10n.t('not decided') : vscode.l10n.t('not decided: {0}', clipped(reasons[0]));
  }
}

function summaryTitle(states: readonly ExpectationState[], isRunning: boolean): string {
  const judged = states.filter(({ verdict }) => verdict);
  if (judged.length === 0)
    return isRunning
      ? `$(loading~spin) ${vscode.l10n.t('running')}`
      : vscode.l10n.t('{0} expectations, not judged yet', states.length);
  const met = judged.filter(({ verdict }) => verdict?.result === 'met').length;
  const icon = judged.some(({ isStale }) => isStale)
    ? '$(history)'
    : judged.some(({ verdict }) => verdict?.result === 'failed')
      ? ICONS.failed
      : met === states.length
        ? ICONS.met
        : ICONS.inconclusive;
  return `${icon} ${vscode.l10n.t('{0} of {1} expectations met', met, states.length)}`;
}

/** The first sentence of a reason, at most as long as a lens may be. */
function clipped(reason: string): string {
  const [sentence = reason] = reason.split(/(?<=\.)\s/, 1);
  return sentence.length > 80 ? `${sentence.slice(0, 80)}…` : sentence;
}
