import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { durationWords, progressWords } from './progressWords';

/** What goes on, in few words: one run with its phase and time, several as counts with the time until the last ends. */
export function statusSummary(records: readonly RunRecord[]): string {
  const [only] = records;
  if (only && records.length === 1) return progressWords(only);
  const queued = records.filter(({ state }) => state === 'queued').length;
  const parts = [vscode.l10n.t('{0} running', records.length - queued)];
  if (queued > 0) parts.push(vscode.l10n.t('{0} queued', queued));
  const remaining = records.filter(({ state }) => state !== 'queued').map(({ progress }) => progress?.remainingMs ?? null);
  // Of queued runs nobody knows how long they take.
  const known = remaining.filter((milliseconds) => milliseconds !== null);
  if (queued === 0 && known.length === remaining.length) parts.push(vscode.l10n.t('{0} left', durationWords(Math.max(...known))));
  return parts.join(', ');
}
