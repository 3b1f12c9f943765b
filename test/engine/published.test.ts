import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishedOf, publishedRows } from '../../src/protocol/published';
import { applyEvent, emptyRecord } from '../../src/protocol/reduce';
import { readEvents, runEngine, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const OWN_CHARTS = ['testError', 'lossCurves', 'singularValues', 'empiricalRank'];

it.each(['designed-sampling-3', 'geometry-two-neurons-exp', 'overlap-two-point-sigmoid', 'rank-two-layer-tanh', 'search-matrix'])(
  '%s: every published number has a chart of the run and what was measured beside it',
  async (name) => {
    const file = path.resolve('examples', `${name}.recovery.json`);
    const { stdout, stderr } = await runEngine('run', file, '--events', '--no-report', '--out', path.join(folder.path, 'run'));
    expect(stderr).toBe('');
    const record = emptyRecord({ id: 'run', fileName: path.basename(file), startedAt: 0 });
    for (const event of readEvents(stdout)) applyEvent(record, event);
    const rows = publishedRows(record);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ measured, unknown }) => measured === null || unknown !== null)).toEqual([]);
    const charts = [...OWN_CHARTS, ...record.figures.map(({ id }) => id)];
    for (const { chart } of publishedOf(record)) if (chart !== undefined) expect(charts).toContain(chart);
  },
);
