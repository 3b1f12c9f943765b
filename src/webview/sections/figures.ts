import type { ResultFigure } from '../../protocol/figure';
import type { PanelView } from '../../protocol/panel';
import { figureChart, figureColumns, figureRows, switchableAxes } from '../charts/figure';
import type { Takeaway } from '../export/chartExports';
import type { ChartTheme } from '../charts/theme';
import * as strings from '../strings';
import { ChartPanel } from '../ui/chartPanel';
import type { Controls } from '../ui/controls';
import { h, show } from '../ui/dom';
import { formatTableValue } from '../ui/tableValue';
import { lookOf, withHidden, withScale, withTable, withWindow } from '../view';

interface Shown {
  panel: ChartPanel;
  /** What the panel cannot change any more. */
  key: string;
  figure: ResultFigure;
  /** What the figure was drawn with last. */
  drawn: { figure: ResultFigure; theme: ChartTheme; view: PanelView } | null;
}

/** The figures that a study tells, in their order, each drawn anew when it or the theme or the view has changed. */
export class FiguresSection {
  readonly element: HTMLElement;
  private readonly grid = h('div', { class: 'chart-grid' });
  private readonly shown = new Map</* figure id */ string, Shown>();

  constructor(
    private readonly controls: Controls,
    private readonly view: () => PanelView,
    private readonly setView: (view: PanelView) => void,
    private readonly takeaway: Takeaway,
  ) {
    this.element = h(
      'section',
      { 'aria-labelledby': 'figures-title', hidden: true },
      h('h2', { id: 'figures-title' }, strings.figures.section),
      this.grid,
    );
  }

  update(figures: readonly ResultFigure[], theme: ChartTheme): void {
    show(this.element, figures.length > 0);
    for (const [id, { panel }] of this.shown) {
      if (figures.some((figure) => figure.id === id)) continue;
      this.discard(id, panel);
    }
    const view = this.view();
    for (const figure of figures) this.draw(figure, theme, view);
  }

  resize(): void {
    for (const { panel } of this.shown.values()) panel.resize();
  }

  dispose(): void {
    for (const { panel } of this.shown.values()) panel.dispose();
  }

  private draw(figure: ResultFigure, theme: ChartTheme, view: PanelView): void {
    const shown = this.panelOf(figure);
    shown.figure = figure;
    const { drawn, panel } = shown;
    if (drawn?.figure === figure && drawn.theme === theme && drawn.view === view) return;
    shown.drawn = { figure, theme, view };
    const chart = chartId(figure);
    const scales = view.axes[chart] ?? scalesOf(figure);
    const rows = () => figureRows(figure).map((row) => row.map((value) => formatTableValue(value)));
    panel.update(figureChart(figure, scales), scales, theme, { caption: figure.title, rows }, lookOf(view, chart));
  }

  private panelOf(figure: ResultFigure): Shown {
    const { id, title } = figure;
    const columns = figureColumns(figure);
    const switchable = switchableAxes(figure);
    const key = JSON.stringify([title, columns, switchable]);
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
    });
    const shown: Shown = { panel, key, figure, drawn: null };
    if (known) known.panel.element.replaceWith(panel.element);
    else this.grid.append(panel.element);
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

function chartId({ id }: ResultFigure): string {
  return `figure-${id}`;
}

function scalesOf({ x, y }: ResultFigure): { x: 'linear' | 'log'; y: 'linear' | 'log' } {
  return { x: x.scale, y: y.scale };
}
