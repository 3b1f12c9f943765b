import type { GeometryResults } from '../../../protocol/results/geometry';
import type { LiveResults } from '../liveResults';
import {
  axisFigure,
  decayFigure,
  endFigure,
  epsilonFigure,
  fractionFigure,
  latticeFigure,
  ratioFigure,
  scaleFigure,
  separationFigure,
} from './figures';
import type { FoldedGeometry } from './fold';
import type { GeometryJob } from './jobs';
import type { GeometrySetting } from './setting';
import { branchTable, decayTable, imbalanceTable, pointTable, separationTable } from './tables';

/** Says which tables and figures an output of this kind changes. */
export function showGeometry(
  live: LiveResults,
  setting: GeometrySetting,
  kind: GeometryJob['kind'] | 'theory',
  folded: () => FoldedGeometry,
): void {
  const { imbalance } = setting.experiment;
  const results = (): GeometryResults => folded().results;
  switch (kind) {
    case 'theory':
      live.figure('lattice', () => latticeFigure(results()));
      live.table('branches', () => branchTable(setting, results()));
      live.figure('axis', () => axisFigure(results()));
      return;
    case 'rank':
      live.table('branches', () => branchTable(setting, results()));
      return;
    case 'point':
      live.table('points', () => pointTable(results()));
      return;
    case 'fraction':
      live.table('points', () => pointTable(results()));
      live.figure('fractions', () => fractionFigure(results()));
      return;
    case 'separation':
      live.table('branches', () => branchTable(setting, results()));
      live.table('separation', () => separationTable(results()));
      live.figure('axis', () => axisFigure(results()));
      live.figure('epsilon', () => epsilonFigure(results()));
      live.figure('separation', () => separationFigure(results()));
      return;
    case 'decay':
      live.table('decay', () => decayTable(results()));
      live.figure('decay', () => decayFigure(folded().decays));
      return;
    case 'imbalance':
      live.table('imbalance', () => imbalanceTable(results()));
      if (imbalance?.ratios) live.figure('ratios', () => ratioFigure(results().imbalanceFlows));
      else if (setting.experiment.model.width === 2) live.figure('ends', () => endFigure(results().imbalanceFlows));
      if (imbalance && imbalance.scales.length > 1) live.figure('scales', () => scaleFigure(results()));
      return;
  }
}
