import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { parameterCountOf } from '../../../experiment/sizes';
import type { FigureFrame, FigureLayer, ResultFigure } from '../../../protocol/figure';
import type { TrialCell } from '../../../protocol/trials';
import { MOST_FOLLOWED } from '../../training/parameterPath';
import { CHOICE } from '../recovered/figures';
import { isSameTurned, orientationOf, type NeuronPlaces, type Orientation } from './neuronPlaces';
import type { Condensing, Trace } from './trace';
import { MOST_LINES } from './tracePlan';

type Figure = Omit<ResultFigure, 'id'>;

/** A followed training. */
export interface Traced {
  name: string;
  cell: TrialCell;
  /** Of its variant. */
  experiment: ResolvedRecoveryExperiment;
  trace: Trace;
}

/** Lines of as many colours as there are; further ones are dashed. */
const COLOURS = 7;

/** The figures of followed trainings, by their ids. */
export function traceFigures(all: readonly Traced[]): Record<string, () => Figure> {
  const condensed = alike(all.filter(({ trace }) => trace.neurons));
  return {
    ...(condensed.length > 0 ? { condensation: () => condensationFigure(condensed) } : {}),
    ...(all.length > 0 ? { parameterTrajectories: () => trajectoryFigure(all) } : {}),
  };
}

/** Where models vary: those that have the axes of the first. */
function alike(all: readonly Traced[]): Traced[] {
  const axesOf = ({ experiment: { model } }: Traced) => (model.kind === 'twoLayer' ? orientationOf(model) : null);
  return all.filter((traced) => axesOf(traced) === axesOf(all[0]));
}

function trajectoryFigure(all: readonly Traced[]): Figure {
  const most = Math.max(...all.map(({ experiment }) => parameterCountOf(experiment.model)));
  const timed = all.every(({ trace }) => trace.times);
  return {
    title: 'Parameters over the training',
    caption: `${whichParameters(most)} Points lie a ratio of 1.2 apart; of each of these cells the first trial is shown.`,
    x: { title: timed ? 'time' : 'step', scale: 'log' },
    y: { title: 'value of the parameter', scale: 'linear' },
    layers: [],
    frames: framesOf(all, ({ trace }) => trajectoryLayers(trace, timed)),
  };
}

function whichParameters(most: number): string {
  if (most <= MOST_LINES) return 'All parameters.';
  if (most <= MOST_FOLLOWED) return `The ${MOST_LINES} that moved most.`;
  return `The ${MOST_LINES} that moved most of ${MOST_FOLLOWED} that were followed, evenly spread over all ${most}.`;
}

/** Step 0 has no place on a logarithmic axis: the second point is one step later. */
function trajectoryLayers({ steps, times, parameters }: Trace, timed: boolean): FigureLayer[] {
  const x = (timed && times ? times : steps).slice(1);
  return parameters.map(({ name, values }, i) => ({
    kind: 'line',
    label: name,
    ink: i % COLOURS,
    dash: Math.floor(i / COLOURS) % 2 === 1,
    x,
    y: values.slice(1).map((value) => (Number.isFinite(value) ? value : null)),
  }));
}

const ORIENTATIONS: Record<Orientation, { x: string; y: string; what: string }> = {
  weight: {
    x: 'input weight w',
    y: 'output weight a',
    what: 'Every neuron a·σ(w·x) by its two weights. Condensed neurons stand above each other.',
  },
  angle: {
    x: 'orientation of (w, b) (radians)',
    y: 'amplitude |a|·‖(w, b)‖',
    what: 'Every neuron by the direction of its input weights and bias, and by its amplitude. Condensed neurons stand above each other.',
  },
  angleTo: {
    x: 'angle of (w, b) to the strongest neuron (radians)',
    y: 'amplitude |a|·‖(w, b)‖',
    what: 'Every neuron by the angle of its input weights and bias to those of the strongest target neuron, or of the strongest one where the target is no network, and by its amplitude.',
  },
};

function condensationFigure(all: readonly Traced[]): Figure {
  const { model } = all[0].experiment;
  if (model.kind !== 'twoLayer') throw new Error('condensation is of two-layer networks');
  const { x, y, what } = ORIENTATIONS[orientationOf(model)];
  return {
    title: 'Condensation of the solution',
    caption: isSameTurned(model)
      ? `${what} Neurons that are the same function by their signs stand at one place. Of each of these cells the first trial is shown.`
      : `${what} Of each of these cells the first trial is shown.`,
    x: { title: x, scale: 'linear' },
    y: { title: y, scale: 'linear' },
    layers: [],
    frames: framesOf(all, ({ trace }) => (trace.neurons ? neuronLayers(trace.neurons) : [])),
  };
}

function neuronLayers({ start, solution, target }: Condensing): FigureLayer[] {
  const points = (label: string, look: Pick<FigureLayer & { kind: 'points' }, 'ink' | 'symbol'>, places: NeuronPlaces) => ({
    kind: 'points' as const,
    label,
    ...look,
    ...places,
    names: places.x.map((_, k) => `neuron ${k + 1}`),
  });
  return [
    points('start', { ink: 'muted', symbol: 'hollow' }, start),
    ...(target ? [points('target', { ink: 'accent', symbol: 'ring' }, target)] : []),
    points('solution', { ink: 'primary', symbol: 'circle' }, solution),
  ];
}

function framesOf(all: readonly Traced[], layersOf: (traced: Traced) => FigureLayer[]): NonNullable<ResultFigure['frames']> {
  const frames = all.map((traced): FigureFrame => ({ name: traced.name, cell: traced.cell, layers: layersOf(traced) }));
  return { title: CHOICE, frames };
}
