import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tableCrc32 } from '../../src/engine/store/checkedLine';
import type { RecoveryResults } from '../../src/protocol/events';
import { encodeLine } from '../../src/protocol/lines';
import { endlessExperiment, quickExperiment, readEvents, runEngine, startEngine, temporaryFolder, until } from './engine';
import { eventsOf, measured, read, timeless } from './runContents';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Some hundred trainings of 10 ms and more: long enough for a journal. */
function longExperiment(): Record<string, unknown> {
  const training = quickExperiment()['training'] as object;
  const slow = {
    optimizer: { kind: 'gradientDescent', learningRate: 0.0001 },
    initialization: { kind: 'normal', scale: 1e-9 },
    stop: { trainLoss: 1e-9, steps: 10_000_000 },
  };
  return quickExperiment({ training: { ...training, ...slow, trials: 60 } });
}

const journaled = (run: string) =>
  fs.existsSync(path.join(run, 'journal.jsonl')) ? read(run, 'journal.jsonl').split('\n').length - 2 : 0;

async function killAfter(args: string[], run: string, jobs: number): Promise<void> {
  const { child, ended } = startEngine(args);
  expect(await until(() => child.exitCode !== null || journaled(run) >= jobs, 60_000)).toBe(true);
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
}

describe('recovery resume', () => {
  for (const workers of ['0', '2'])
    it(`ends as a run that was never stopped, with ${workers} workers`, async () => {
      const file = folder.file('long.recovery.json', longExperiment());
      const whole = path.join(folder.path, 'whole');
      const run = path.join(folder.path, 'killed');
      expect((await runEngine('run', file, '--out', whole, '--workers', workers)).code).toBe(0);
      await killAfter(['run', file, '--out', run, '--workers', workers], run, 20);
      const told = new Set(
        readEvents(read(run, 'events.jsonl').replace(/[^\n]*$/, '')).flatMap((event) =>
          event.type === 'cell' ? [JSON.stringify(event)] : [],
        ),
      );
      const first = journaled(run);
      await killAfter(['resume', run, '--workers', workers], run, first + 1);
      const { code, stdout, stderr } = await runEngine('resume', run, '--workers', workers);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/resumed {7}\d+ finished jobs are kept\n/);
      expect(read(run, 'summary.json')).toBe(read(whole, 'summary.json'));
      expect(timeless(run)).toBe(timeless(whole));
      expect(measured(run)).toEqual(measured(whole));
      // What was told to be finished was not done again: it was in the journal, with the preparation.
      const accepted = eventsOf(run).find((event) => event.type === 'accepted');
      expect(accepted?.resumed?.jobs).toBeGreaterThan(told.size);
      expect(fs.readdirSync(run).sort()).toEqual(fs.readdirSync(whole).sort());
      const again = await runEngine('resume', run);
      expect(again.code).toBe(0);
      expect(again.stderr).toContain('there is nothing to resume');
    });

  it('has the parameters of solutions that were found before it was killed', async () => {
    const file = folder.file('formula.recovery.json', {
      experiment: 'recovery',
      model: { kind: 'formula', parameters: ['a', 'b', 'c'], inputs: ['x'], expression: 'a + b*c*x' },
      target: { kind: 'formula', expression: '1 + x' },
      data: { sampleSizes: [1, 2], inputs: { kind: 'normal', scale: 1 } },
      training: {
        optimizer: { kind: 'gradientDescent', learningRate: 1e-7 },
        initialization: { kind: 'normal', scale: 0.1 },
        stop: { trainLoss: 1e-9, steps: 100_000 },
        trials: 60,
      },
      analysis: { solutionParameters: true },
    });
    const whole = path.join(folder.path, 'whole');
    const run = path.join(folder.path, 'killed');
    expect((await runEngine('run', file, '--out', whole, '--workers', '2')).code).toBe(0);
    await killAfter(['run', file, '--out', run, '--workers', '2'], run, 20);
    expect((await runEngine('resume', run, '--workers', '1')).code).toBe(0);
    expect(read(run, 'summary.json')).toBe(read(whole, 'summary.json'));
    const { solutionParameters } = JSON.parse(read(run, 'summary.json')).results as RecoveryResults;
    expect(solutionParameters!.sampleSizes.map(({ trials }) => trials)).toEqual([60, 60]);
  });

  it('goes on after a cancelled run, and does again what a damaged journal lost', async () => {
    const file = folder.file('long.recovery.json', longExperiment());
    const run = path.join(folder.path, 'run');
    const { child, ended } = startEngine(['run', file, '--out', run]);
    expect(await until(() => journaled(run) >= 20, 60_000)).toBe(true);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toContain(`recovery resume ${run}`);
    const journal = path.join(run, 'journal.jsonl');
    const bytes = fs.readFileSync(journal);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    fs.writeFileSync(journal, Buffer.concat([bytes, Buffer.from('{"check":"torn')]));
    const resumed = await runEngine('resume', run);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain('one line of the journal could not be read, so that work is done again');
    const whole = path.join(folder.path, 'whole');
    await runEngine('run', file, '--out', whole);
    expect(read(run, 'summary.json')).toBe(read(whole, 'summary.json'));
    expect(timeless(run)).toBe(timeless(whole));
  });

  it('goes on for a host, which hears why it cannot', async () => {
    const file = folder.file('long.recovery.json', longExperiment());
    const run = path.join(folder.path, 'run');
    await killAfter(['run', file, '--out', run], run, 20);
    const { child, ended } = startEngine(['serve']);
    let said = '';
    child.stdout!.on('data', (chunk) => (said += String(chunk)));
    child.stdin!.write(encodeLine({ type: 'resume', runFolder: path.join(folder.path, 'nowhere') }));
    expect(await until(() => said.includes('"no-run-folder"'), 20_000)).toBe(true);
    child.stdin!.write(encodeLine({ type: 'resume', runFolder: run, workers: 2 }));
    expect(await until(() => said.includes('"finished"'), 60_000)).toBe(true);
    child.stdin!.end();
    expect((await ended).code).toBe(0);
    expect(readEvents(said).find((event) => event.type === 'accepted')?.resumed?.jobs).toBeGreaterThan(0);
    expect(fs.existsSync(path.join(run, 'summary.json'))).toBe(true);
  });

  it('refuses a folder that another process writes to, and so does run', async () => {
    const file = folder.file('endless.recovery.json', endlessExperiment());
    const run = path.join(folder.path, 'run');
    const isBegun = () => fs.existsSync(path.join(run, 'experiment.json'));
    const { child, ended } = startEngine(['run', file, '--out', run]);
    expect(await until(isBegun, 60_000)).toBe(true);
    for (const args of [
      ['resume', run],
      ['run', file, '--out', run],
    ]) {
      const { code, stderr } = await runEngine(...args);
      expect(code).toBe(3);
      expect(stderr).toMatch(/Process \d+ on .* is writing to the run folder .* so it is left alone/);
    }
    child.kill('SIGKILL');
    await ended;
    // The lock of a process that is gone holds nobody up.
    const next = startEngine(['resume', run, '--events']);
    let said = '';
    next.child.stdout!.on('data', (chunk) => (said += String(chunk)));
    expect(await until(() => said.includes('"type":"accepted"'), 60_000)).toBe(true);
    next.child.kill('SIGINT');
    expect((await next.ended).code).toBe(130);
  });

  it('refuses with words what it cannot go on with', async () => {
    const file = folder.file('long.recovery.json', longExperiment());
    const run = path.join(folder.path, 'run');
    await killAfter(['run', file, '--out', run], run, 5);
    const experiment = path.join(run, 'experiment.json');
    const saved = JSON.parse(read(run, 'experiment.json')) as Record<string, unknown>;
    const refusal = async (changes: Record<string, unknown>) => {
      fs.writeFileSync(experiment, JSON.stringify({ ...saved, ...changes }));
      const { code, stderr } = await runEngine('resume', run);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refusal({ format: undefined, text: undefined })).toMatch(/has format 1, of a time before runs could be/);
    expect(await refusal({ format: 99 })).toMatch(/has format 99, but this engine .* reads formats up to 2. Update/);
    expect(await refusal({ engine: '0.0.1' })).toMatch(/begun by engine 0\.0\.1, and this is .*, whose numbers may be others/);
    expect(await refusal({ hash: 'f'.repeat(64) })).toMatch(/its experiment is another one now/);
    expect(await refusal({ text: (saved['text'] as string).replace('"seed": 3', '"seed": 4') })).toMatch(/is another one now/);
    expect(await refusal({ text: '{' })).toMatch(/long\.recovery\.json/);
    expect((await runEngine('resume', folder.path)).stderr).toMatch(/is no run folder/);
    expect((await runEngine('resume', path.join(folder.path, 'nowhere'))).stderr).toMatch(/There is no run folder/);
    // Nothing of that did any harm.
    fs.writeFileSync(experiment, JSON.stringify(saved));
    expect((await runEngine('resume', run)).code).toBe(0);
  });
});

