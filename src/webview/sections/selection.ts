import { cellId, type RunRecord } from '../../protocol/record';
import { sampleSizesOf } from '../charts/sizes';
import { formatCount } from '../format';
import * as strings from '../strings';
import type { CheckboxControl, Controls, SelectControl } from '../ui/controls';
import { h, setText } from '../ui/dom';

/** Trials offered in the list at most; any other is found in the run folder. */
const MOST_TRIALS = 500;

/** Chooses the training whose curve is highlighted and whose spectra are shown; by default the latest that has finished. */
export class SelectionSection {
  readonly element: HTMLElement;
  private readonly size: SelectControl;
  private readonly trial: SelectControl;
  private readonly follow: CheckboxControl;
  private readonly facts = h('p', { class: 'selection-facts' });
  private shown: { sampleSize: number; trial: number } = { sampleSize: 1, trial: 0 };

  /** `choose` gets a cell id, or null for the latest. */
  constructor(controls: Controls, choose: (selected: string | null) => void) {
    const pick = (change: Partial<typeof this.shown>) => choose(cellId({ ...this.shown, ...change }));
    this.size = controls.select(strings.selection.sampleSize, (value) => pick({ sampleSize: Number(value) }));
    this.trial = controls.select(strings.selection.trial, (value) => pick({ trial: Number(value) }));
    this.follow = controls.checkbox(strings.selection.follow, (checked) => choose(checked ? null : cellId(this.shown)));
    const fields = h('div', { class: 'selection-fields' }, this.size.element, this.trial.element, this.follow.element);
    this.element = h(
      'div',
      { class: 'selection', role: 'group', 'aria-labelledby': 'selection-title' },
      h('h3', { id: 'selection-title' }, strings.selection.title),
      fields,
      this.facts,
    );
  }

  update(record: RunRecord, selected: string | null, following: boolean): void {
    const sizes = sampleSizesOf(record);
    const config = record.accepted?.config;
    const { trials, firstTrial = 0 } = config?.experiment === 'recovery' ? config.training : { trials: 1 };
    const key = selected === null ? null : parseCellId(selected);
    this.shown = key ?? { sampleSize: sizes[0] ?? 1, trial: firstTrial };
    const options = Array.from({ length: Math.min(trials, MOST_TRIALS) }, (_, k) => firstTrial + k);
    if (!options.includes(this.shown.trial)) options.push(this.shown.trial);
    this.size.set(sizes.map(option), String(this.shown.sampleSize));
    this.trial.set(options.map(option), String(this.shown.trial));
    this.follow.setChecked(following);
    for (const control of [this.size, this.trial, this.follow]) control.setDisabled(sizes.length === 0);
    setText(this.facts, this.factsOf(record, selected));
  }

  private factsOf(record: RunRecord, selected: string | null): string {
    if (selected === null) return strings.selection.none;
    const cell = record.cells[selected];
    if (cell) return strings.selection.facts(cell);
    const { sampleSize, trial } = this.shown;
    const words = record.cellsLeftOut[String(sampleSize)] ? strings.selection.maybeLeftOut : strings.selection.notFinished;
    return words(strings.charts.trialName(sampleSize, trial));
  }
}

function option(value: number): { value: string; label: string } {
  return { value: String(value), label: formatCount(value) };
}

export function parseCellId(id: string): { sampleSize: number; trial: number } | null {
  const match = /^(\d+)\/(\d+)$/.exec(id);
  return match ? { sampleSize: Number(match[1]), trial: Number(match[2]) } : null;
}
