import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RankResults, RecoveryResults, Summary } from '../../src/protocol/events';
import { readEvents, runEngine, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** tanh neurons of one input with weights and biases so close that float64 loses their last singular values. */
function closeNeurons(count: number, hiddenBias: boolean, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const neurons = Array.from({ length: count }, (_, k) => ({
    outputWeight: k % 2 === 0 ? 1 : -1,
    inputWeights: [0.5 + k / 8],
    ...(hiddenBias ? { bias: ((3 * k) % 8) / 8 - 0.5 } : {}),
  }));
  return {
    experiment: 'rank',
    model: { kind: 'twoLayer', inputs: 1, width: count + 1, hiddenBias },
    target: { kind: 'teacher', neurons },
    analysis: { certify: 'always' },
    ...changes,
  };
}

async function run(experiment: Record<string, unknown>, ...options: string[]): Promise<{ out: string; summary: Summary }> {
  const out = path.join(folder.path, `out${fs.readdirSync(folder.path).length}`);
  const file = folder.file('certified.recovery.json', experiment);
  const { stdout, stderr } = await runEngine('run', file, '--json', '--no-report', '--out', out, ...options);
  expect(stderr).toBe('');
  return { out, summary: JSON.parse(stdout) as Summary };
}

describe('certified ranks', () => {
  // "Local linear recovery" (arXiv 2406.18035): k(d + 1) without and k(d + 2) with hidden biases, here with d = 1.
  for (const hiddenBias of [false, true]) {
    it(`of 1 to 8 tanh neurons of one input ${hiddenBias ? 'with' : 'without'} biases`, async () => {
      let undecidedByFloat64 = 0;
      for (let k = 1; k <= 8; k++) {
        const rank = k * (hiddenBias ? 3 : 2);
        const { out, summary } = await run(
          closeNeurons(k, hiddenBias, {
            points: [{ kind: 'null' }, { kind: 'splitting' }, { kind: 'random' }],
            data: { sampleSizes: [rank - 1, rank, rank + 1] },
            expect: { modelRank: rank, linearlyStableFrom: rank },
          }),
        );
        const results = summary.results as RankResults;
        expect(summary.verdicts.map(({ result }) => result)).toEqual(['met', 'met']);
        expect(results).toMatchObject({
          modelRank: rank,
          conclusive: true,
          certified: { status: 'certified', rank, upperBound: rank },
        });
        expect(results.points.map((point) => [point.modelRank, point.certified?.status, point.empiricalRank])).toEqual([
          [rank, 'certified', rank],
          [rank, 'certified', rank],
          [(k + 1) * (hiddenBias ? 3 : 2), 'certified', Math.min(rank + 1, (k + 1) * (hiddenBias ? 3 : 2))],
        ]);
        expect(results.sampleSizes.map((result) => [result.empiricalRank, result.certified?.status])).toEqual([
          [rank - 1, 'certified'],
          [rank, 'certified'],
          [rank, 'certified'],
        ]);
        if (results.certified!.float64Rank !== rank) undecidedByFloat64++;
        expect(fs.readdirSync(path.join(out, 'certificates'))).toHaveLength(1 + 3 + 3 + 3);
      }
      expect(undecidedByFloat64, 'cases in which float64 miscounts').toBeGreaterThanOrEqual(2);
    });
  }

  it('are tried by default where float64 is not conclusive, and only there', async () => {
    const auto = await run(closeNeurons(8, true, { analysis: {}, expect: { modelRank: 24 } }));
    expect((auto.summary.results as RankResults).certified).toMatchObject({
      status: 'certified',
      rank: 24,
      certificate: 'minimal-representation.json',
    });
    expect(auto.summary.verdicts[0].reasons[0]).toMatch(/has rank 24, certified \(float64 alone counts 2[0-3],/);
    const clear = await run(closeNeurons(2, true, { analysis: {} }));
    expect(clear.summary.results).toMatchObject({ modelRank: 6, conclusive: true });
    expect(clear.summary.results).not.toHaveProperty('certified');
    expect(fs.existsSync(path.join(clear.out, 'certificates'))).toBe(false);
    const never = await run(closeNeurons(8, true, { analysis: { certify: 'never' }, expect: { modelRank: 24 } }));
    expect(never.summary.results).toMatchObject({ conclusive: false });
    expect(never.summary.verdicts[0].result).toBe('inconclusive');
    expect(new Set([auto, clear, never].map(({ summary }) => summary.hash)).size).toBe(3);
  });

  it('come with the events, and are the same for any number of workers', async () => {
    const experiment = closeNeurons(5, true, { points: [{ kind: 'splitting' }], data: { sampleSizes: [14, 15] } });
    const none = await run(experiment, '--workers', '0');
    const two = await run(experiment, '--workers', '2');
    expect(two.summary).toEqual(none.summary);
    for (const name of fs.readdirSync(path.join(none.out, 'certificates')))
      expect(fs.readFileSync(path.join(two.out, 'certificates', name))).toEqual(
        fs.readFileSync(path.join(none.out, 'certificates', name)),
      );
    const ranks = readEvents(fs.readFileSync(path.join(two.out, 'events.jsonl'), 'utf8')).filter(
      (event) => event.type === 'rank',
    );
    expect(ranks.map(({ name, measurement }) => [name, measurement.rank, measurement.certified?.certificate])).toEqual(
      expect.arrayContaining([
        ['minimal representation', 15, 'minimal-representation.json'],
        ['splitting 1', 15, 'point-1.json'],
        ['n = 14', 14, 'samples-14.json'],
        ['n = 15', 15, 'samples-15.json'],
      ]),
    );
  });

  it('of a recovery experiment: the model rank, not the cells', async () => {
    const { out, summary } = await run({
      experiment: 'recovery',
      model: { kind: 'matrixFactorization', rows: 3, columns: 4 },
      target: { kind: 'lowRank', rank: 2, seed: 4 },
      data: { sampleSizes: [10] },
      training: { trials: 1, stop: { steps: 10 } },
      analysis: { certify: 'always' },
      expect: { modelRank: 10 },
    });
    // r(d1 + d2 − r) = 2·(3 + 4 − 2)
    expect((summary.results as RecoveryResults).modelRankMeasurement).toMatchObject({
      rank: 10,
      certified: { status: 'certified', rank: 10, upperBound: 10 },
    });
    expect(fs.readdirSync(path.join(out, 'certificates'))).toEqual(['minimal-representation.json']);
    expect((await runEngine('verify', out)).code).toBe(0);
  });

  it('are not claimed of a point that is known up to rounding only', async () => {
    const { summary } = await run({
      experiment: 'rank',
      model: { kind: 'matrixFactorization', rows: 4, columns: 4 },
      target: { kind: 'lowRank', rank: 1, seed: 1 },
      points: [{ kind: 'splitting' }],
      analysis: { certify: 'always' },
    });
    // The rotated factors have full rank by rounding alone; the rank of the point is 1·(4 + 4 − 1).
    const [point] = (summary.results as RankResults).points;
    expect(point).toMatchObject({ modelRank: 7, conclusive: true, certified: { status: 'inconclusive' } });
    expect(point.certified!.reasons[0]).toContain('rounded');
    expect(point.certified).not.toHaveProperty('certificate');
  });

  it('say so where the matrix is too large', async () => {
    const { out, summary } = await run({
      experiment: 'rank',
      model: { kind: 'twoLayer', inputs: 8, width: 40, hiddenBias: true },
      target: { kind: 'teacher', width: 2, seed: 1 },
      analysis: { certify: 'always' },
      expect: { modelRank: 20 },
    });
    const results = summary.results as RankResults;
    expect(results).toMatchObject({ modelRank: 20, conclusive: true, certified: { status: 'inconclusive', rank: 0 } });
    expect(results.certified!.reasons).toEqual(['A 1600 × 400 tangent matrix is more than a certification takes on.']);
    expect(summary.verdicts[0].result).toBe('met');
    expect((await runEngine('verify', '--cells', '0', out)).code).toBe(1);
  });
});

describe('recovery verify', () => {
  let run3: string;
  beforeEach(async () => {
    run3 = (await run(closeNeurons(5, true, { points: [{ kind: 'null' }], data: { sampleSizes: [16] } }))).out;
  });
  const certificate = (name: string) => path.join(run3, 'certificates', name);
  const change = (name: string, text: (before: string) => string) =>
    fs.writeFileSync(certificate(name), text(fs.readFileSync(certificate(name), 'utf8')));
  type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Changes a certificate and makes its hash fit, as somebody would who means it. */
  const forge = (name: string, alter: (content: Json) => void) =>
    change(name, (before) => {
      const { sha256, ...content } = JSON.parse(before) as Json;
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      alter(content);
      return JSON.stringify({ ...content, sha256: createHash('sha256').update(canonical(content)).digest('hex') });
    });

  it('accepts the certificates of a run, with words', async () => {
    const { code, stdout, stderr } = await runEngine('verify', run3);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /✓ certificates\/minimal-representation\.json: valid, rank = 15\n {4}Rank ≥ 15: all 15 pivots exclude 0 again/,
    );
    expect(stdout).toMatch(/All 4 certificates are valid\.\n$/);
    const json = JSON.parse((await runEngine('verify', '--json', run3)).stdout) as unknown;
    expect(json).toMatchObject({ valid: true, certificates: Array.from({ length: 4 }, () => ({ valid: true })) });
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a changed byte',
      () => change('point-1.json', (text) => text.replace('"lowerBound": 15', '"lowerBound": 16')),
      /does not match its SHA-256/,
    ],
    [
      'a higher rank with a hash that fits',
      () =>
        forge('point-1.json', ({ claim }) =>
          Object.assign(claim as object, { lowerBound: 16, upperBound: { value: 16, kind: 'shape', source: 'x' } }),
        ),
      /15 pivots for a claimed lower bound of 16/,
    ],
    [
      'a lower upper bound with a hash that fits',
      () =>
        forge('samples-16.json', (content) => {
          content.claim = { status: 'certified', lowerBound: 14, upperBound: { value: 14, kind: 'structure', source: 'x' } };
          for (const list of ['rowOrder', 'columnOrder', 'pivots']) (content.proof as Json)[list].pop();
        }),
      /The claimed upper bound 14 does not follow/,
    ],
    ['other parameters', () => forge('point-1.json', ({ parameters }) => (parameters[6] = parameters[7])), /.+/],
    ['another model', () => forge('point-1.json', ({ model }) => (model.activation = 'sin')), /.+/],
    ['a missing file', () => fs.rmSync(certificate('minimal-representation.json')), /there is no such file/],
    ['no JSON', () => change('samples-16.json', (text) => text.slice(0, 100)), /cannot be read/],
    [
      'a summary that says more',
      () => {
        const file = path.join(run3, 'summary.json');
        const summary = JSON.parse(fs.readFileSync(file, 'utf8')) as { results: RankResults };
        summary.results.certified!.rank = 16;
        fs.writeFileSync(file, JSON.stringify(summary));
      },
      /The summary of the run says 16 ≤ rank ≤ 15, but the certificate proves 15 ≤ rank ≤ 15/,
    ],
  ])('refuses %s', async (_, tamper, words) => {
    tamper();
    const { code, stdout } = await runEngine('verify', run3);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ certificates\/[a-z0-9-]+\.json: refused/);
    expect(stdout.replace(/\n {4}/g, ' ')).toMatch(words);
    expect(stdout).toMatch(/1 of 4 certificates refused\.\n$/);
  });

  it('knows when there is no run, and when nothing was proven', async () => {
    const missing = await runEngine('verify', path.join(folder.path, 'nowhere'));
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('There is no run folder');
    expect(await runEngine('verify', folder.path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no run folder') as unknown,
    });
    expect((await runEngine('verify')).code).toBe(2);
    const bare = await run(closeNeurons(2, true, { analysis: { certify: 'never' } }));
    expect(await runEngine('verify', '--cells', '0', bare.out)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('no certificates') as unknown,
    });
  });

  it('a second run into the same folder removes the certificates of the first', async () => {
    fs.writeFileSync(certificate('notes.txt'), 'mine');
    const file = folder.file('other.recovery.json', closeNeurons(2, true, { analysis: { certify: 'never' } }));
    await runEngine('run', file, '--out', run3, '--no-report');
    expect(fs.readdirSync(path.join(run3, 'certificates'))).toEqual(['notes.txt']);
  });
});

/** Canonical JSON (RFC 8785) of what a certificate holds, written anew. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