describe('recovery verify', () => {
  it('computes a sample anew, and says what somebody has changed', async () => {
    const file = folder.file('long.recovery.json', longExperiment());
    const run = path.join(folder.path, 'run');
    await killAfter(['run', file, '--out', run], run, 20);
    const stopped = await runEngine('verify', run, '--cells', '4', '--seed', '7');
    expect(stopped.code).toBe(0);
    expect(stopped.stdout).toMatch(/4 of \d+ finished jobs, drawn with --seed 7, computed anew: the same to the last bit/);
    expect(stopped.stdout).toContain('did not come to its end');
    expect((await runEngine('resume', run)).code).toBe(0);
    const whole = await runEngine('verify', run);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(/5 of \d+ finished jobs, drawn with --seed \d+, computed anew: the same to the last bit/);
    expect(whole.stdout).toContain('summary.json, drawn from the journal anew: the same to the last byte');

    // A number of a cell, by somebody who knows how to make a checksum.
    const lines = read(run, 'journal.jsonl').split('\n');
    const changed = lines[30].replace(/"steps":(\d)/, (_, digit: string) => `"steps":${(Number(digit) % 9) + 1}`);
    expect(changed).not.toBe(lines[30]);
    const body = Buffer.from(changed.slice(20));
    lines[30] = `{"check":"${tableCrc32(body).toString(16).padStart(8, '0')}",${body.toString()}`;
    fs.writeFileSync(path.join(run, 'journal.jsonl'), lines.join('\n'));
    const forged = await runEngine('verify', run, '--cells', '1000');
    expect(forged.code).toBe(1);
    expect(forged.stdout).toMatch(/1 came out otherwise, the first of them job \d+ of list 1/);
    const summary = read(run, 'summary.json');
    fs.writeFileSync(path.join(run, 'summary.json'), summary.replace('"trials": 60', '"trials": 61'));
    expect((await runEngine('verify', run, '--cells', '1')).stdout).toContain('it says something else');
  });
});
