import { ChartView } from '../charts/chartView';
import { axis, type AxisScales, type ChartModel, type ScaleKind } from '../charts/model';
import { navigate, type Shown } from '../charts/navigation';
import { valueAt, withoutHidden, type ChartWindow } from '../charts/window';
import type { ChartTheme } from '../charts/theme';
import * as strings from '../strings';
import type { ButtonControl, Controls } from './controls';
import { h, setText, show } from './dom';
import { chartExports, type Takeaway } from '../export/chartExports';
import { legendElements, legendKey, type LegendToggles } from './legend';
import { menu } from './menu';
import { TableView } from './table';

/** Rows that a chart's table shows at most: a page of text, not a data base. */
const MOST_ROWS = 1000;

/** What a person has chosen to see of a chart. */
export interface ChartLook {
  window: ChartWindow;
  /** Labels of series. */
  hidden: readonly string[];
}

/** How long a zoom rests before it is kept. */
const REST_MS = 150;

const isZoomed = ({ x, y }: ChartWindow) => x !== undefined || y !== undefined;

const NOTHING: ChartModel = {
  x: axis(''),
  y: axis(''),
  series: [],
  markers: [],
  legend: [],
  summary: '',
  note: null,
  empty: '',
};

export interface ChartTable {
  caption: string;
  rows: () => string[][];
}

interface ChartPanelOptions {
  /** Distinct among the charts of the page. */
  id: string;
  title: string;
  columns: readonly string[];
  /** Axes that can be switched between linear and logarithmic. */
  switchable: readonly ('x' | 'y')[];
  controls: Controls;
  onScale: (axis: 'x' | 'y', scale: ScaleKind) => void;
  onTable: (open: boolean) => void;
  /** Null shows everything again. */
  onWindow: (window: ChartWindow | null) => void;
  onHidden: (hidden: string[]) => void;
  takeaway: Takeaway;
  /** For charts whose parts can be chosen. */
  choose?: {
    hint: string;
    /** A place of the axes. */
    at: (x: number, y: number) => void;
    /** True when the key was used. */
    key: (key: string) => boolean;
  };
}

/** A chart with its title, axis switches, legend, one-sentence summary, and the table that says the same in text. */
export class ChartPanel {
  readonly element: HTMLElement;
  /** Place for controls of the chart's own, above the picture. */
  readonly toolbar = h('div', { class: 'chart-toolbar' });
  private readonly canvas = h('canvas', { role: 'img' });
  private readonly plot: HTMLElement;
  private readonly emptyText = h('p', { class: 'chart-empty' });
  private readonly legend = h('ul', { class: 'legend' });
  private readonly summary = h('p', { class: 'chart-summary' });
  private readonly note = h('p', { class: 'chart-note' });
  private readonly chosen = h('p', { class: 'chart-chosen', role: 'status' });
  private readonly table: TableView;
  private readonly tableRegion: HTMLElement;
  private readonly tableNote = h('p', { class: 'chart-note' });
  private readonly tableButton: ButtonControl;
  private readonly resetButton: ButtonControl;
  private pending: number | undefined;
  private frame: number | undefined;
  private readonly actions = h('div', { class: 'chart-actions' });
  private readonly axisButtons = new Map<'x' | 'y', ButtonControl>();
  private view: ChartView | undefined;
  private model: ChartModel = NOTHING;
  private scales: AxisScales = { x: 'linear', y: 'linear' };
  private look: ChartLook = { window: {}, hidden: [] };
  private tableOpen = false;
  private shownLegend = '';

  constructor(private readonly options: ChartPanelOptions) {
    const { id, title, columns, switchable, controls } = options;
    const tableId = `table-${id}`;
    for (const which of switchable) {
      const button = controls.button('', 'secondary', () =>
        options.onScale(which, this.scales[which] === 'log' ? 'linear' : 'log'),
      );
      this.axisButtons.set(which, button);
      this.actions.append(button.element);
    }
    this.resetButton = controls.button(strings.charts.showAll, 'secondary', () => this.changeWindow(null));
    this.resetButton.setLabel(strings.charts.showAll, strings.charts.showAllLabel(title));
    show(this.resetButton.element, false);
    this.actions.append(this.resetButton.element);
    this.tableButton = controls.button(strings.charts.table, 'secondary', () => options.onTable(!this.tableOpen));
    this.tableButton.setLabel(strings.charts.table, strings.charts.tableLabel(title));
    this.tableButton.setExpanded(false, tableId);
    this.actions.append(this.tableButton.element);
    const picture = () => ({
      title,
      model: withoutHidden(this.model, this.look.hidden),
      scales: this.scales,
      window: this.look.window,
    });
    this.actions.append(
      menu(controls, strings.exports.menu, strings.exports.menuLabel(title), chartExports(id, picture, options.takeaway)),
    );
    this.table = new TableView('', columns);
    this.tableRegion = h(
      'div',
      {
        class: 'table-scroll',
        id: tableId,
        tabindex: 0,
        role: 'region',
        'aria-label': strings.charts.tableLabel(title),
        hidden: true,
      },
      this.table.element,
      this.tableNote,
    );
    const box = h('div', { class: 'zoom-box', hidden: true });
    this.plot = h(
      'div',
      {
        class: 'plot',
        tabindex: 0,
        role: 'group',
        'aria-label': strings.charts.plotLabel(title),
        'aria-description': [options.choose?.hint, strings.charts.plotHint].filter(Boolean).join('. '),
      },
      this.canvas,
      box,
    );
    navigate(this.plot, box, {
      shown: () => this.shown(),
      change: (window) => this.changeWindow(window),
      pick: (x, y) => this.pick(x, y),
      key: (key) => options.choose?.key(key) ?? false,
    });
    this.element = h(
      'figure',
      { class: 'chart', 'data-chart': id },
      h('div', { class: 'chart-head' }, h('h3', { id: `title-${id}` }, title), this.actions),
      this.toolbar,
      this.plot,
      this.emptyText,
      this.legend,
      h('figcaption', {}, this.summary, this.note, this.chosen),
      this.tableRegion,
    );
    this.element.setAttribute('aria-labelledby', `title-${id}`);
  }

