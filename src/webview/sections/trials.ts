import type { FigureHeatMap, ResultFigure } from '../../protocol/figure';
import type { CellTrials, TrialCell, TrialFacts } from '../../protocol/trials';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import type { ButtonControl, Controls } from '../ui/controls';
import { copyButton } from '../ui/copyButton';
import { h, setText, show } from '../ui/dom';

/** While trainings finish, a cell is asked for again at most this often. */
const ASK_MS = 1500;

/** Where trainings of a cell come from, and what can be done with a cell. */
export interface TrialsSource {
  ask(cell: TrialCell, open: number | null): void;
  /** Null for all of its trials. */
  openCell(cell: TrialCell, trial: number | null): void;
  copy(text: string): Promise<void>;
}

/** The trainings of a chosen cell of a phase diagram as a table, each with a way to its loss curve. */
export class TrialsBlock {
  readonly element: HTMLElement;
  private readonly title = h('h3');
  private readonly words = h('p', { class: 'chart-note', role: 'status' });
  private readonly body = h('tbody');
  private readonly scroll: HTMLElement;
  private readonly openCell: ButtonControl;
  private cell: TrialCell | undefined;
  private row = '';
  private open: number | null = null;
  private found: CellTrials | null | undefined;
  private figure: ResultFigure | undefined;
  private asked = 0;
  private timer: number | undefined;
  private shown = '';

