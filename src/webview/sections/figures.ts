import type { ResultFigure } from '../../protocol/figure';
import type { PanelView } from '../../protocol/panel';
import type { CellTrials, TrialCell } from '../../protocol/trials';
import { cellAt, cellSentence, heatMapOf, heatSlices, nameOfRow, neighbour, type HeatPlace } from '../charts/heatSlices';
import { cellKey, chosenFrame, framed, frameKey } from '../charts/frames';
import type { ChartModel } from '../charts/model';
import { figureChart, figureColumns, figureRows, switchableAxes } from '../charts/figure';
import type { Takeaway } from '../export/chartExports';
import type { ChartTheme } from '../charts/theme';
import * as strings from '../strings';
import { ChartPanel } from '../ui/chartPanel';
import type { Controls, SelectControl } from '../ui/controls';
import { h, show } from '../ui/dom';
import { formatTableValue } from '../ui/tableValue';
import { trialCell, TrialsBlock, type TrialsSource } from './trials';
import { lookOf, withHidden, withScale, withTable, withWindow } from '../view';

interface Shown {
  panel: ChartPanel;
  /** Chooses one of the frames. */
  frame: SelectControl | undefined;
  /** What the panel cannot change any more. */
  key: string;
  figure: ResultFigure;
  model: ChartModel | null;
  /** What the figure was drawn with last. */
  drawn: { figure: ResultFigure; theme: ChartTheme; view: PanelView } | null;
}

/** What a chart shows besides its figure: what was published for it. */
type Addition = (model: ChartModel, figure: ResultFigure) => ChartModel;

/** The figures that a study tells, in their order, each drawn anew when it or the theme or the view has changed. */
export class FiguresSection {
  readonly element: HTMLElement;
  private readonly grid = h('div', { class: 'chart-grid' });
  private readonly chosen = new Map</* figure id */ string, HeatPlace>();
  private readonly slices = new Map<string, { figure: ResultFigure; place: HeatPlace; slices: ResultFigure[] }>();
  private readonly shown = new Map</* figure id */ string, Shown>();
  private figures: readonly ResultFigure[] = [];
  private readonly frames = new Map</* title of the choice */ string, /* key of a frame */ string>();
  /** Where somebody has trainings to tell of: of the cell that was chosen last. */
  private readonly trials: TrialsBlock | undefined;
  private trialsOf: string | null = null;

  constructor(
    private readonly controls: Controls,
    private readonly view: () => PanelView,
    private readonly setView: (view: PanelView) => void,
    private readonly takeaway: Takeaway,
    trials?: TrialsSource,
  ) {
    this.trials = trials && new TrialsBlock(controls, trials, () => this.setView(this.view()));
    this.element = h(
      'section',
      { 'aria-labelledby': 'figures-title', hidden: true },
      h('h2', { id: 'figures-title' }, strings.figures.section),
      this.grid,
    );
  }

  /** Yields after each figure that was drawn anew. */
  *update(figures: readonly ResultFigure[], theme: ChartTheme, add: Addition = (model) => model): Generator<void, void> {
    show(this.element, figures.length > 0);
    this.figures = figures;
    const pictures = figures.map((figure) => framed(figure, this.frames.get(figure.frames?.title ?? '')));
    const all = pictures.flatMap((figure) => [figure, ...this.slicesOf(figure), ...this.curveOf(figure)]);
    for (const [id, { panel }] of this.shown) {
      if (all.some((figure) => figure.id === id)) continue;
      this.discard(id, panel);
    }
    const view = this.view();
    let before: HTMLElement | null = null;
    for (const figure of all) {
      const isKnown = this.isDrawn(figure, theme, view);
      before = this.draw(figure, theme, view, before, add);
      if (this.trialsOf !== null && figure.id === `${this.trialsOf}-column`) before = this.placeTrials(before);
      if (!isKnown) yield;
    }
  }

  resize(): void {
    for (const { panel } of this.shown.values()) panel.resize();
  }

  dispose(): void {
    for (const { panel } of this.shown.values()) panel.dispose();
    this.trials?.dispose();
  }

  receiveTrials(cell: TrialCell, found: CellTrials | null): void {
    this.trials?.receive(cell, found);
  }

  /** Row and column of the chosen cell. */
  private slicesOf(figure: ResultFigure): ResultFigure[] {
    const place = this.chosen.get(figure.id);
    if (!place) return [];
    const known = this.slices.get(figure.id);
    if (known?.figure === figure && known.place === place) return known.slices;
    const slices = heatSlices(figure, place);
    this.slices.set(figure.id, { figure, place, slices });
    return slices;
  }

  /** Brings the trainings of the chosen cell up to date; gives the loss curve of the one that is open. */
  private curveOf(figure: ResultFigure): ResultFigure[] {
    const place = this.chosen.get(figure.id);
    if (!place || !this.trials || this.trialsOf !== figure.id) return [];
    const cell = trialCell(heatMapOf(figure), place.row, place.column);
    if (!cell) return [];
    this.trials.show(figure, cell, nameOfRow(figure, place.row));
    const curve = this.trials.curve(`${figure.id}-trial`);
    return curve ? [curve] : [];
  }

  /** The trainings stand behind the slices of their figure, before the curve; an element in its place keeps the focus in it. */
  private placeTrials(column: HTMLElement): HTMLElement {
    if (!this.trials) return column;
    if (column.nextElementSibling !== this.trials.element) column.after(this.trials.element);
    return this.trials.element;
  }

  /** Pictures of the cell, where there are any. */
  private chooseFrames(cell: TrialCell): void {
    for (const { frames } of this.figures)
      if (frames?.frames.some((frame) => frameKey(frame) === cellKey(cell))) this.frames.set(frames.title, cellKey(cell));
  }

