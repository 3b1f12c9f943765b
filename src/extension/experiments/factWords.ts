import * as vscode from 'vscode';
import { durationWords } from '../runs/progressWords';
import type { TimeEstimate } from '../runs/trainingTimes';
import type { Fact } from './facts';

/** A fact in a few words, for the end of a line. */
export function factLabel(fact: Fact, time: TimeEstimate | undefined): string {
  switch (fact.kind) {
    case 'sampleSize':
      return sampleSizeLabel(fact);
    case 'thresholds':
      return thresholdsLabel(fact.thresholds);
    case 'parameters':
      return fact.parameters === 1 ? vscode.l10n.t('1 parameter') : vscode.l10n.t('{0} parameters', counted(fact.parameters));
    case 'trainings': {
      const count = trainingsLabel(fact.trainings, fact.isMost);
      return time ? vscode.l10n.t('{0}, {1}', count, timeLabel(time, fact.isMost)) : count;
    }
  }
}

/** What stands behind a fact, for a tooltip; empty where the label says it all. */
export function factDetail(fact: Fact, time: TimeEstimate | undefined): string {
  switch (fact.kind) {
    case 'sampleSize':
      return fact.exact
        ? vscode.l10n.t('Optimistic sample size: the least number of samples from which the target can be recovered.')
        : vscode.l10n.t('Upper bound of the optimistic sample size, the least number from which the target can be recovered.');
    case 'thresholds':
      return vscode.l10n.t(
        'Sample sizes from which on the first and the last branch of the global minima are separated, and from which on every zero of the loss is the target.',
      );
    case 'parameters':
      return '';
    case 'trainings':
      return timeDetail(time);
  }
}

/** `90 trainings`; `at most 90 trainings` where a search may need fewer. */
export function trainingsLabel(trainings: number, isMost: boolean): string {
  if (trainings === 1) return vscode.l10n.t('1 training');
  return isMost ? vscode.l10n.t('at most {0} trainings', counted(trainings)) : vscode.l10n.t('{0} trainings', counted(trainings));
}

function timeLabel({ milliseconds, isMost }: TimeEstimate, isMostTrainings: boolean): string {
  const words = durationWords(milliseconds);
  return isMost || isMostTrainings ? vscode.l10n.t('at most about {0}', words) : vscode.l10n.t('about {0}', words);
}

function timeDetail(time: TimeEstimate | undefined): string {
  if (!time) return vscode.l10n.t('How long they take is not known yet: no trainings of this model were run in this workspace.');
  return time.isMost
    ? vscode.l10n.t('If every training took all its steps, at the speed of steps in the last run of this model. Most end sooner.')
    : vscode.l10n.t('As long as the same trainings took in their last run.');
}

function sampleSizeLabel({ smallest, largest, exact }: Extract<Fact, { kind: 'sampleSize' }>): string {
  if (smallest !== largest) return `${exact ? 'n* =' : 'n* ≤'} ${smallest} … ${largest}`;
  return `${exact ? 'n* =' : 'n* ≤'} ${largest}`;
}

/** `n = 16 … 32, all from 41`. */
export function thresholdsLabel({
  firstSeparated,
  lastSeparated,
  everything,
}: Extract<Fact, { kind: 'thresholds' }>['thresholds']): string {
  return firstSeparated === lastSeparated
    ? vscode.l10n.t('n = {0}, all from {1}', firstSeparated, everything)
    : vscode.l10n.t('n = {0} … {1}, all from {2}', firstSeparated, lastSeparated, everything);
}

function counted(count: number): string {
  return count.toLocaleString(vscode.env.language);
}
