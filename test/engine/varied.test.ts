import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrialReader, TRIALS_FILE } from '../../src/protocol/trials';
import { quickExperiment, readEvents, runEngine, startEngine, temporaryFolder, until } from './engine';

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

describe('the trainings of a run that varies something', () => {
  it('are kept in its folder with their curves: those of the experiment with one value alone', async () => {
    const data = { sampleSizes: [4, 6] };
    const experiment = quickExperiment({ data, training: { trials: 3, seed: 9 }, analysis: {}, expect: {} });
    const out = path.join(folder.path, 'varied');
    const file = folder.file('varied.recovery.json', { ...experiment, vary });
    expect((await runEngine('run', file, '--out', out, '--workers', '2', '--no-report')).code).toBe(0);
    const lines = fs.readFileSync(path.join(out, TRIALS_FILE), 'utf8').split('\n').slice(0, -1);
    expect(lines).toHaveLength(3 * 2 * 3);
    for (const [variant, scale] of vary.values.entries()) {
      const alone = quickExperiment({ data, training: { trials: 3, seed: 9 }, analysis: {}, expect: {} }) as {
        training: Record<string, unknown>;
      };
      alone.training['initialization'] = { kind: 'normal', scale };
      const { stdout } = await runEngine('run', folder.file('alone.recovery.json', alone), '--events', '--no-report');
      const events = readEvents(stdout);
      for (const sampleSize of data.sampleSizes) {
        const cells = events.flatMap((event) =>
          event.type === 'cell' && event.cell.sampleSize === sampleSize ? [event.cell] : [],
        );
        const reader = new TrialReader({ variant, sampleSize }, 1);
        for (const line of lines) reader.add(line);
        const { trials, count, opened } = reader.result();
        expect(count).toBe(3);
        for (const { trial, trainLoss, testError, steps, stopReason, recovered } of cells)
          expect(trials[trial]).toEqual({
            variant,
            sampleSize,
            trial,
            seed: 9,
            trainLoss,
            testError,
            steps,
            stopReason,
            recovered,
          });
        const whole = new Map<number, number>();
        for (const event of events)
          if (event.type === 'curve' && event.sampleSize === sampleSize && event.trial === 1)
            event.steps.forEach((step, i) => whole.set(step, event.losses[i]));
        expect(opened!.trial).toBe(1);
        const { steps, losses } = opened!.curve;
        expect(losses).toEqual(steps.map((step) => whole.get(step)));
        expect([steps[0], steps.at(-1)]).toEqual([0, trials[1].steps]);
        expect(steps.length).toBeLessThan(whole.size);
      }
    }
  });

  it('are kept once each by a run that was killed and resumed', async () => {
    const experiment = quickExperiment({ data: { sampleSizes: [4, 6] }, training: { trials: 400 }, analysis: {}, expect: {} });
    const file = folder.file('varied.recovery.json', { ...experiment, vary });
    const whole = path.join(folder.path, 'whole');
    expect((await runEngine('run', file, '--out', whole, '--workers', '0', '--no-report')).code).toBe(0);
    const out = path.join(folder.path, 'killed');
    const { child, ended } = startEngine(['run', file, '--out', out, '--workers', '0', '--no-report']);
    child.stdin!.end();
    const trials = path.join(out, TRIALS_FILE);
    expect(await until(() => fs.existsSync(path.join(out, 'journal.jsonl')) && fs.existsSync(trials), 20_000)).toBe(true);
    child.kill('SIGKILL');
    await ended;
    expect(fs.existsSync(path.join(out, 'summary.json'))).toBe(false);
    expect((await runEngine('resume', out, '--workers', '0')).code).toBe(0);
    const sorted = (name: string) => fs.readFileSync(path.join(name, TRIALS_FILE), 'utf8').split('\n').sort();
    expect(sorted(out)).toEqual(sorted(whole));
  });
});
