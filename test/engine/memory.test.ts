import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeLine } from '../../src/protocol/lines';
import { readEvents, startEngine, temporaryFolder, until } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Trainings of a few steps each: 2×2 matrices, with ranks and spectra. */
function tinyCells(cells: number): Record<string, unknown> {
  return {
    experiment: 'recovery',
    model: { kind: 'matrixFactorization', rows: 2, columns: 2 },
    target: {
      kind: 'matrix',
      values: [
        [1, 2],
        [2, 4],
      ],
    },
    data: { sampleSizes: { from: 1, to: 4 }, inputs: { kind: 'entries', order: 'random' } },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
      initialization: { kind: 'normal', scale: 0.1 },
      stop: { trainLoss: 1e-9, steps: 20 },
      trials: cells / 4,
    },
    analysis: { rank: true, hessian: 'full' },
  };
}

/** Starts the engine so that its most resident memory, in MB, stands in the last line of stderr. */
function startMeasured(args: string[]) {
  const hook = folder.file(
    'measure.cjs',
    `if (require('node:worker_threads').isMainThread)
       process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS / 1024) + '\\n'));`,
  );
  const { child, ended } = startEngine(args, { env: { ...process.env, NODE_OPTIONS: `--require ${hook}` } });
  return { child, ended: ended.then((end) => ({ ...end, megabytes: Number(end.stderr.trim().split('\n').at(-1)) })) };
}

describe('memory', () => {
  it('is bounded by the workers, not by the cells', async () => {
    const most: number[] = [];
    for (const cells of [400, 20_000]) {
      const file = folder.file(`${cells}.recovery.json`, tinyCells(cells));
      const { child, ended } = startMeasured(['run', file, '--workers', '2', '--out', path.join(folder.path, String(cells))]);
      child.stdin!.end();
      const { code, megabytes } = await ended;
      expect(code).toBe(0);
      most.push(megabytes);
    }
    // All that was measured of 20 000 cells would take 100 MB as objects, beside some 120 MB of garbage that waits to be collected.
    expect(most[1]).toBeLessThan(280);
    expect(most[1] - most[0]).toBeLessThan(170);
  });

  it('does not fill with what a slow reader has not read: the run waits, and nothing is lost', async () => {
    const out = path.join(folder.path, 'out');
    const { child, ended } = startMeasured(['serve']);
    child.stdin!.write(
      encodeLine({
        type: 'start',
        text: JSON.stringify(tinyCells(20_000)),
        fileName: path.join(folder.path, 'x.recovery.json'),
        workers: 2,
        outFolder: out,
      }),
    );
    let said = '';
    child.stdout!.on('data', (chunk: string) => (said += chunk));
    expect(await until(() => said.includes('"cell"'), 10_000)).toBe(true);
    child.stdout!.pause();
    const events = path.join(out, 'events.jsonl');
    let before = -1;
    // Until nothing has been written for half a second.
    for (let size = 0; size !== before; size = fs.statSync(events).size) {
      before = size;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(fs.existsSync(path.join(out, 'summary.json'))).toBe(false);
    child.stdout!.resume();
    expect(await until(() => said.includes('"finished"'), 30_000)).toBe(true);
    child.stdin!.end();
    const { code, stdout, megabytes } = await ended;
    expect(code).toBe(0);
    expect(fs.statSync(events).size).toBeGreaterThan(1.5 * before);
    expect(stdout).toBe(fs.readFileSync(events, 'utf8'));
    expect(readEvents(stdout).filter(({ type }) => type === 'cell')).toHaveLength(20_000);
    expect(megabytes).toBeLessThan(280);
  });
});
