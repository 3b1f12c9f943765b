import * as vscode from 'vscode';
import type { EntryState, RunEntry, SortKey } from './runEntry';

export function stateWords(state: EntryState): string {
  switch (state) {
    case 'running':
      return vscode.l10n.t('Running');
    case 'stopping':
      return vscode.l10n.t('Stopping');
    case 'queued':
      return vscode.l10n.t('Queued');
    case 'met':
      return vscode.l10n.t('As expected');
    case 'unmet':
      return vscode.l10n.t('Not as expected');
    case 'inconclusive':
      return vscode.l10n.t('Not decided');
    case 'finished':
      return vscode.l10n.t('Finished');
    case 'failed':
      return vscode.l10n.t('Failed');
    case 'crashed':
      return vscode.l10n.t('Crashed');
    case 'interrupted':
      return vscode.l10n.t('Without an end');
    case 'cancelled':
      return vscode.l10n.t('Stopped');
  }
}

/** What came out, in a few words; how it stands where nothing did. */
export function headline({ state, results, kind }: RunEntry): string {
  const { recoveredFrom, modelRank } = results;
  if (recoveredFrom !== undefined) return vscode.l10n.t('Recovered from {0} samples', recoveredFrom);
  if (modelRank !== undefined && kind === 'rank') return vscode.l10n.t('Model rank {0}', modelRank);
  return stateWords(state);
}

/** `4 met, 1 failed`; empty where nothing was expected. */
export function verdictCounts({ verdicts: { met, failed, inconclusive } }: RunEntry): string {
  return [
    met > 0 ? vscode.l10n.t('{0} met', met) : '',
    failed > 0 ? vscode.l10n.t('{0} failed', failed) : '',
    inconclusive > 0 ? vscode.l10n.t('{0} not decided', inconclusive) : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** The time of day for today, with the date for other days. */
export function timeWords(time: number, now = Date.now()): string {
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  const style: Intl.DateTimeFormatOptions = isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
  return new Intl.DateTimeFormat(vscode.env.language, style).format(time);
}

export function sortWords(sort: SortKey): string {
  if (sort === 'time') return vscode.l10n.t('Date');
  if (sort === 'verdict') return vscode.l10n.t('Verdict');
  return sort.slice('result:'.length);
}
