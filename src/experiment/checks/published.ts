import type { PublishedConfig } from '../schema';
import type { Report } from './check';

/** A published value is somewhere, and a point is the only one that can be compared with a series. */
export function checkPublished({ published }: { published?: PublishedConfig[] }, report: Report): void {
  published?.forEach(({ values }, i) =>
    values.forEach(({ x, y, series }, k) => {
      const path = ['published', i, 'values', k];
      if (x === undefined && y === undefined)
        report('published-empty', path, 'Say where the value lies: "x", "y", or both for a point.');
      else if (series !== undefined && (x === undefined || y === undefined))
        report('published-series', [...path, 'series'], 'Only a point, with "x" and "y", is compared with a series.', {
          at: 'key',
        });
    }),
  );
}
