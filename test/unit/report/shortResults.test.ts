import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortFigure, shortTable } from '../../../src/engine/report/shortResults';
import type { FigureLine, ResultFigure } from '../../../src/protocol/figure';
import type { ResultTable } from '../../../src/protocol/table';

const table = (rows: number, note?: string): ResultTable => ({
  id: 't',
  title: 'T',
  columns: [{ title: 'n', kind: 'integer' }],
  rows: Array.from({ length: rows }, (_, i) => [i]),
  ...(note === undefined ? {} : { note }),
});

test('a long table is cut and says so; a short one stays', () => {
  expect(shortTable(table(1000))).toEqual(table(1000));
  const cut = shortTable(table(1001, 'A note.'));
  expect(cut.rows).toHaveLength(1000);
  expect(cut.note).toBe('A note. The first 1000 of 1001 rows; all of them are in the run folder.');
});

test('a long line keeps its ends and its order, and x and y together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (length) => {
      const x = Array.from({ length }, (_, i) => i);
      const axis = { title: '', scale: 'linear' } as const;
      const line: FigureLine = { kind: 'line', label: 'l', ink: 0, x, y: x.map((value) => 2 * value) };
      const figure: ResultFigure = { id: 'f', title: '', caption: '', x: axis, y: axis, layers: [line] };
      const [short] = shortFigure(figure).layers as [FigureLine];
      expect(short.x.length).toBeLessThanOrEqual(2001);
      expect([short.x[0], short.x.at(-1)]).toEqual([0, length - 1]);
      expect(short.y).toEqual(short.x.map((value) => 2 * value));
      if (length <= 2000) expect(short.x).toHaveLength(length);
    }),
    { numRuns: 30 },
  );
});
