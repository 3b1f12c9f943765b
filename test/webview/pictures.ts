import type { RunRecord } from '../../src/protocol/record';
import { empiricalRankChart } from '../../src/webview/charts/empiricalRank';
import { figureChart } from '../../src/webview/charts/figure';
import { hessianDensity } from '../../src/webview/charts/hessianDensity';
import { hessianSpectrum } from '../../src/webview/charts/hessianSpectrum';
import { lossCurves } from '../../src/webview/charts/lossCurves';
import type { AxisScales } from '../../src/webview/charts/model';
import { tangentSpectrum } from '../../src/webview/charts/tangentSpectrum';
import { testErrorChart } from '../../src/webview/charts/testError';
import type { Picture } from '../../src/webview/export/chartScene';
import { largeSpectra, rankEvents, recordOf, recoveryEvents } from './fixture';
import { FIGURES } from './studyFixture';

/** Every chart that a panel has, as it is exported. */
export function pictures(record: RunRecord = recordOf(recoveryEvents())): Record<string, Picture> {
  const cell = record.cells['7/3'];
  const density = largeSpectra().density;
  const picture = (title: string, scales: AxisScales, build: (scales: AxisScales) => Picture['model']): Picture => ({
    title,
    scales,
    model: build(scales),
    origin: 'From a <test> & nothing else.',
  });
  return {
    testError: picture('Test error', { x: 'linear', y: 'log' }, (scales) => testErrorChart(record, scales)),
    lossCurves: picture('Loss', { x: 'log', y: 'log' }, (scales) => lossCurves(record, '7/3', scales)),
    hessian: picture('Hessian', { x: 'linear', y: 'log' }, (scales) => hessianSpectrum(cell?.hessian, 'n = 7', '', scales)),
    density: picture('Density', { x: 'linear', y: 'log' }, (scales) =>
      hessianDensity({ ...density, density: density.density! }, 'n = 7', scales),
    ),
    singularValues: picture('Singular values', { x: 'linear', y: 'log' }, (scales) =>
      tangentSpectrum(cell?.solutionRank, 'solution', '', scales),
    ),
    empiricalRank: picture('Ranks', { x: 'linear', y: 'linear' }, () => empiricalRankChart(recordOf(rankEvents()))),
    ...Object.fromEntries(
      FIGURES.map((figure) => [
        figure.id,
        picture(figure.title, { x: figure.x.scale, y: figure.y.scale }, (scales) => figureChart(figure, scales)),
      ]),
    ),
  };
}
