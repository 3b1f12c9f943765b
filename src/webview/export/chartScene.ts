import type { Extent } from '../charts/extent';
import { hasAreas, type AxisScales, type ChartModel, type Series } from '../charts/model';
import { modelTicks } from '../charts/modelTicks';
import { axes, BOTTOM_MARGIN, leftMargin, type Frame } from './frame';
import { colourBar, colourBarWidth, isColourBar, legendRows } from './key';
import { countParts, markerShapes, seriesShapes } from './layers';
import type { Group, Scene } from './scene';
import { FONT, textWidth } from './text';

/** Five inches, the width of a column of text. */
const WIDTH = 360;
const PLOT_HEIGHT = 216;
const MARGIN = 6;

export interface Picture {
  title: string;
  model: ChartModel;
  scales: AxisScales;
  /** The part of each axis that is shown, where it is not all of it. */
  window?: { x?: Extent | undefined; y?: Extent | undefined };
  /** Where the numbers come from. */
  origin: string;
}

/** A chart as it shall stand in a paper: on white ground, with axis titles and a legend, without a heading. */
export function chartScene({ title, model, scales, window, origin }: Picture): Scene {
  const yTicks = modelTicks(model, 'y', scales.y, { most: 7, window: window?.y, powers: true });
  const xTicks = modelTicks(model, 'x', scales.x, { most: 8, window: window?.x, powers: true });
  const bar = model.legend.find(isColourBar);
  const left = leftMargin(yTicks);
  const lastTick = xTicks.ticks.at(-1);
  const right = Math.max(
    MARGIN,
    bar ? colourBarWidth(bar) + 2 : lastTick === undefined ? 0 : textWidth(xTicks.format(lastTick), FONT.text) / 2 + 1,
  );
  const top = model.markers.some(({ axis, label, symbol }) => axis === 'x' && label !== '' && !symbol) ? FONT.small + 8 : MARGIN;
  const plot = { left, top, width: WIDTH - left - right, height: PLOT_HEIGHT };
  const frame: Frame = { plot, x: xTicks, y: yTicks, scales };
  const below = top + PLOT_HEIGHT + BOTTOM_MARGIN;
  const legend = legendRows(model.legend, { left, top: below + 4, width: WIDTH - left - MARGIN });
  const { grid, axes: frameShapes } = axes(frame, { x: model.x.title, y: model.y.title });
  const parts = countParts(model.series);
  const dataGroups = model.series.map((series): Group => {
    // Symbols at the edge of the plot are whole, as in the panel.
    const clip = hasSymbols(series) ? grown(plot, 6) : plot;
    return { name: series.label, clip, shapes: seriesShapes(series, frame, parts) };
  });
  const { lines, words } = markerShapes(
    model.markers,
    frame,
    dataGroups.flatMap(({ shapes }) => shapes),
  );
  const isArea = (index: number) => model.series[index]?.kind === 'heatMap';
  const groups: Group[] = [
    { name: 'grid', shapes: hasAreas(model) ? [] : grid },
    ...dataGroups.filter((_, i) => isArea(i)),
    { name: 'reference lines', clip: plot, shapes: lines },
    ...dataGroups.filter((_, i) => !isArea(i)),
    { name: 'axes', shapes: frameShapes },
    { name: 'labels', shapes: words },
    ...(bar ? [{ name: 'colours', shapes: colourBar(bar, plot) }] : []),
    { name: 'legend', shapes: legend.shapes },
  ].filter(({ shapes }) => shapes.length > 0);
  return {
    width: WIDTH,
    height: Math.ceil(below + (legend.height > 0 ? 4 + legend.height : 0) + 4),
    title,
    description: [model.summary, model.note ?? '', origin].filter(Boolean).join(' '),
    groups,
  };
}

function grown({ left, top, width, height }: Frame['plot'], by: number): Frame['plot'] {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}

function hasSymbols(series: Series): boolean {
  return series.kind === 'points' || series.kind === 'graph' || (series.kind === 'line' && series.symbol !== null);
}
