import type { PanelView } from '../../protocol/panel';
import { publishedOf } from '../../protocol/published';
import type { RunRecord } from '../../protocol/record';
import { isToldByTables, modelExperiment } from '../accepted';
import { empiricalRankChart, empiricalRankTable } from '../charts/empiricalRank';
import { hessianDensity } from '../charts/hessianDensity';
import { hessianHistory, historyTable } from '../charts/hessianHistory';
import { hessianSpectrum, hessianTable } from '../charts/hessianSpectrum';
import { lossCurves, lossTable } from '../charts/lossCurves';
import type { ChartModel, AxisScales } from '../charts/model';
import { withPublished } from '../charts/published';
import { chosenSource, rankSources } from '../charts/rankSources';
import { hasEnded } from '../charts/sizes';
import { indexOfPlace, spectraOnTheWay, spectrumPlaces } from '../charts/spectrumPlaces';
import { tangentSpectrum, tangentTable } from '../charts/tangentSpectrum';
import { testErrorChart, testErrorTable } from '../charts/testError';
import type { ChartTheme } from '../charts/theme';
import type { Takeaway } from '../export/chartExports';
import * as strings from '../strings';
import { ChartPanel, type ChartTable } from '../ui/chartPanel';
import type { Controls, SelectControl } from '../ui/controls';
import { h, show } from '../ui/dom';
import { lookOf, scalesOf, withHidden, withScale, withTable, withWindow, type ChartId } from '../view';
import { SelectionSection, parseCellId } from './selection';
import { SpectrumScrubber } from './spectrumScrubber';

const CHARTS: Record<ChartId, { title: string; columns: readonly string[]; switchable: readonly ('x' | 'y')[] }> = {
  testError: { title: strings.testError.title, columns: strings.testError.columns, switchable: ['x', 'y'] },
  lossCurves: { title: strings.lossCurves.title, columns: strings.lossCurves.columns, switchable: ['x', 'y'] },
  singularValues: { title: strings.singularValues.title, columns: strings.singularValues.columns, switchable: ['x', 'y'] },
  hessian: { title: strings.hessian.title, columns: strings.hessian.columns, switchable: ['x', 'y'] },
  empiricalRank: { title: strings.empiricalRank.title, columns: strings.empiricalRank.columns, switchable: ['x'] },
};

interface Drawn {
  model: ChartModel;
  table: ChartTable;
}

/** All charts of a run and the choice of the training that some of them show. */
export class ChartsSection {
  readonly element: HTMLElement;
  /** Each is made when it is drawn first: what is seen first does not wait for the rest. */
  private readonly panels = new Map<ChartId, ChartPanel>();
  /** Of charts that are to come: those before them have their size at once. */
  private readonly places = new Map<ChartId, HTMLElement>();
  private readonly selection: SelectionSection;
  private readonly source: SelectControl;
  private sourceId: string | null = null;
  private readonly scrubber: SpectrumScrubber;
  private readonly overview = h('div', { class: 'chart-grid' });
  private readonly ofTraining = h('div', { class: 'chart-grid' });
  private arranged = '';

  constructor(
    private readonly controls: Controls,
    private readonly view: () => PanelView,
    /** Says which charts the change shows in; all without a list. */
    private readonly setView: (view: PanelView, changed?: readonly ChartId[]) => void,
    private readonly takeaway: Takeaway,
  ) {
    this.selection = new SelectionSection(controls, (selectedCell) => setView({ ...view(), selectedCell }));
    this.source = controls.select(strings.singularValues.source, (id) => {
      this.sourceId = id;
      setView(view());
    });
    this.scrubber = new SpectrumScrubber(controls, (spectrum) => setView({ ...view(), spectrum }, ['hessian']));
    this.element = h(
      'section',
      { 'aria-labelledby': 'charts-title' },
      h('h2', { id: 'charts-title' }, strings.charts.section),
      this.overview,
      this.selection.element,
      this.ofTraining,
    );
  }

  /** Draws the charts named in `changed`, and yields after each; everything else stays as it is. */
  *update(record: RunRecord, changed: ReadonlySet<ChartId>, theme: ChartTheme): Generator<void, void> {
    const isRank = record.accepted?.config.experiment === 'rank';
    show(this.element, !isToldByTables(record) && (record.accepted !== null || Object.keys(record.curves).length > 0));
    if (isToldByTables(record)) return;
    const view = this.view();
    const selected = view.selectedCell ?? latestCell(record);
    if (!isRank) this.selection.update(record, selected, view.selectedCell === null);
    const asked = (modelExperiment(record)?.data.sampleSizes.length ?? 1) > 0;
    const overview: ChartId[] = !isRank
      ? ['testError', 'lossCurves']
      : asked
        ? ['singularValues', 'empiricalRank']
        : ['singularValues'];
    const ofTraining: ChartId[] = isRank ? [] : ['singularValues', 'hessian'];
    show(this.selection.element, !isRank);
    show(this.ofTraining, !isRank);
    const isNew = this.arrange(overview, ofTraining);
    for (const id of [...overview, ...ofTraining]) {
      if (!isNew && !changed.has(id)) continue;
      const panel = this.panels.get(id) ?? this.make(id);
      const scales = scalesOf(view, id);
      const { model, table } = this.draw(id, record, selected, scales);
      panel.update(withPublished(model, publishedOf(record), id), scales, theme, table, lookOf(view, id));
      yield;
    }
  }

