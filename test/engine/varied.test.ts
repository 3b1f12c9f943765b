import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickExperiment, runEngine, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const vary = { kind: 'scale', values: [1e-4, 1e-2, 1] };

describe('recovery run with an experiment that varies something', () => {
  it.each([{}, { search: {} }])('has the same results, byte for byte, for any number of workers (%j)', async (search) => {
    const data = { sampleSizes: { from: 3, to: 7 }, ...search };
    const training = { trials: 8 };
    const file = folder.file('varied.recovery.json', { ...quickExperiment({ data, training, analysis: {}, expect: {} }), vary });
    const texts: string[] = [];
    for (const workers of ['0', '1', '2']) {
      const out = path.join(folder.path, `workers-${workers}`);
      const { code, stderr } = await runEngine('run', file, '--out', out, '--workers', workers, '--no-report');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      texts.push(fs.readFileSync(path.join(out, 'summary.json'), 'utf8'));
    }
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).toBe(texts[0]);
  });

  it('prints tables by value, in the report as well, and none of the single experiment', async () => {
    const file = folder.file('varied.recovery.json', { ...quickExperiment({ expect: {} }), vary });
    const out = path.join(folder.path, 'run');
    const { stdout } = await runEngine('run', file, '--out', out, '--workers', '0');
    expect(stdout).toContain('By initial scale');
    expect(stdout).toMatch(/Median test error by sample size\nInitial scale +n = 4/);
    expect(stdout).toMatch(/^initial scale 0\.0001( +\S+){3}/m);
    expect(stdout).not.toContain('Not recovered at the largest sample size');
    expect(stdout).not.toContain('median test error');
    const report = fs.readFileSync(path.join(out, 'report.html'), 'utf8');
    expect(report).toContain('<caption>Median test error by sample size</caption>');
    expect(report).not.toContain('<caption>Test error against sample size</caption>');
  });
});
