import type { PublishedConfig } from '../../protocol/published';
import type { ComparedRun } from '../../protocol/compare';
import type { FigureLayer, ResultFigure } from '../../protocol/figure';
import * as strings from '../strings';

/** Inks that can be told apart; from here on lines are dashed. */
const INKS = 7;

/** Runs in one chart each: test error, loss, and the figures that at least two of them have. `names` belong to the runs. */
export function comparisonFigures(runs: readonly ComparedRun[], names: readonly string[]): ResultFigure[] {
  const named = runs.map((run, i) => ({ run, name: names[i] ?? run.fileName, ink: i, dash: i >= INKS }));
  const own = [testError(named), medianLoss(named)].filter(({ layers }) => layers.some(({ kind }) => kind === 'line'));
  return [...own, ...sharedFigures(named)].map(tellSame);
}

/** Of lines that lie on each other the later ones are dashed, so that the first shows through, and say which they are the same as. */
function tellSame(figure: ResultFigure): ResultFigure {
  const first = new Map</* places */ string, string>();
  const layers = figure.layers.map((layer): FigureLayer => {
    if (layer.kind !== 'line' || layer.x.length === 0) return layer;
    const key = JSON.stringify([layer.x, layer.y]);
    const same = first.get(key);
    if (same === undefined) first.set(key, layer.label);
    return same === undefined ? layer : { ...layer, label: strings.comparison.sameAs(layer.label, same), dash: true };
  });
  return { ...figure, layers };
}

/** What was published for the charts of the runs, each once, under the names that the charts have here. */
export function comparedPublished(runs: readonly ComparedRun[]): PublishedConfig[] {
  const all = runs.flatMap(({ publishedIn }) => publishedIn);
  const distinct = [...new Map(all.map((item) => [JSON.stringify(item), item])).values()];
  return distinct.flatMap((item) => (item.chart === undefined ? [] : [{ ...item, chart: comparedId(item.chart) }]));
}

const comparedId = (chart: string) => (chart === 'testError' ? 'compared-test-error' : `compared-${chart}`);

interface NamedRun {
  run: ComparedRun;
  name: string;
  ink: number;
  dash: boolean;
}

function testError(runs: readonly NamedRun[]): ResultFigure {
  const words = strings.comparison.testError;
  const withSizes = runs.filter(({ run }) => run.sampleSizes.length > 0);
  const predicted = [...new Set(withSizes.flatMap(({ run }) => run.predicted ?? []))];
  return {
    id: 'compared-test-error',
    title: words.title,
    caption: words.caption,
    x: { title: words.x, scale: 'linear', integer: true },
    y: { title: words.y, scale: 'log' },
    layers: [
      ...withSizes.map(({ run, name, ink, dash }): FigureLayer => ({
        kind: 'line',
        label: name,
        ink,
        dash,
        symbol: true,
        x: run.sampleSizes.map(({ sampleSize }) => sampleSize),
        y: run.sampleSizes.map(({ medianTestError }) => medianTestError),
        ...(run.sampleSizes.some(({ testErrorQuartiles }) => testErrorQuartiles)
          ? {
              low: run.sampleSizes.map(({ testErrorQuartiles }) => testErrorQuartiles?.[0] ?? null),
              high: run.sampleSizes.map(({ testErrorQuartiles }) => testErrorQuartiles?.[1] ?? null),
            }
          : {}),
      })),
      ...predicted.map((value): FigureLayer => ({
        kind: 'marker',
        axis: 'x',
        value,
        label: words.predicted(value),
        ink: 'muted',
      })),
    ],
  };
}

function medianLoss(runs: readonly NamedRun[]): ResultFigure {
  const words = strings.comparison.loss;
  const curves = runs.flatMap(({ run, ...rest }) => (run.loss ? [{ ...rest, loss: run.loss }] : []));
  const sizes = [...new Set(curves.map(({ loss }) => loss.sampleSize))];
  return {
    id: 'compared-loss',
    title: words.title,
    caption: words.caption(sizes),
    x: { title: words.x, scale: 'log' },
    y: { title: words.y, scale: 'log' },
    layers: curves.map(({ loss, name, ink, dash }) => ({
      kind: 'line',
      label: sizes.length > 1 ? words.label(name, loss.sampleSize) : name,
      ink,
      dash,
      // Step 0 has no place on a logarithmic axis.
      x: loss.steps.map((step) => Math.max(step, 1)),
      y: loss.losses.map((value) => (Number.isFinite(value) ? value : null)),
    })),
  };
}

/** What can be laid over each other is in one figure; maps and lattices stand one after the other. */
function sharedFigures(runs: readonly NamedRun[]): ResultFigure[] {
  const ids = [...new Set(runs.flatMap(({ run }) => run.figures.map(({ id }) => id)))];
  return ids.flatMap((id) => {
    const found = runs.flatMap((named) => {
      const figure = named.run.figures.find((each) => each.id === id);
      // Pictures of single trainings are nothing that lies over each other.
      return figure && !figure.frames ? [{ ...named, figure }] : [];
    });
    const [first] = found;
    if (!first || found.length < 2) return [];
    const isArea = found.some(({ figure }) => figure.layers.some(({ kind }) => kind === 'heatMap' || kind === 'graph'));
    if (isArea)
      return found.map(({ figure, name, ink }) => ({
        ...figure,
        id: `compared-${id}-${ink}`,
        title: strings.comparison.figureOf(figure.title, name),
      }));
    return [{ ...first.figure, id: `compared-${id}`, layers: found.flatMap(layersOf) }].map((figure) => ({
      ...figure,
      layers: withoutRepeatedMarkers(figure.layers),
    }));
  });
}

/** Layers of a run under its name, in its colour where it has one layer, else in colours of their own. */
function layersOf({ figure, name, ink, dash }: NamedRun & { figure: ResultFigure }): FigureLayer[] {
  const drawn = figure.layers.filter(({ kind }) => kind !== 'marker').length;
  return figure.layers.map((layer, i): FigureLayer => {
    if (layer.kind === 'marker' || layer.kind === 'graph' || layer.kind === 'heatMap') return layer;
    const label = strings.comparison.ofRun(name, layer.label);
    const own = drawn === 1 ? ink : ink * drawn + i;
    return layer.kind === 'line'
      ? { ...layer, label, ink: own, dash: layer.dash === true || dash }
      : { ...layer, label, ink: own };
  });
}

function withoutRepeatedMarkers(layers: readonly FigureLayer[]): FigureLayer[] {
  const key = (layer: FigureLayer) =>
    layer.kind === 'marker' ? JSON.stringify([layer.axis, layer.value, layer.label]) : undefined;
  const seen = new Set<string>();
  return layers.filter((layer) => {
    const known = key(layer);
    if (known === undefined) return true;
    if (seen.has(known)) return false;
    seen.add(known);
    return true;
  });
}
