import { isResult, type EngineEvent } from '../../protocol/events';
import type { PanelView } from '../../protocol/panel';
import type { RunRecord, RunState } from '../../protocol/record';
import type { CellTrials, TrialCell } from '../../protocol/trials';
import { readTheme, watchTheme, type ChartTheme } from '../charts/theme';
import { hasEnded } from '../charts/sizes';
import { publishedTable } from '../published';
import { withPublished } from '../charts/published';
import { publishedOf } from '../../protocol/published';
import { RedrawScheduler } from '../charts/schedule';
import { originOf, type Origin } from '../export/origin';
import { runExports } from '../export/runExports';
import type { Outlet } from '../export/outlet';
import type { Controls } from '../ui/controls';
import * as strings from '../strings';
import { h, setText, show } from '../ui/dom';
import { menu } from '../ui/menu';
import type { ChartId } from '../view';
import { ChartsSection } from './charts';
import { FiguresSection } from './figures';
import { HeaderSection } from './header';
import { ResultsSection } from './results';
import { StatusSection } from './status';
import { TablesSection } from './tables';
import { TilesSection } from './tiles';
import type { TrialsSource } from './trials';
import { VerdictsSection, verdictAnnouncement } from './verdicts';

const ALL_CHARTS: readonly ChartId[] = ['testError', 'lossCurves', 'singularValues', 'hessian', 'empiricalRank'];

/** Which charts an event can change. */
const CHANGES: Partial<Record<EngineEvent['type'], readonly ChartId[]>> = {
  hello: [],
  phase: [],
  progress: [],
  table: [],
  figure: [],
  verdict: [],
  curve: ['lossCurves'],
  rank: ['singularValues', 'empiricalRank'],
  spectrum: ['hessian'],
  sampleSize: ['testError'],
};

const NO_ORIGIN: Origin = { file: '', hash: null, seed: null, engine: null };

interface RunViewOptions {
  controls: Controls;
  /** Shows the name of the experiment file. */
  file: HTMLElement;
  /** Buttons, or nothing in a report. */
  actions: HTMLElement | null;
  view: () => PanelView;
  setView: (view: PanelView) => void;
  outlet: Outlet;
  /** Where trainings of a cell can be asked for. */
  trials?: Omit<TrialsSource, 'copy'>;
}

/** A run from its title to its last table, drawn from a record; the same in a panel and in a report. */
export class RunView {
  private readonly header: HeaderSection;
  private readonly status: StatusSection;
  private readonly tiles = new TilesSection();
  private readonly verdicts = new VerdictsSection();
  private readonly charts: ChartsSection;
  private readonly figures: FiguresSection;
  private readonly tables: TablesSection;
  private readonly results = new ResultsSection();
  private readonly live = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  private readonly scheduler: RedrawScheduler;
  private readonly stopWatching: () => void;
  private readonly changed = new Set<ChartId>();
  private theme: ChartTheme = readTheme();
  /** Ways to take the run away, once there is something of it. */
  private readonly exports: HTMLElement;
  private record: RunRecord | undefined;
  private announced: RunState | undefined;
  /** Whether a result has come since `show`. */
  private hasResult = false;

  constructor(
    private readonly root: HTMLElement,
    options: RunViewOptions,
  ) {
    this.scheduler = new RedrawScheduler(window, root, () => this.draw());
    this.header = new HeaderSection(options.file);
    this.status = new StatusSection(options.controls);
    const { controls, outlet } = options;
    const setView = (view: PanelView, changed: readonly ChartId[] = ALL_CHARTS) => {
      options.setView(view);
      for (const id of changed) this.changed.add(id);
      this.scheduler.request();
    };
    const takeaway = { outlet, origin: () => (this.record ? originOf(this.record) : NO_ORIGIN) };
    this.charts = new ChartsSection(controls, options.view, setView, takeaway);
    const { trials } = options;
    const source = trials && { ...trials, copy: (text: string) => outlet.copy(text) };
    this.figures = new FiguresSection(controls, options.view, setView, takeaway, source);
    this.tables = new TablesSection(controls, (text) => outlet.copy(text));
    this.exports = menu(
      controls,
      strings.exports.ofRun,
      strings.exports.ofRun,
      runExports(() => this.record, outlet),
    );
    const buttons = h('div', { class: 'run-actions' }, options.actions, this.exports);
    const top = h('div', { class: 'status-bar' }, this.status.element, buttons);
    root.replaceChildren(
      this.header.element,
      top,
      this.tiles.element,
      this.verdicts.element,
      this.charts.element,
      this.figures.element,
      this.results.element,
      this.tables.element,
      this.live,
    );
    this.stopWatching = watchTheme(() => {
      this.theme = readTheme();
      this.touchAll();
    });
  }

  /** Shows another record from now on. */
  show(record: RunRecord): void {
    // Records of earlier versions have neither tables nor figures.
    record.tables ??= [];
    record.figures ??= [];
    if (this.record?.id !== record.id) this.announced = hasEnded(record) ? record.state : undefined;
    this.scheduler.abandon();
    this.record = record;
    this.hasResult = false;
    this.touchAll(true);
  }

  receiveTrials(cell: TrialCell, found: CellTrials | null): void {
    this.figures.receiveTrials(cell, found);
  }

  /** Something that the event says has changed in the record that is shown. */
  touch(event: EngineEvent): void {
    for (const id of CHANGES[event.type] ?? ALL_CHARTS) this.changed.add(id);
    const isFirst = !this.hasResult && isResult(event);
    this.hasResult ||= isFirst;
    this.scheduler.request(isFirst);
  }

  /** @param isAwaited whether somebody waits for just this. */
  touchAll(isAwaited = false): void {
    for (const id of ALL_CHARTS) this.changed.add(id);
    this.scheduler.request(isAwaited);
  }

  /** Everything as it should be on paper, now and not at the next frame. */
  drawForPrint(): void {
    this.header.openDetails();
    this.verdicts.openAll();
    this.theme = readTheme();
    this.charts.resize();
    this.figures.resize();
    this.scheduler.abandon();
    for (const id of ALL_CHARTS) this.changed.add(id);
    for (const draw = this.draw(); !draw.next().done;);
  }

  dispose(): void {
    this.stopWatching();
    this.scheduler.dispose();
    this.charts.dispose();
    this.figures.dispose();
  }

  /** Draws from the top to the bottom; yields where the rest can wait for the next frame. */
  private *draw(): Generator<void, void> {
    const { record } = this;
    if (!record) return;
    const changed = new Set(this.changed);
    this.changed.clear();
    this.root.dataset['state'] = record.state;
    show(this.exports, hasContent(record));
    this.header.update(record);
    this.status.update(record);
    this.tiles.update(record);
    this.verdicts.update(record);
    const published = publishedOf(record);
    yield;
    // In the order of the page: what is seen first is drawn first.
    yield* this.charts.update(record, changed, this.theme);
    yield* this.figures.update(record.figures, this.theme, (model, { id }) => withPublished(model, published, id));
    this.results.update(record);
    this.tables.update([...publishedTable(record), ...record.tables]);
    if (hasEnded(record) && this.announced !== record.state) {
      this.announced = record.state;
      setText(this.live, verdictAnnouncement(record));
    } else if (!hasEnded(record)) {
      this.announced = undefined;
    }
  }
}

/** Whether anything came out of the run so far. */
function hasContent({ sampleSizes, cells, curves, ranks, tables, figures, verdicts, finished }: RunRecord): boolean {
  const parts = [sampleSizes, cells, curves, ranks, tables, figures, verdicts];
  return finished !== null || parts.some((part) => Object.keys(part).length > 0);
}
