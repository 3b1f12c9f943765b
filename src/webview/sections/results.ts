import type { PointResult, RankMeasurement, SampleSizeResult } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { isToldByTables } from '../accepted';
import { MINIMAL_REPRESENTATION, rankResults, sampleSizeIn } from '../charts/empiricalRank';
import { sortedSizes } from '../charts/testError';
import { NO_VALUE, formatCount, formatFraction, formatNumber } from '../format';
import * as strings from '../strings';
import { h, setText, show } from '../ui/dom';
import { TableView, type TableRow } from '../ui/table';

const TONES: Record<SampleSizeResult['state'], string> = { recovered: 'good', notRecovered: 'plain', undecided: 'unsure' };

/** Which columns hold numbers; a size has a word beside it. */
const SIZE_NUMBERS = [false, true, true, true, true, false, false];
const POINT_NUMBERS = [false, true, true, true, true, false];

/** The results as a table: sample sizes of a recovery experiment, points of a rank experiment. */
export class ResultsSection {
  readonly element: HTMLElement;
  private readonly title = h('h2', { id: 'results-title' });
  private readonly empty = h('p', { class: 'muted' });
  private readonly scroll: HTMLElement;
  private readonly sizes = new TableView(strings.results.caption, strings.results.columns, true, SIZE_NUMBERS);
  private readonly points = new TableView(strings.points.caption, strings.points.columns, true, POINT_NUMBERS);

  constructor() {
    this.scroll = h(
      'div',
      { class: 'table-scroll results', tabindex: 0, role: 'region', 'aria-labelledby': 'results-title' },
      this.sizes.element,
      this.points.element,
    );
    this.element = h('section', { 'aria-labelledby': 'results-title' }, this.title, this.empty, this.scroll);
  }

  update(record: RunRecord): void {
    const isRank = record.accepted?.config.experiment === 'rank';
    const rows = isRank ? pointRows(record) : sizeRows(record);
    // A rank experiment of an earlier version told no tables.
    const isTold = isRank && record.tables.length > 0;
    show(this.element, !isToldByTables(record) && !isTold && (record.accepted !== null || rows.length > 0));
    setText(this.title, isRank ? strings.points.title : strings.results.title);
    setText(this.empty, isRank ? strings.points.empty : strings.results.empty);
    show(this.empty, rows.length === 0);
    show(this.scroll, rows.length > 0);
    show(this.sizes.element, !isRank);
    show(this.points.element, isRank);
    (isRank ? this.points : this.sizes).update(rows);
  }
}

function sizeRows(record: RunRecord): TableRow[] {
  const config = record.accepted?.config;
  const trials = config?.experiment === 'recovery' ? config.training.trials : 0;
  const predicted = record.accepted?.predictions.optimisticSampleSize ?? null;
  return sortedSizes(record).map((row) => ({
    cells: [
      formatCount(row.sampleSize),
      strings.results.trials(row.trials, Math.max(trials, row.trials)),
      formatNumber(row.medianTestError),
      formatFraction(row.recoveredFraction),
      row.empiricalRank === null ? NO_VALUE : formatCount(row.empiricalRank),
      row.linearlyStable === null
        ? row.empiricalRank === null
          ? NO_VALUE
          : strings.results.unclear
        : row.linearlyStable
          ? strings.results.yes
          : strings.results.no,
      [strings.results.states[row.state], row.divergedTrials > 0 ? strings.results.diverged(row.divergedTrials) : '']
        .filter(Boolean)
        .join(', '),
    ],
    mark: row.sampleSize === predicted ? strings.results.predicted : undefined,
    tone: TONES[row.state] + (row.sampleSize === predicted ? ' predicted' : ''),
  }));
}

/** Minimal representation first, then the points of the file. */
function pointRows(record: RunRecord): TableRow[] {
  const results = rankResults(record);
  const byName = new Map<string, PointResult | RankMeasurement>();
  for (const { name, measurement } of record.ranks) if (sampleSizeIn(name) === null) byName.set(name, measurement);
  for (const point of results?.points ?? []) byName.set(point.name, point);
  return [...byName].map(([name, measured]) => ({
    cells: [
      name === MINIMAL_REPRESENTATION ? strings.singularValues.sourceOf.minimal : name,
      formatCount('modelRank' in measured ? measured.modelRank : measured.rank),
      formatNumber(measured.gap, 2),
      formatNumber(measured.tolerance),
      'empiricalRank' in measured && measured.empiricalRank !== null ? formatCount(measured.empiricalRank) : NO_VALUE,
      certainty(measured),
    ],
  }));
}

function certainty({ conclusive, certified }: Pick<PointResult, 'conclusive' | 'certified'>): string {
  if (certified?.status === 'certified') return strings.points.certified;
  return conclusive ? strings.points.clear : strings.points.inconclusive;
}
