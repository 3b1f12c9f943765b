import type { TrialCell } from './trials';

/**
 * A picture of a result: what is drawn and how its axes are named, without a pixel. A study emits figures, and panel and report
 * draw them all alike; their numbers are also what an export holds.
 */
export interface ResultFigure {
  /** Stable within the experiment kind; a figure that is sent again replaces the one before. */
  id: string;
  title: string;
  /** One or two sentences: what to see, and the source. Also what a screen reader reads. */
  caption: string;
  x: FigureAxis;
  y: FigureAxis;
  layers: FigureLayer[];
  /** Further layers of which some are shown at a time, over those that are always there. */
  frames?: FigureFrames;
}

/** A choice between pictures; figures of one run share it by its title. */
export interface FigureFrames {
  /** What is chosen, in a word. */
  title: string;
  /** In their order; the last is shown unless a person chooses. */
  frames: FigureFrame[];
}

export interface FigureFrame {
  name: string;
  /** The cell that it belongs to, so that choosing one in a map chooses it here. */
  cell?: TrialCell;
  layers: FigureLayer[];
}

export interface FigureAxis {
  /** With unit, where there is one. */
  title: string;
  scale: 'linear' | 'log';
  /** Only whole numbers are marked. */
  integer?: boolean;
  /** Places with names, instead of numbers. */
  names?: { value: number; name: string }[];
}

/** A colour by its meaning; the theme decides which colour that is. Numbers choose from a palette of distinct colours, from 0. */
export type FigureInk = 'foreground' | 'muted' | 'primary' | 'accent' | 'third' | number;

export type FigureLayer = FigureLine | FigurePoints | FigureMarker | FigureHeatMap | FigureGraph;

/** A line through points; where y is null it is interrupted. `x` and `y` have the same length. */
export interface FigureLine {
  kind: 'line';
  label: string;
  ink: FigureInk;
  dash?: boolean;
  /** Marks the points besides the line. */
  symbol?: boolean;
  x: number[];
  y: (number | null)[];
  /** Ends of an error bar at each point, null where there is none: both or neither. */
  low?: (number | null)[];
  high?: (number | null)[];
}

/** Points with names that are told under the pointer. All lists have the same length. */
export interface FigurePoints {
  kind: 'points';
  label: string;
  ink: FigureInk;
  /** A ring stands around what is drawn at the same place. */
  symbol?: 'circle' | 'triangle' | 'hollow' | 'ring' | 'square';
  x: number[];
  y: number[];
  names?: string[];
}

/** A straight line across the picture at a value of an axis: a prediction, a threshold. */
export interface FigureMarker {
  kind: 'marker';
  axis: 'x' | 'y';
  value: number;
  label: string;
  ink: FigureInk;
}

/** Cells of colour; `values[row][column]` belongs to `y[row]` and `x[column]`, null where nothing is known yet. */
export interface FigureHeatMap {
  kind: 'heatMap';
  /** Of the colour scale. */
  label: string;
  scale: 'linear' | 'log';
  x: number[];
  y: number[];
  /** Names of the rows, where y is only their place. */
  rowNames?: string[];
  values: (number | null)[][];
  /** Ends of an error bar of each value, where there are any: both or neither. */
  low?: (number | null)[][];
  high?: (number | null)[][];
  /** Ends of the colour scale, where they are not those of the values. */
  range?: [number, number];
  /** Whether the sign matters most: two hues that meet at zero, in the middle of the colour scale. */
  diverging?: boolean;
  /** Whether a cell stands for trainings: those of the value at the place of its row, at the sample size of its column. */
  trials?: boolean;
}

/** Nodes at places of the axes, joined by edges: a lattice. */
export interface FigureGraph {
  kind: 'graph';
  nodes: { id: string; label: string; detail: string; x: number; y: number; ink: FigureInk }[];
  /** Ids of the two ends. */
  edges: [string, string][];
}

/** Figures that stand behind all others, in this order, whichever training was the first to tell one. */
export const LAST_FIGURES: readonly string[] = ['condensation', 'parameterTrajectories'];
