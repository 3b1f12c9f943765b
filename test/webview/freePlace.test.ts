import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besideLine, freest, type Area } from '../../src/webview/charts/freePlace';

const area = (left: number, top: number): Area => ({ left, right: left + 10, top, bottom: top + 4 });
const place = fc.record({ x: fc.integer({ min: -30, max: 60 }), y: fc.integer({ min: -30, max: 60 }) });

describe('free places', () => {
  it('the first that nothing crosses; a point between two others crosses, too', () => {
    const [a, b, c] = [area(0, 0), area(20, 0), area(40, 0)];
    const point = { points: [{ x: 5, y: 2 }], joined: false };
    const line = {
      points: [
        { x: 25, y: -50 },
        { x: 25, y: 50 },
      ],
      joined: true,
    };
    expect(freest([a, b, c], [])).toBe(a);
    expect(freest([a, b, c], [point])).toBe(b);
    expect(freest([a, b, c], [point, line])).toBe(c);
    expect(freest([a, b], [point, line, line])).toBe(a);
    expect(freest([b, a], [{ ...line, joined: false }])).toBe(b);
  });

  it('a line crosses exactly where one of many points on it lies in the area', () => {
    const box = area(0, 0);
    const far = area(1000, 1000);
    fc.assert(
      fc.property(place, place, (a, b) => {
        const inside = Array.from({ length: 4001 }, (_, k) => k / 4000).some((t) => {
          const [x, y] = [a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)];
          return x >= 0 && x <= 10 && y >= 0 && y <= 4;
        });
        // A corner alone may fall between two of the points.
        const touches = freest([box, far], [{ points: [a, b], joined: true }]) === far;
        if (inside) expect(touches).toBe(true);
        const grown = Array.from({ length: 4001 }, (_, k) => k / 4000).some((t) => {
          const [x, y] = [a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)];
          return x >= -0.1 && x <= 10.1 && y >= -0.1 && y <= 4.1;
        });
        if (!grown) expect(touches).toBe(false);
      }),
    );
  });

  it('words of a horizontal line stay in the plot, under the line where there is no room above', () => {
    const plot = { left: 50, right: 350, top: 10, bottom: 210 };
    for (const at of [12, 20, 100, 205, 209]) {
      for (const box of besideLine(plot, at, 80, 14, 5)) {
        expect(box.left).toBeGreaterThanOrEqual(plot.left);
        expect(box.right).toBeLessThanOrEqual(plot.right);
        expect(box.bottom <= at || box.top >= at).toBe(true);
      }
    }
    expect(besideLine(plot, 12, 80, 14, 5)[0].top).toBeGreaterThan(12);
    expect(besideLine(plot, 205, 80, 14, 5)[0].bottom).toBeLessThan(205);
  });
});