  private choose({ id }: ResultFigure, place: HeatPlace | undefined): void {
    if (place) this.chosen.set(id, place);
    else this.chosen.delete(id);
    const figure = this.shown.get(id)?.figure;
    const cell = place && figure && trialCell(heatMapOf(figure), place.row, place.column);
    if (cell) {
      this.trialsOf = id;
      this.chooseFrames(cell);
    } else if (this.trialsOf === id) {
      this.trialsOf = null;
      this.trials?.clear();
    }
    const shown = this.shown.get(id);
    if (shown) shown.drawn = null;
    this.setView(this.view());
  }

  /** Enter chooses the first cell, and goes to the trainings of one that is chosen; arrows go on from the chosen one, Escape ends. */
  private keyOn(figure: ResultFigure, key: string): boolean {
    const layer = heatMapOf(figure);
    const place = this.chosen.get(figure.id);
    if (!layer) return false;
    if (key === 'Enter' && !place) this.choose(figure, neighbour(layer, { row: 0, column: 0 }, -layer.x.length, -layer.y.length));
    else if (key === 'Enter' && this.trialsOf === figure.id) this.trials?.focus();
    else if (key === 'Escape' && place) this.choose(figure, undefined);
    else {
      const step = place && STEPS[key];
      if (!step) return false;
      this.choose(figure, neighbour(layer, place, ...step));
    }
    return true;
  }

  /** Gives back the element of the figure, which stands after `before`. */
  private draw(figure: ResultFigure, theme: ChartTheme, view: PanelView, before: HTMLElement | null, add: Addition): HTMLElement {
    const shown = this.panelOf(figure, before);
    shown.figure = figure;
    const { panel } = shown;
    if (this.isDrawn(figure, theme, view)) return panel.element;
    shown.drawn = { figure, theme, view };
    const chart = chartId(figure);
    const scales = view.axes[chart] ?? scalesOf(figure);
    const rows = () => figureRows(figure).map((row) => row.map((value) => formatTableValue(value)));
    const place = this.chosen.get(figure.id);
    const model = add(figureChart(figure, scales), figure);
    shown.model = model;
    const frame = chosenFrame(figure, this.frames.get(figure.frames?.title ?? ''));
    if (frame)
      shown.frame?.set(
        (figure.frames?.frames ?? []).map((each) => ({ value: frameKey(each), label: each.name })),
        frameKey(frame),
      );
    panel.say(place ? cellSentence(figure, place) : '');
    panel.update(
      place ? withCross(model, figure, place) : model,
      scales,
      theme,
      { caption: figure.title, rows },
      lookOf(view, chart),
    );
    return panel.element;
  }

  private isDrawn(figure: ResultFigure, theme: ChartTheme, view: PanelView): boolean {
    const drawn = this.shown.get(figure.id)?.drawn;
    return drawn?.figure === figure && drawn.theme === theme && drawn.view === view;
  }

  private panelOf(figure: ResultFigure, before: HTMLElement | null): Shown {
    const { id, title } = figure;
    const columns = figureColumns(figure);
    const switchable = switchableAxes(figure);
    const isMap = heatMapOf(figure) !== undefined;
    const choice = figure.frames?.title;
    const key = JSON.stringify([title, columns, switchable, isMap, choice]);
    const known = this.shown.get(id);
    if (known?.key === key) return known;
    const chart = chartId(figure);
    const panel = new ChartPanel({
      id: chart,
      title,
      columns,
      switchable,
      controls: this.controls,
      onScale: (axis, scale) => this.setView(withScale(this.view(), chart, scalesOf(shown.figure), axis, scale)),
      onTable: (open) => this.setView(withTable(this.view(), chart, open)),
      onWindow: (window) => this.setView(withWindow(this.view(), chart, window)),
      onHidden: (hidden) => this.setView(withHidden(this.view(), chart, hidden)),
      takeaway: this.takeaway,
      ...(isMap
        ? {
            choose: {
              hint: strings.figures.chooseHint,
              at: (x, y) => this.choose(shown.figure, shown.model ? cellAt(shown.figure, shown.model, x, y) : undefined),
              key: (key) => this.keyOn(shown.figure, key),
            },
          }
        : {}),
    });
    const frame =
      choice === undefined
        ? undefined
        : this.controls.select(choice, (value) => {
            this.frames.set(choice, value);
            this.setView(this.view());
          });
    if (frame) panel.toolbar.append(frame.element);
    const shown: Shown = { panel, frame, key, figure, model: null, drawn: null };
    if (known) known.panel.element.replaceWith(panel.element);
    else if (before) before.after(panel.element);
    else this.grid.prepend(panel.element);
    known?.panel.dispose();
    this.shown.set(id, shown);
    return shown;
  }

  private discard(id: string, panel: ChartPanel): void {
    panel.element.remove();
    panel.dispose();
    this.shown.delete(id);
  }
}

const STEPS: Readonly<Record<string, [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The map with lines through the chosen cell. */
function withCross(model: ChartModel, figure: ResultFigure, { row, column }: HeatPlace): ChartModel {
  const layer = heatMapOf(figure);
  const line = (axis: 'x' | 'y', value: number | undefined) =>
    value === undefined ? [] : [{ axis, value, label: '', ink: 'background' as const, dash: true }];
  return { ...model, markers: [...model.markers, ...line('x', layer?.x[column]), ...line('y', layer?.y[row])] };
}

function chartId({ id }: ResultFigure): string {
  return `figure-${id}`;
}

function scalesOf({ x, y }: ResultFigure): { x: 'linear' | 'log'; y: 'linear' | 'log' } {
  return { x: x.scale, y: y.scale };
}
