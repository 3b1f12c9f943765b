/** What a chart shows, without a pixel: built from a record by pure functions, drawn by {@link ChartView}. */
export interface ChartModel {
  x: AxisModel;
  y: AxisModel;
  series: Series[];
  markers: Marker[];
  legend: LegendEntry[];
  /** One sentence: the text form of the picture, read out by screen readers and printed below it. */
  summary: string;
  /** What the picture leaves out, for instance zeros on a log axis; null when nothing. */
  note: string | null;
  /** Words instead of the picture while there is nothing to draw. */
  empty: string | null;
}

export type ScaleKind = 'linear' | 'log';

export interface AxisScales {
  x: ScaleKind;
  y: ScaleKind;
}

export interface AxisModel {
  title: string;
  /** Only whole numbers are marked. */
  integer: boolean;
  /** Values that must be inside the axis besides the data. */
  include: number[];
  /** Places with names, instead of numbers. */
  names?: readonly { value: number; name: string }[];
}

/** A colour by its meaning; the theme decides which colour that is. */
export type Ink =
  | 'background'
  | 'foreground'
  | 'muted'
  | 'primary'
  | 'accent'
  | 'third'
  /** A place from 0 to 1 among ordered colours that stand out from the ground. */
  | { ordinal: number }
  /** A place from 0 to 1 among ordered colours that fill an area; of diverging ones the middle is neither hue. */
  | { heat: number; diverging: boolean }
  /** One of a set of distinct colours, from 0. */
  | { category: number };

/** A ring stands around what is drawn at the same place. */
export type PointSymbol = 'circle' | 'triangle' | 'hollow' | 'ring' | 'square' | 'diamond';

/** One unbroken line of a series. `x` ascends; the arrays may grow between two drawings. */
export interface LinePart {
  /** For the hover text. */
  name: string;
  x: readonly number[];
  y: readonly number[];
}

export interface LineSeries {
  kind: 'line';
  label: string;
  ink: Ink;
  /** `halo` is a wide line in the colour of the ground, under a bold one that shall stand out from its neighbours. */
  width: 'thin' | 'normal' | 'bold' | 'halo';
  /** Marks each point besides the line. */
  symbol: PointSymbol | null;
  parts: LinePart[];
  hover: boolean;
  dash?: boolean;
  /** A path through the plane: x need not ascend. */
  path?: boolean;
}

export interface PointSeries {
  kind: 'points';
  label: string;
  ink: Ink;
  symbol: PointSymbol;
  size: 'small' | 'normal';
  /** `exactX` is told under the pointer where a point is drawn a little aside of its place. */
  points: { x: number; y: number; name: string; exactX?: number }[];
}

export interface WhiskerSeries {
  kind: 'whiskers';
  label: string;
  ink: Ink;
  bars: { x: number; low: number; high: number }[];
}

/** Rectangles of colour. */
export interface HeatMapSeries {
  kind: 'heatMap';
  label: string;
  /** Of the colours. */
  scale: ScaleKind;
  diverging: boolean;
  /** Values at the ends of the colours; null where nothing is known. */
  range: [number, number] | null;
  cells: HeatCell[];
}

export interface HeatCell {
  /** Ends on both axes. */
  x: [number, number];
  y: [number, number];
  /** The place that it stands for. */
  at: { x: number; y: number };
  value: number | null;
  /** Place of the value among the colours; where nothing is known it is null and only the outline is drawn. */
  fraction: number | null;
  name: string;
  /** Told under the pointer. */
  text: string;
}

/** Named nodes joined by edges; edges hold places in `nodes`. */
export interface GraphSeries {
  kind: 'graph';
  label: string;
  nodes: { x: number; y: number; name: string; text: string; ink: Ink }[];
  edges: [number, number][];
}

export type Series = LineSeries | PointSeries | WhiskerSeries | HeatMapSeries | GraphSeries;

/** A straight line across the plot: `x` is a vertical line at that x. */
export interface Marker {
  axis: 'x' | 'y';
  value: number;
  label: string;
  ink: Ink;
  dash: boolean;
  /** Stands at the foot of the line in place of the label, which the legend and the exported data have. */
  symbol?: 'diamond';
}

export type LegendEntry =
  | { kind: 'line'; label: string; ink: Ink; dash: boolean; symbol: PointSymbol | null }
  | { kind: 'symbol'; label: string; ink: Ink; symbol: PointSymbol }
  | { kind: 'whiskers'; label: string; ink: Ink }
  /** An ordered row of colours with its numbers; `series` are the labels of those that a step stands for. */
  | { kind: 'ramp'; label: string; steps: { label: string; ink: Ink; series?: string[] }[] };

export function axis(title: string, options: { integer?: boolean; include?: number[] } = {}): AxisModel {
  return { title, integer: options.integer ?? false, include: options.include ?? [] };
}

/** Whether colour fills the plot. */
export function hasAreas({ series }: ChartModel): boolean {
  return series.some(({ kind }) => kind === 'heatMap');
}
