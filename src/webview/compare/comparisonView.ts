import type { PublishedConfig } from '../../protocol/published';
import type { ComparedRun } from '../../protocol/compare';
import type { PanelView } from '../../protocol/panel';
import type { ResultFigure } from '../../protocol/figure';
import { withPublished } from '../charts/published';
import { RedrawScheduler } from '../charts/schedule';
import { readTheme, watchTheme, type ChartTheme } from '../charts/theme';
import type { Outlet } from '../export/outlet';
import { FiguresSection } from '../sections/figures';
import { TablesSection } from '../sections/tables';
import * as strings from '../strings';
import type { Controls } from '../ui/controls';
import { h, setText } from '../ui/dom';
import { comparedPublished, comparisonFigures } from './figures';
import { runNames } from './names';
import { comparisonTables } from './tables';

interface Options {
  controls: Controls;
  view: () => PanelView;
  setView: (view: PanelView) => void;
  outlet: Outlet;
}

/** Several runs beside each other: their curves in the same charts, what came out, and the settings that differ. */
export class ComparisonView {
  private readonly title = h('h1');
  private readonly figures: FiguresSection;
  private readonly tables: TablesSection;
  private readonly scheduler: RedrawScheduler;
  private readonly stopWatching: () => void;
  private theme: ChartTheme = readTheme();
  private shown: ResultFigure[] = [];
  private published: PublishedConfig[] = [];

  constructor(root: HTMLElement, { controls, view, setView, outlet }: Options) {
    this.scheduler = new RedrawScheduler(window, root, () => this.draw());
    const origin = () => ({ file: strings.comparison.file, hash: null, seed: null, engine: null });
    const changeView = (next: PanelView) => {
      setView(next);
      this.scheduler.request();
    };
    this.figures = new FiguresSection(controls, view, changeView, { outlet, origin });
    this.tables = new TablesSection(controls, (text) => outlet.copy(text));
    const head = h('header', {}, this.title, h('p', { class: 'subtitle' }, strings.comparison.subtitle));
    root.replaceChildren(head, this.figures.element, this.tables.element);
    this.stopWatching = watchTheme(() => {
      this.theme = readTheme();
      this.scheduler.request();
    });
  }

  show(runs: readonly ComparedRun[]): void {
    const names = runNames(runs);
    const title = strings.comparison.title(runs.length);
    setText(this.title, title);
    document.title = strings.header.pageTitle(title);
    this.shown = comparisonFigures(runs, names);
    this.published = comparedPublished(runs);
    this.tables.update(comparisonTables(runs, names));
    this.scheduler.request();
  }

  dispose(): void {
    this.stopWatching();
    this.scheduler.dispose();
    this.figures.dispose();
  }

  private *draw(): Generator<void, void> {
    yield* this.figures.update(this.shown, this.theme, (model, { id }) => withPublished(model, this.published, id));
  }
}
