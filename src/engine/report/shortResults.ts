import type { FigureLayer, ResultFigure } from '../../protocol/figure';
import type { ResultTable } from '../../protocol/table';

/** Rows of a table, and points of a layer of a figure, that a report has room for. */
const MOST_ROWS = 1000;
const MOST_POINTS = 2000;

/** A table within bounds; a longer one says so. */
export function shortTable(table: ResultTable): ResultTable {
  const { rows, note } = table;
  if (rows.length <= MOST_ROWS) return table;
  const told = `The first ${MOST_ROWS} of ${rows.length} rows; all of them are in the run folder.`;
  return { ...table, rows: rows.slice(0, MOST_ROWS), note: note === undefined ? told : `${note} ${told}` };
}

/** A figure within bounds: of long lines and clouds every k-th point, and the last. */
export function shortFigure(figure: ResultFigure): ResultFigure {
  return { ...figure, layers: figure.layers.map(shortLayer) };
}

function shortLayer(layer: FigureLayer): FigureLayer {
  if ((layer.kind !== 'line' && layer.kind !== 'points') || layer.x.length <= MOST_POINTS) return layer;
  const every = Math.ceil(layer.x.length / MOST_POINTS);
  const last = layer.x.length - 1;
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, i) => i % every === 0 || i === last);
  if (layer.kind === 'line') return { ...layer, x: kept(layer.x), y: kept(layer.y) };
  return { ...layer, x: kept(layer.x), y: kept(layer.y), ...(layer.names ? { names: kept(layer.names) } : {}) };
}