  resize(): void {
    for (const panel of this.panels.values()) panel.resize();
  }

  dispose(): void {
    for (const panel of this.panels.values()) panel.dispose();
  }

  /** Puts just these charts into the page, or their places until they are made. Says whether that is another arrangement. */
  private arrange(overview: readonly ChartId[], ofTraining: readonly ChartId[]): boolean {
    const arrangement = [overview, ofTraining].join(';');
    if (arrangement === this.arranged) return false;
    this.arranged = arrangement;
    this.overview.replaceChildren(...overview.map((id) => this.elementOf(id)));
    this.ofTraining.replaceChildren(...ofTraining.map((id) => this.elementOf(id)));
    return true;
  }

  private elementOf(id: ChartId): HTMLElement {
    const known = this.panels.get(id)?.element ?? this.places.get(id);
    if (known) return known;
    const place = h('figure', { class: 'chart' });
    this.places.set(id, place);
    return place;
  }

  private make(id: ChartId): ChartPanel {
    const { view, setView } = this;
    const panel = new ChartPanel({
      id,
      ...CHARTS[id],
      controls: this.controls,
      takeaway: this.takeaway,
      onScale: (axis, scale) => setView(withScale(view(), id, scalesOf(view(), id), axis, scale)),
      onTable: (open) => setView(withTable(view(), id, open)),
      onWindow: (window) => setView(withWindow(view(), id, window)),
      onHidden: (hidden) => setView(withHidden(view(), id, hidden)),
    });
    if (id === 'singularValues') panel.toolbar.append(this.source.element);
    if (id === 'hessian') panel.toolbar.append(this.scrubber.element);
    this.places.get(id)?.replaceWith(panel.element);
    this.panels.set(id, panel);
    return panel;
  }

  private draw(id: ChartId, record: RunRecord, selected: string | null, scales: AxisScales): Drawn {
    switch (id) {
      case 'testError':
        return {
          model: testErrorChart(record, scales),
          table: { caption: strings.testError.caption, rows: () => testErrorTable(record) },
        };
      case 'lossCurves':
        return {
          model: lossCurves(record, selected, scales),
          table: { caption: strings.lossCurves.caption, rows: () => lossTable(record) },
        };
      case 'empiricalRank':
        return {
          model: empiricalRankChart(record),
          table: { caption: strings.empiricalRank.caption, rows: () => empiricalRankTable(record) },
        };
      case 'singularValues':
        return this.drawSingularValues(record, selected, scales);
      case 'hessian':
        return this.drawHessian(record, selected, scales);
    }
  }

  private drawSingularValues(record: RunRecord, selected: string | null, scales: AxisScales): Drawn {
    const sources = rankSources(record, selected);
    const source = chosenSource(sources, this.sourceId);
    this.source.set(
      sources.map(({ id, label }) => ({ value: id, label })),
      source?.id ?? '',
    );
    this.source.setDisabled(sources.length === 0);
    const { config } = record.accepted ?? {};
    const asked = config?.experiment !== 'recovery' || config.analysis.rank;
    const empty = !asked
      ? strings.singularValues.notAnalysed
      : hasEnded(record)
        ? strings.singularValues.emptyEnded
        : strings.singularValues.empty;
    return {
      model: tangentSpectrum(source?.measurement, source?.label ?? '', empty, scales),
      table: { caption: strings.singularValues.caption(source?.label ?? ''), rows: () => tangentTable(source?.measurement) },
    };
  }

  private drawHessian(record: RunRecord, selected: string | null, scales: AxisScales): Drawn {
    const places = spectrumPlaces(record, selected);
    const chosen = this.view().spectrum ?? { at: null, allSteps: false };
    const index = indexOfPlace(places, chosen.at);
    const place = places[index];
    const onTheWay = places.some(({ at }) => at !== 'solution');
    this.scrubber.update(onTheWay ? places : [], index, chosen);
    const key = selected === null ? null : parseCellId(selected);
    const training = key ? strings.charts.trialName(key.sampleSize, key.trial) : '';
    if (place && onTheWay && selected !== null && chosen.allSteps) {
      const spectra = spectraOnTheWay(record, selected);
      return {
        model: hessianHistory(spectra, training, scales, place),
        table: { caption: strings.hessian.caption(training), rows: () => historyTable(spectra) },
      };
    }
    const name = place ? strings.hessian.atStep(training, place.label) : training;
    const spectrum = place?.measurement;
    const { config } = record.accepted ?? {};
    const asked = config?.experiment !== 'recovery' || config.analysis.hessian !== 'none';
    const finished = selected !== null && record.cells[selected] !== undefined;
    const empty = !asked
      ? strings.hessian.notAnalysed
      : finished || hasEnded(record)
        ? strings.hessian.emptyCell
        : strings.hessian.empty;
    return {
      model: spectrum?.density
        ? hessianDensity({ ...spectrum, density: spectrum.density }, name, scales)
        : hessianSpectrum(spectrum, name, empty, scales),
      table: { caption: strings.hessian.caption(name), rows: () => hessianTable(spectrum) },
    };
  }
}

/** The training that finished last (cells are kept in the order of arrival); until then the first that has a spectrum. */
function latestCell(record: RunRecord): string | null {
  let latest: string | null = null;
  for (const id in record.cells) latest = id;
  return latest ?? Object.keys(record.histories)[0] ?? null;
}
