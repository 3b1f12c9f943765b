import type { PointSymbol } from '../charts/model';
import { PAPER } from './paper';
import type { Point, Shape } from './scene';

/** The symbol of a data point, as in the panel. `radius` is in points. */
export function mark(symbol: PointSymbol, at: Point, radius: number, colour: string): Shape {
  const [x, y] = at;
  switch (symbol) {
    case 'circle':
      return { kind: 'circle', at, radius, fill: colour, stroke: colour, width: 0 };
    case 'hollow':
      return { kind: 'circle', at, radius, fill: PAPER.ground, stroke: colour, width: 1 };
    case 'ring':
      return { kind: 'circle', at, radius: 1.8 * radius, fill: null, stroke: colour, width: 1.2 };
    case 'square':
      return {
        kind: 'box',
        left: x - radius,
        top: y - radius,
        width: 2 * radius,
        height: 2 * radius,
        fill: colour,
        stroke: null,
      };
    case 'diamond': {
      const reach = 1.35 * radius;
      const corners: Point[] = [
        [x, y - reach],
        [x + reach, y],
        [x, y + reach],
        [x - reach, y],
      ];
      return { kind: 'polygon', corners, fill: colour, stroke: colour, width: 0 };
    }
    case 'triangle': {
      const corners: Point[] = [
        [x, y - 1.3 * radius],
        [x + 1.2 * radius, y + 0.9 * radius],
        [x - 1.2 * radius, y + 0.9 * radius],
      ];
      return { kind: 'polygon', corners, fill: colour, stroke: colour, width: 0 };
    }
  }
}
