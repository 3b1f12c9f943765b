import type { ResolvedRepopulationExperiment } from '../../../experiment/kinds/repopulation';
import type { RepopulationResults, RepopulationState } from '../../../protocol/events';
import type { FigureInk, FigureLine, FigureMarker, ResultFigure } from '../../../protocol/figure';
import type { NetName } from './jobs';

type Figure = Omit<ResultFigure, 'id'>;

/** Training errors so far, of every net. */
export type LiveCurves = Map<NetName, { epochs: number[]; errors: number[] }>;

const LABELS: Record<NetName, string> = {
  repopulated: 'with repopulation',
  baseline: 'without',
  other: 'another start, with repopulation',
};
const INKS: Record<NetName, FigureInk> = { repopulated: 'primary', baseline: 'muted', other: 'third' };
const PAPER = 'arXiv 1911.07626';

function repopulationMarkers({ repopulation, training }: ResolvedRepopulationExperiment): FigureMarker[] {
  return repopulation.epochs
    .filter((epoch) => epoch <= training.epochs)
    .map((value) => ({ kind: 'marker', axis: 'x', value, label: 'repopulation', ink: 'accent' }));
}

export function errorFigure(experiment: ResolvedRepopulationExperiment, curves: LiveCurves): Figure {
  return {
    title: 'Training error',
    caption: `Training error of the nets while they train; neurons are drawn anew at the marked epochs (${PAPER}).`,
    x: { title: 'epoch', scale: 'linear', integer: true },
    y: { title: 'training error', scale: 'log' },
    layers: [
      ...[...curves].map(([name, { epochs, errors }]): FigureLine => ({
        kind: 'line',
        label: LABELS[name],
        ink: INKS[name],
        x: epochs,
        y: errors,
      })),
      ...repopulationMarkers(experiment),
    ],
  };
}

/** What the history says, one figure for a quantity. */
export function historyFigures(
  experiment: ResolvedRepopulationExperiment,
  { history, baseline }: RepopulationResults,
): ResultFigure[] {
  const figure = (id: string, title: string, caption: string, of: (state: RepopulationState) => number): ResultFigure => {
    const line = (name: NetName, states: readonly RepopulationState[]): FigureLine => ({
      kind: 'line',
      label: LABELS[name],
      ink: INKS[name],
      x: states.map(({ epoch }) => epoch),
      y: states.map((state) => (of(state) > 0 ? of(state) : null)),
    });
    return {
      id,
      title,
      caption,
      x: { title: 'epoch', scale: 'linear', integer: true },
      y: { title: title.toLowerCase(), scale: 'log' },
      layers: [line('repopulated', history), line('baseline', baseline), ...repopulationMarkers(experiment)],
    };
  };
  return [
    figure('testErrors', 'Test error', 'Loss on the test set with repopulation and without.', ({ testError }) => testError),
    figure(
      'regularizer',
      'Regulariser',
      `The ℓ1,2 regulariser. Optimal densities lower it without changing the function; drawing the neurons and the noise that parts copies may raise it for a while (${PAPER}).`,
      ({ regularizer }) => regularizer,
    ),
    figure(
      'discretizationVariance',
      'Discretisation variance',
      'How much the outputs would scatter if the neurons were drawn anew: small where few neurons say what many do.',
      ({ discretizationVariance }) => discretizationVariance,
    ),
    figure(
      'importanceVariation',
      'Variation of importance weights',
      'Standard deviation over mean of what the neurons of the last hidden layer send out. Repopulation makes them alike where receiving costs little.',
      ({ importanceVariation }) => importanceVariation,
    ),
  ];
}

export function importanceFigure({ importance }: RepopulationResults): Figure {
  const line = (name: 'repopulated' | 'baseline'): FigureLine => ({
    kind: 'line',
    label: LABELS[name],
    ink: INKS[name],
    x: importance[name].map((_, k) => k + 1),
    y: importance[name],
  });
  return {
    title: 'Importance weights',
    caption: `Importance of the neurons of the last hidden layer over its mean, largest first. Optimal densities are proportional to it where receiving costs nothing (${PAPER}).`,
    x: { title: 'neuron', scale: 'linear', integer: true },
    y: { title: 'importance / mean', scale: 'linear' },
    layers: [line('repopulated'), line('baseline')],
  };
}

export function pathFigure({ path }: RepopulationResults): Figure {
  const { places, raw, repopulated } = path!;
  return {
    title: 'Between two trained nets',
    caption:
      'Test loss along the straight line between two nets from different starts. Between their parameters there is a barrier; in the repopulated representation the loss is convex and stays below the chord.',
    x: { title: 'share of the way', scale: 'linear' },
    y: { title: 'test loss', scale: 'log' },
    layers: [
      { kind: 'line', label: 'parameters', ink: 'muted', x: places, y: raw },
      { kind: 'line', label: 'repopulated representation', ink: 'primary', x: places, y: repopulated },
    ],
  };
}

export function distillationFigure({ distillation, distillationMeasure }: RepopulationResults): Figure {
  const line = (label: string, ink: FigureInk, y: number[]): FigureLine => ({
    kind: 'line',
    label,
    ink,
    symbol: true,
    x: distillation.map(({ neurons }) => neurons),
    y,
  });
  return {
    title: 'Distillation to few neurons',
    caption: `Test error with few neurons of the last hidden layer, output weights fitted anew: drawn by importance and uniformly (${PAPER}).`,
    x: { title: 'neurons', scale: 'log', integer: true },
    y: { title: distillationMeasure === 'errorRate' ? 'wrong classes' : 'test error', scale: 'log' },
    layers: [
      line(
        'by importance',
        'primary',
        distillation.map(({ importance }) => importance),
      ),
      line(
        'uniformly',
        'muted',
        distillation.map(({ uniform }) => uniform),
      ),
    ],
  };
}