  /** `changed` is called when there is something else to draw. */
  constructor(
    controls: Controls,
    private readonly source: TrialsSource,
    private readonly changed: () => void,
  ) {
    const { columns } = strings.trials;
    this.openCell = controls.button(strings.trials.run, 'secondary', () => this.cell && source.openCell(this.cell, null));
    const data = () => ({ columns, rows: (this.found?.trials ?? []).map(valuesOf) });
    const copy = copyButton(controls, strings.trials.columns[0] ?? '', data, (text) => source.copy(text));
    const head = [...columns, strings.trials.open, strings.trials.alone].map((column, i) =>
      h('th', { scope: 'col', class: isNumeric(i) ? 'number' : undefined }, h('span', {}, column)),
    );
    this.scroll = h(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'trials-title' },
      h('table', {}, h('thead', {}, h('tr', {}, ...head)), this.body),
    );
    this.title.id = 'trials-title';
    const actions = h('div', { class: 'chart-actions' }, this.openCell.element, copy);
    this.element = h(
      'section',
      { class: 'trials', 'aria-labelledby': 'trials-title' },
      h('div', { class: 'chart-head' }, this.title, actions),
      this.words,
      this.scroll,
    );
  }

  /** Shows the trainings of a cell; asks for them where they are others now. */
  show(figure: ResultFigure, cell: TrialCell, row: string): void {
    if (this.cell?.variant !== cell.variant || this.cell.sampleSize !== cell.sampleSize) {
      this.cell = cell;
      this.row = row;
      this.open = null;
      this.found = undefined;
      this.ask();
      this.draw();
    } else if (figure !== this.figure) this.askSoon();
    this.figure = figure;
  }

  /** Nothing is chosen any more. */
  clear(): void {
    globalThis.clearTimeout(this.timer);
    this.timer = undefined;
    this.cell = undefined;
    this.found = undefined;
    this.figure = undefined;
    this.element.remove();
  }

  /** An answer; one to an earlier question is none. */
  receive(cell: TrialCell, found: CellTrials | null): void {
    if (cell.variant !== this.cell?.variant || cell.sampleSize !== this.cell.sampleSize) return;
    this.found = found;
    this.draw();
    this.changed();
  }

  /** The loss curve of the training that is open. */
  curve(id: string): ResultFigure | null {
    const { cell, found, row } = this;
    const opened = found?.opened;
    if (!cell || !opened || opened.trial !== this.open) return null;
    const { steps, losses } = opened.curve;
    return {
      id,
      title: strings.trials.curve(row, cell.sampleSize, opened.trial),
      caption: strings.trials.curveCaption,
      x: { title: strings.comparison.loss.x, scale: 'log' },
      y: { title: strings.lossCurves.loss, scale: 'log' },
      layers: [
        {
          kind: 'line',
          label: strings.trials.curveLabel(opened.trial),
          ink: 'primary',
          symbol: true,
          x: steps,
          y: losses.map((value) => (Number.isFinite(value) ? value : null)),
        },
      ],
    };
  }

  /** Puts the keyboard into the table. */
  focus(): void {
    (this.body.querySelector('button') ?? this.scroll).focus();
  }

  dispose(): void {
    globalThis.clearTimeout(this.timer);
  }

  private ask(): void {
    globalThis.clearTimeout(this.timer);
    this.timer = undefined;
    this.asked = performance.now();
    if (this.cell) this.source.ask(this.cell, this.open);
  }

  private askSoon(): void {
    const wait = this.asked + ASK_MS - performance.now();
    this.timer ??= globalThis.setTimeout(() => this.ask(), Math.max(0, wait));
  }

  private choose(trial: number): void {
    this.open = trial;
    this.ask();
    this.draw();
  }

  private draw(): void {
    const { cell, found, row } = this;
    if (!cell) return;
    setText(this.title, strings.trials.title(row, cell.sampleSize));
    this.openCell.setLabel(strings.trials.run, strings.trials.runLabel(row, cell.sampleSize));
    const { asking, none, seen, seed } = strings.trials;
    const has = found ? found.trials.length > 0 : false;
    setText(
      this.words,
      found === undefined
        ? asking
        : found && has
          ? `${seen(found.trials.length, found.count)} ${seed(found.trials[0].seed)}`
          : none,
    );
    show(this.scroll, has);
    const trials = found?.trials ?? [];
    const key = JSON.stringify([trials, this.open]);
    if (key === this.shown) return;
    this.shown = key;
    const focused = this.body.contains(document.activeElement) ? document.activeElement?.getAttribute('data-trial') : null;
    this.body.replaceChildren(...trials.map((facts) => this.rowOf(facts)));
    if (focused) this.body.querySelector<HTMLElement>(`[data-trial="${focused}"]`)?.focus();
  }

  private aloneButton(trial: number): HTMLElement {
    const { row, cell } = this;
    const label = strings.trials.aloneLabel(trial, row, cell?.sampleSize ?? 0);
    const button = h('button', { type: 'button', class: 'link', 'aria-label': label }, strings.trials.openAlone);
    button.addEventListener('click', () => this.cell && this.source.openCell(this.cell, trial));
    return button;
  }

  private rowOf(facts: TrialFacts): HTMLElement {
    const { trial } = facts;
    const button = h(
      'button',
      {
        type: 'button',
        class: 'link',
        'data-trial': trial,
        'aria-label': strings.trials.openLabel(trial),
        'aria-pressed': String(trial === this.open),
      },
      strings.trials.open,
    );
    button.addEventListener('click', () => this.choose(trial));
    const cells = textsOf(facts).map((text, i) =>
      i === 0 ? h('th', { scope: 'row', class: 'number' }, text) : h('td', { class: isNumeric(i) ? 'number' : undefined }, text),
    );
    return h('tr', {}, ...cells, h('td', {}, button), h('td', {}, this.aloneButton(trial)));
  }
}

/** The cell of a map at a place, where it stands for trainings. */
export function trialCell(layer: FigureHeatMap | undefined, row: number, column: number): TrialCell | undefined {
  const sampleSize = layer?.x[column];
  return layer?.trials === true && sampleSize !== undefined ? { variant: row, sampleSize } : undefined;
}

const isNumeric = (column: number) => column < 4;

function textsOf({ trial, testError, trainLoss, steps, stopReason, recovered }: TrialFacts): string[] {
  return [
    formatCount(trial),
    formatNumber(testError),
    formatNumber(trainLoss),
    formatCount(steps),
    strings.stopReasons[stopReason],
    recovered ? strings.tables.yes : strings.tables.no,
  ];
}

function valuesOf({ trial, testError, trainLoss, steps, stopReason, recovered }: TrialFacts) {
  return [trial, testError, trainLoss, steps, stopReason, recovered];
}