  update(
    model: ChartModel,
    scales: AxisScales,
    theme: ChartTheme,
    table: ChartTable,
    look: ChartLook & { tableOpen: boolean },
  ): void {
    this.model = model;
    // What the person does just now is not undone by a drawing that began before.
    if (this.pending === undefined) this.look = look;
    show(this.resetButton.element, isZoomed(this.look.window));
    this.scales = scales;
    for (const [which, button] of this.axisButtons) {
      button.setLabel(
        strings.charts.axisToggle(which, scales[which]),
        strings.charts.axisToggleLabel(which, scales[which], this.options.title),
      );
    }
    const empty = model.empty !== null;
    show(this.actions, !empty);
    show(this.plot, !empty);
    show(this.emptyText, empty);
    setText(this.emptyText, model.empty ?? '');
    this.updateLegend(model, theme, empty);
    this.updateWords(model, empty);
    this.updateTable(table, look.tableOpen && !empty);
    if (empty) return;
    this.view ??= new ChartView(this.canvas);
    this.view.draw(withoutHidden(model, this.look.hidden), scales, theme, this.look.window);
  }

  /** Says what is chosen; an empty text for nothing. */
  say(chosen: string): void {
    setText(this.chosen, chosen);
  }

  resize(): void {
    this.view?.resize();
  }

  dispose(): void {
    globalThis.clearTimeout(this.pending);
    this.view?.dispose();
  }

  private pick(px: number, py: number): void {
    const at = this.view?.shown();
    if (!at) return;
    const [fx, fy] = [(px - at.left) / at.width, 1 - (py - at.top) / at.height];
    this.options.choose?.at(valueAt(at.x, at.scales.x, fx), valueAt(at.y, at.scales.y, fy));
  }

  /** What the plot shows, or will with the next frame: keys and wheels may be faster than frames. */
  private shown(): Shown | null {
    const drawn = this.view?.shown() ?? null;
    return drawn && { ...drawn, ...this.look.window };
  }

  /** Draws with the next frame what the hand does, and tells it when the hand rests. */
  private changeWindow(window: ChartWindow | null): void {
    this.look = { ...this.look, window: window ?? {} };
    show(this.resetButton.element, isZoomed(this.look.window));
    // Whatever comes next begins from all of it.
    if (window === null) this.view?.look({});
    this.frame ??= globalThis.requestAnimationFrame(() => {
      this.frame = undefined;
      this.view?.look(this.look.window);
    });
    globalThis.clearTimeout(this.pending);
    this.pending = globalThis.setTimeout(() => {
      this.pending = undefined;
      this.options.onWindow(isZoomed(this.look.window) ? this.look.window : null);
    }, REST_MS);
  }

  private updateLegend(model: ChartModel, theme: ChartTheme, empty: boolean): void {
    show(this.legend, !empty && model.legend.length > 0);
    const toggles: LegendToggles = {
      known: new Set(model.series.filter(({ kind }) => kind !== 'heatMap' && kind !== 'graph').map(({ label }) => label)),
      hidden: this.look.hidden,
      onToggle: (labels, visible) => {
        const others = this.look.hidden.filter((label) => !labels.includes(label));
        this.options.onHidden(visible ? others : [...others, ...labels]);
      },
    };
    const key = legendKey(model.legend, theme, toggles);
    if (key === this.shownLegend) return;
    this.shownLegend = key;
    const focused = this.legend.contains(document.activeElement) ? document.activeElement?.getAttribute('data-series') : null;
    this.legend.replaceChildren(...legendElements(model.legend, theme, toggles));
    for (const button of this.legend.querySelectorAll('button'))
      if (focused && button.dataset['series'] === focused) button.focus();
  }

  private updateWords(model: ChartModel, empty: boolean): void {
    const label = `${this.options.title}. ${model.empty ?? model.summary}`;
    if (this.canvas.getAttribute('aria-label') !== label) this.canvas.setAttribute('aria-label', label);
    setText(this.summary, empty ? '' : model.summary);
    setText(this.note, empty ? '' : (model.note ?? ''));
    show(this.note, !empty && model.note !== null);
  }

  private updateTable(table: ChartTable, open: boolean): void {
    if (open !== this.tableOpen) {
      this.tableOpen = open;
      this.tableButton.setExpanded(open, this.tableRegion.id);
      show(this.tableRegion, open);
    }
    if (!open) return;
    const rows = table.rows();
    this.table.update(
      rows.slice(0, MOST_ROWS).map((cells) => ({ cells })),
      table.caption,
    );
    setText(this.tableNote, rows.length > MOST_ROWS ? strings.charts.tableShortened(MOST_ROWS, rows.length) : '');
    show(this.tableNote, rows.length > MOST_ROWS);
  }
}
