import * as vscode from 'vscode';
import type { Phase } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';

/** Where a run stands, in a few words: `training 40 %, 12 s left`. */
export function progressWords({ state, queuePosition, phase, progress }: RunRecord): string {
  if (state === 'queued') return vscode.l10n.t('queued, position {0}', queuePosition ?? 1);
  if (state === 'waiting') return vscode.l10n.t('starting');
  if (state === 'stopping') return vscode.l10n.t('stopping');
  const words = phase === null ? vscode.l10n.t('starting') : phaseWords(phase);
  if (phase !== 'training' || !progress || progress.total === 0) return words;
  const percent = Math.floor((100 * progress.done) / progress.total);
  return progress.remainingMs === null
    ? vscode.l10n.t('{0} {1} %', words, percent)
    : vscode.l10n.t('{0} {1} %, {2} left', words, percent, durationWords(progress.remainingMs));
}

function phaseWords(phase: Phase): string {
  switch (phase) {
    case 'preparing':
      return vscode.l10n.t('preparing');
    case 'training':
      return vscode.l10n.t('training');
    case 'measuring':
      return vscode.l10n.t('measuring');
    case 'judging':
      return vscode.l10n.t('judging');
    case 'writing':
      return vscode.l10n.t('writing');
  }
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return vscode.l10n.t('{0} s', seconds);
  if (seconds < 3600) return vscode.l10n.t('{0} min {1} s', Math.floor(seconds / 60), seconds % 60);
  return vscode.l10n.t('{0} h {1} min', Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60));
}
