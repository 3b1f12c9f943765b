import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FinishedEvent, RecoveryResults, Summary } from '../../src/protocol/events';
import { applyEvent, emptyRecord } from '../../src/protocol/reduce';
import { endlessExperiment, quickExperiment, readEvents, runEngine, startEngine, temporaryFolder, until } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const readSummary = (run: string) => fs.readFileSync(path.join(run, 'summary.json'), 'utf8');

describe('recovery run', () => {
  it('draws the run on a terminal and leaves a run folder', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const { code, stdout, stderr } = await runEngine('run', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/◀ predicted: 5/);
    expect(stdout).toContain('All 3 expectations are met.');
    expect(stdout, 'no colours without a terminal').not.toContain('\u001b');
    const report = stdout.match(/^Report: (.*)$/m)![1];
    expect(path.dirname(path.dirname(report))).toBe(path.join(folder.path, 'recovery-runs'));
    expect(path.basename(path.dirname(report))).toMatch(/^quick-[0-9a-f]{8}-\d{8}-\d{6}$/);
    // A run of less than half a second has no journal.
    const names = fs.readdirSync(path.dirname(report)).filter((name) => name !== 'journal.jsonl');
    expect(names.sort()).toEqual(['events.jsonl', 'experiment.json', 'report.html', 'summary.json']);
  });

  it('has the same results, byte for byte, for any number of workers', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const texts: string[] = [];
    for (const workers of ['0', '1', '2']) {
      const out = path.join(folder.path, `workers-${workers}`);
      const { code } = await runEngine('run', file, '--out', out, '--workers', workers, '--no-report');
      expect(code).toBe(0);
      texts.push(readSummary(out));
      expect(fs.existsSync(path.join(out, 'report.html'))).toBe(false);
    }
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).toBe(texts[0]);
    expect(texts[0]).not.toMatch(/workers|elapsed|\/tmp/);
  });

  it('the same holds for gradient flows, cell by cell', async () => {
    const training = { optimizer: { kind: 'gradientFlow', polish: true }, trials: 3, seed: 3 };
    const file = folder.file('flow.recovery.json', quickExperiment({ training }));
    const runs: { summary: string; cells: unknown[] }[] = [];
    for (const workers of ['1', '2']) {
      const out = path.join(folder.path, `workers-${workers}`);
      const { code, stdout } = await runEngine('run', file, '--out', out, '--workers', workers);
      expect(code).toBe(0);
      expect(stdout).toContain('training      gradient flow, relative tolerance 1.0e-8, then polished');
      expect(stdout.replace(/\s+/g, ' ')).toMatch(
        /Gradient flow: \d+ steps, \d+ gradients and \d+ Hessians a training on average\. The loss never rose\. What the flow conserves changed by \S+ at most\. 9 of 9 were polished/,
      );
      const cells = readEvents(fs.readFileSync(path.join(out, 'events.jsonl'), 'utf8')).flatMap((event) =>
        event.type === 'cell' ? [event.cell] : [],
      );
      cells.sort((a, b) => a.trial - b.trial || a.sampleSize - b.sampleSize);
      runs.push({ summary: readSummary(out), cells });
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[0].cells).toHaveLength(9);
  });

  it('the same holds for large spectra, on the way and at the end, from any number of workers', async () => {
    const analysis = {
      rank: false,
      hessian: { kind: 'density', probes: 3, steps: 10, count: 2 },
      hessianEvery: { perDecade: 2 },
    };
    const file = folder.file('density.recovery.json', quickExperiment({ analysis, expect: {} }));
    const runs: unknown[] = [];
    for (const workers of ['0', '2']) {
      const out = path.join(folder.path, `workers-${workers}`);
      const { code, stdout } = await runEngine('run', file, '--out', out, '--workers', workers);
      expect(code).toBe(0);
      expect(stdout.replace(/\s+/g, ' ')).toContain(
        'density by 3 probes × 10 Lanczos steps, 2 eigenvalues at each end, 2 times in every decade of steps and at the solutions',
      );
      expect(stdout).toMatch(/Hessians: eigenvalues from \S+ to \S+ over all trainings; all converged/);
      const spectra = readEvents(fs.readFileSync(path.join(out, 'events.jsonl'), 'utf8')).filter(
        (event) => event.type === 'spectrum',
      );
      spectra.sort((a, b) => a.trial - b.trial || a.sampleSize - b.sampleSize || (a.step ?? Infinity) - (b.step ?? Infinity));
      expect(spectra.filter(({ step }) => step === undefined)).toHaveLength(12);
      expect(spectra.length).toBeGreaterThan(12 * 5);
      for (const { measurement } of spectra) expect(measurement.density?.values).toHaveLength(201);
      runs.push(spectra);
      const report = fs.readFileSync(path.join(out, 'report.html'), 'utf8');
      expect(report.length).toBeLessThan(2_500_000);
    }
    expect(runs[1]).toEqual(runs[0]);
  });

  it('--events prints events and nothing else; they fold to the record of the summary', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const out = path.join(folder.path, 'out');
    const { code, stdout } = await runEngine('run', file, '--events', '--out', out);
    expect(code).toBe(0);
    const events = readEvents(stdout);
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining([
        'hello',
        'accepted',
        'phase',
        'progress',
        'curve',
        'rank',
        'spectrum',
        'cell',
        'sampleSize',
        'verdict',
        'finished',
      ]),
    );
    expect(events[0].type).toBe('hello');
    expect(events[1].type).toBe('accepted');
    expect(events.at(-1)!.type).toBe('finished');
    expect(fs.readFileSync(path.join(out, 'events.jsonl'), 'utf8'), 'the stream is the run file').toBe(stdout);

    const record = emptyRecord({ id: 'x', fileName: 'quick.recovery.json', startedAt: 0 });
    for (const event of events) applyEvent(record, event);
    const summary = JSON.parse(readSummary(out)) as Summary;
    const results = summary.results as RecoveryResults;
    expect(record.state).toBe('finished');
    expect(Object.values(record.sampleSizes)).toEqual(results.sampleSizes);
    expect(record.verdicts).toEqual(summary.verdicts);
    expect((events.at(-1) as FinishedEvent).summary).toEqual(summary);
    expect(Object.keys(record.cells)).toHaveLength(12);
    for (const [id, cell] of Object.entries(record.cells)) {
      const curve = record.curves[id];
      expect(curve.steps.at(-1)).toBe(cell.steps);
      expect(curve.losses.at(-1)).toBe(cell.trainLoss);
    }
    expect(record.progress).toMatchObject({ done: 12, total: 12 });
    expect(record.progress!.steps).toBe(Object.values(record.cells).reduce((sum, cell) => sum + cell.steps, 0));
  });

  it('--json prints the summary', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const out = path.join(folder.path, 'out');
    const { stdout, stderr } = await runEngine('run', file, '--json', '--out', out);
    expect(stdout).toBe(readSummary(out));
    expect(stderr).toBe('');
    const summary = JSON.parse(stdout) as Summary;
    expect(summary.predictions).toMatchObject({ optimisticSampleSize: 5, exact: true });
    expect(summary.results).toMatchObject({ modelRank: 5, recoveredFrom: 5, linearlyStableFrom: 5 });
    expect(summary.verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['modelRank', 'met'],
      ['recoveredFrom', 'met'],
      ['notRecoveredBelow', 'met'],
    ]);
  });

  it('exits with 1 when an expectation is not met, and says why', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment({ expect: { recoveredFrom: 4 } }));
    const { code, stdout } = await runEngine('run', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ recoveredFrom 4: failed\n +At n = 4 the median test error is not below 1e-6/);
  });

  it('runs a rank experiment', async () => {
    const file = folder.file('rank.recovery.json', {
      experiment: 'rank',
      model: { kind: 'twoLayer', inputs: 3, width: 4, hiddenBias: true },
      target: { kind: 'teacher', width: 2, seed: 1 },
      points: [{ kind: 'null' }, { kind: 'splitting' }, { kind: 'random', name: 'generic' }],
      data: { sampleSizes: { from: 8, to: 12 } },
      expect: { modelRank: 10, linearlyStableFrom: 10 },
    });
    const { code, stdout, stderr } = await runEngine('run', file, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { results } = JSON.parse(stdout) as {
      results: { modelRank: number; points: { name: string; modelRank: number }[]; sampleSizes: { empiricalRank: number }[] };
    };
    // Two neurons of three inputs with bias: 2·(3 + 2); a generic point of four has all 4·(3 + 2).
    expect(results.modelRank).toBe(10);
    expect(results.points.map(({ name, modelRank }) => [name, modelRank])).toEqual([
      ['null 1', 10],
      ['splitting 2', 10],
      ['generic', 20],
    ]);
    expect(results.sampleSizes.map(({ empiricalRank }) => empiricalRank)).toEqual([8, 9, 10, 10, 10]);
  });

  it('reports divergence as such, never as a number', async () => {
    const quick = quickExperiment({ expect: { recoveredFrom: 5 } });
    const training = { ...(quick['training'] as object), optimizer: { kind: 'gradientDescent', learningRate: 50 } };
    const file = folder.file('diverges.recovery.json', { ...quick, training });
    const { code, stdout } = await runEngine('run', file, '--json');
    expect(code).toBe(1);
    const summary = JSON.parse(stdout) as Summary;
    const results = summary.results as RecoveryResults;
    for (const result of results.sampleSizes)
      expect(result).toMatchObject({ medianTestError: null, medianTrainLoss: null, divergedTrials: 4, state: 'undecided' });
    expect(summary.verdicts[0].result).toBe('inconclusive');
    expect(summary.verdicts[0].reasons[0]).toContain('diverged');
  });
});

describe('cancelling', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the run with 130 and leaves no summary', async (signal) => {
    const file = folder.file('endless.recovery.json', endlessExperiment());
    const out = path.join(folder.path, 'out');
    const { child, ended } = startEngine(['run', file, '--events', '--out', out]);
    const events = path.join(out, 'events.jsonl');
    expect(await until(() => fs.existsSync(events) && fs.readFileSync(events, 'utf8').includes('"curve"'), 10_000)).toBe(true);
    const asked = Date.now();
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(Date.now() - asked).toBeLessThan(2000);
    expect(code).toBe(130);
    expect(readEvents(stdout).at(-1)).toMatchObject({ type: 'failed', code: 'cancelled', exitCode: 130 });
    expect(fs.existsSync(path.join(out, 'summary.json'))).toBe(false);
  });

  it('ends when nobody reads its output any more', async () => {
    const file = folder.file('endless.recovery.json', endlessExperiment());
    const { child, ended } = startEngine(['run', file, '--events', '--out', path.join(folder.path, 'out')]);
    await until(() => fs.existsSync(path.join(folder.path, 'out', 'events.jsonl')), 10_000);
    child.stdout!.destroy();
    expect((await ended).code).toBe(130);
  });
});
