import type { Curve, RunRecord } from '../../protocol/record';
import { cellId } from '../../protocol/record';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type AxisScales, type ChartModel, type Ink, type LegendEntry, type LinePart, type Series } from './model';
import { hasEnded, sampleSizesOf } from './sizes';

const RAMP_STEPS = 16;

/** Training loss against step of every training, coloured by sample size; the selected one stands out. */
export function lossCurves(record: RunRecord, selected: string | null, scales: AxisScales): ChartModel {
  const sizes = sampleSizesOf(record);
  const inkOf = (size: number): Ink => ({ ordinal: sizes.length < 2 ? 0.5 : sizes.indexOf(size) / (sizes.length - 1) });
  const parts = new Map<number, LinePart[]>();
  let lowest = Infinity;
  let curves = 0;
  let zeros = 0;
  for (const curve of Object.values(record.curves)) {
    if (curve.steps.length === 0) continue;
    curves++;
    const list = parts.get(curve.sampleSize) ?? [];
    parts.set(curve.sampleSize, list);
    list.push(partOf(curve));
    const last = curve.losses.at(-1) ?? NaN;
    if (last < lowest) lowest = last;
    if (scales.y === 'log' && last <= 0) zeros++;
  }
  const series: Series[] = [...parts]
    .sort(([a], [b]) => a - b)
    .map(([size, list]) => ({
      kind: 'line',
      label: strings.charts.sizeName(size),
      ink: inkOf(size),
      width: 'thin',
      symbol: null,
      parts: list,
      hover: true,
    }));
  const shown = selected === null ? undefined : record.curves[selected];
  if (shown && shown.steps.length > 0) {
    const label = strings.charts.trialName(shown.sampleSize, shown.trial);
    series.push({ kind: 'line', label, ink: 'background', width: 'halo', symbol: null, parts: [partOf(shown)], hover: false });
    series.push({ kind: 'line', label, ink: 'foreground', width: 'bold', symbol: null, parts: [partOf(shown)], hover: true });
  }
  const stopLoss = record.accepted?.config.experiment === 'recovery' ? record.accepted.config.training.stop.trainLoss : 0;
  const ended = hasEnded(record);
  return {
    x: axis(strings.lossCurves.step, { include: [1] }),
    y: axis(strings.lossCurves.loss),
    series,
    markers:
      stopLoss > 0 && scales.y === 'log'
        ? [{ axis: 'y', value: stopLoss, label: strings.lossCurves.stopLoss(stopLoss), ink: 'muted', dash: true }]
        : [],
    legend: legend(sizes, inkOf, shown),
    summary: summary(record, curves, lowest, stopLoss, shown),
    note: zeros > 0 ? strings.charts.zerosLeftOut(zeros) : null,
    empty: curves > 0 ? null : ended ? strings.lossCurves.emptyEnded : strings.lossCurves.empty,
  };
}

function partOf(curve: Curve): LinePart {
  return { name: strings.charts.trialName(curve.sampleSize, curve.trial), x: curve.steps, y: curve.losses };
}

function legend(sizes: number[], inkOf: (size: number) => Ink, shown: Curve | undefined): LegendEntry[] {
  const every = Math.ceil(sizes.length / RAMP_STEPS);
  const starts = sizes.flatMap((_, index) => (index % every === 0 || index === sizes.length - 1 ? [index] : []));
  const steps = starts.map((start, k) => ({
    label: String(sizes[start]),
    ink: inkOf(sizes[start] ?? 0),
    series: sizes.slice(start, starts[k + 1] ?? sizes.length).map(strings.charts.sizeName),
  }));
  const entries: LegendEntry[] = sizes.length > 0 ? [{ kind: 'ramp', label: strings.lossCurves.legend, steps }] : [];
  if (shown) {
    const label = strings.lossCurves.selected(strings.charts.trialName(shown.sampleSize, shown.trial));
    entries.push({ kind: 'line', label, ink: 'foreground', dash: false, symbol: null });
  }
  return entries;
}

function summary(record: RunRecord, curves: number, lowest: number, stopLoss: number, shown: Curve | undefined): string {
  const shownCells = Object.keys(record.curves).map((id) => record.cells[id]);
  const reached = shownCells.filter((cell) => cell?.stopReason === 'trainLoss').length;
  const all = strings.lossCurves.summary(curves, reached, stopLoss, lowest);
  if (!shown) return all;
  const name = strings.charts.trialName(shown.sampleSize, shown.trial);
  return `${all} ${strings.lossCurves.selectedSummary(name, shown.steps.at(-1) ?? 0, shown.losses.at(-1) ?? NaN)}`;
}

/** Last point and end of each curve. */
export function lossTable(record: RunRecord): string[][] {
  return Object.values(record.curves)
    .filter((curve) => curve.steps.length > 0)
    .sort((a, b) => a.sampleSize - b.sampleSize || a.trial - b.trial)
    .map((curve) => {
      const cell = record.cells[cellId(curve)];
      return [
        formatCount(curve.sampleSize),
        formatCount(curve.trial),
        formatCount(cell?.steps ?? curve.steps.at(-1) ?? 0),
        formatNumber(cell ? cell.trainLoss : (curve.losses.at(-1) ?? null)),
        cell ? strings.stopReasons[cell.stopReason] : strings.lossCurves.stillRunning,
      ];
    });
}
