import type { RankMeasurement } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { isToldByTables, modelExperiment } from '../accepted';
import { MINIMAL_REPRESENTATION, empiricalRanks, rankResults } from '../charts/empiricalRank';
import { hasEnded } from '../charts/sizes';
import { NO_VALUE, formatCount } from '../format';
import * as strings from '../strings';
import { h, setText, show } from '../ui/dom';

interface Tile {
  value: string;
  detail: string;
}

/** The few numbers that a run is about, side by side: what theory predicts, what was measured, where recovery begins. */
export class TilesSection {
  readonly element = h('dl', { class: 'tiles' });
  private readonly tiles: { box: HTMLElement; label: HTMLElement; value: HTMLElement; detail: HTMLElement }[] = [];

  update(record: RunRecord): void {
    show(this.element, record.accepted !== null && !isToldByTables(record));
    const shown: [string, Tile][] = [
      [strings.tiles.predicted, predicted(record)],
      [strings.tiles.modelRank, modelRank(record)],
    ];
    // A rank experiment may take no ranks over samples.
    if (record.accepted?.config.experiment !== 'rank' || record.accepted.config.data.sampleSizes.length > 0)
      shown.push([strings.tiles.stableFrom, stableFrom(record)]);
    if (record.accepted?.config.experiment !== 'rank') shown.push([strings.tiles.recoveredFrom, recoveredFrom(record)]);
    while (this.tiles.length > shown.length) this.tiles.pop()?.box.remove();
    shown.forEach(([label, tile], index) => this.fill(index, label, tile));
  }

  private fill(index: number, label: string, tile: Tile): void {
    let elements = this.tiles[index];
    if (!elements) {
      const parts = { label: h('dt'), value: h('dd', { class: 'tile-value' }), detail: h('dd', { class: 'tile-detail muted' }) };
      elements = { ...parts, box: h('div', { class: 'tile' }, parts.label, parts.value, parts.detail) };
      this.tiles.push(elements);
      this.element.append(elements.box);
    }
    setText(elements.label, label);
    setText(elements.value, tile.value);
    setText(elements.detail, tile.detail);
  }
}

function predicted({ accepted }: RunRecord): Tile {
  if (!accepted) return { value: NO_VALUE, detail: '' };
  const { optimisticSampleSize, exact } = accepted.predictions;
  if (optimisticSampleSize === null) return { value: NO_VALUE, detail: strings.tiles.predictedNone };
  return exact
    ? { value: formatCount(optimisticSampleSize), detail: strings.tiles.predictedExact }
    : { value: `≤ ${formatCount(optimisticSampleSize)}`, detail: strings.tiles.predictedBound };
}

function modelRank(record: RunRecord): Tile {
  const measured: RankMeasurement | undefined = record.ranks.find(({ name }) => name === MINIMAL_REPRESENTATION)?.measurement;
  if (!measured) return { value: NO_VALUE, detail: hasEnded(record) ? strings.tiles.notMeasured : '' };
  if (measured.certified?.status === 'certified') return { value: formatCount(measured.rank), detail: strings.tiles.certified };
  return {
    value: formatCount(measured.rank),
    detail: measured.conclusive ? strings.tiles.gap(measured.gap) : strings.tiles.inconclusive(measured.gap),
  };
}

function stableFrom(record: RunRecord): Tile {
  const summary = record.finished?.summary;
  const isKnown = summary?.experiment === 'recovery' || summary?.experiment === 'rank';
  const measured = rankResults(record)
    ? empiricalRanks(record).length > 0
    : Object.values(record.sampleSizes).some((row) => row.empiricalRank !== null);
  return from(record, measured, isKnown ? summary.results.linearlyStableFrom : undefined);
}

function recoveredFrom(record: RunRecord): Tile {
  const summary = record.finished?.summary;
  return from(record, true, summary?.experiment === 'recovery' ? summary.results.recoveredFrom : undefined);
}

/** A sample size from which on something holds: known only when all sizes are through, and compared with the prediction. */
function from(record: RunRecord, measured: boolean, size: number | null | undefined): Tile {
  if (size === undefined)
    return { value: NO_VALUE, detail: hasEnded(record) ? strings.tiles.notFinished : strings.tiles.pending };
  if (!measured) return { value: NO_VALUE, detail: strings.tiles.notMeasured };
  if (size === null) return { value: NO_VALUE, detail: strings.tiles.never };
  const prediction = record.accepted?.predictions;
  if (!prediction || prediction.optimisticSampleSize === null || !prediction.exact) {
    return { value: formatCount(size), detail: strings.tiles.ofSizes(modelExperiment(record)?.data.sampleSizes.length ?? 0) };
  }
  const late = size - prediction.optimisticSampleSize;
  return {
    value: formatCount(size),
    detail: late === 0 ? strings.tiles.matches : late > 0 ? strings.tiles.later(late) : strings.tiles.earlier(-late),
  };
}
