import fc from 'fast-check';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import type { RankResults } from '../../../src/protocol/events';
import { condensationOf } from '../../../src/engine/theory/twoLayer/condensation';
import { randomStream } from '../../../src/engine/random/stream';
import { exampleText, runText } from './runFile';

function network(width: number, activation: ResolvedTwoLayer['activation']): ResolvedTwoLayer {
  return { kind: 'twoLayer', activation, inputs: 2, width, hiddenBias: true, outputBias: false };
}

/** a, then w, then b. */
function parametersOf(neurons: { a: number; w: number[]; b: number }[]): Float64Array {
  return Float64Array.from([...neurons.map(({ a }) => a), ...neurons.flatMap(({ w }) => w), ...neurons.map(({ b }) => b)]);
}

describe('condensation', () => {
  it('groups neurons as they were planted, in any order and number', () => {
    const cases = fc.record({
      members: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      seed: fc.nat(1000),
      odd: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ members, seed, odd }) => {
        const stream = randomStream(seed, 'condensation');
        const planted = [0, 1, 2, 3].map(() => [stream.normal(), stream.normal(), stream.normal()]);
        const neurons = members.map((each) => {
          const [w1, w2, b] = planted[each];
          const sign = odd && stream.uniform() < 0.5 ? -1 : 1;
          const size = 0.5 + stream.uniform();
          return { a: stream.normal(), w: [sign * size * w1, sign * size * w2], b: sign * size * b };
        });
        const found = condensationOf(network(members.length, odd ? 'tanh' : 'softplus'), parametersOf(neurons), 1e-6);
        const expected = [...new Set(members)].map((each) => members.flatMap((other, k) => (other === each ? [k + 1] : [])));
        expect(found.groups.map((group) => group.neurons)).toEqual(expected);
        expect(found.zero).toEqual([]);
        for (const { neurons: group, signs } of found.groups) {
          group.forEach((k, i) => expect(found.cosines[group[0] - 1][k - 1]).toBeCloseTo(signs[i], 12));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes opposite neurons apart where the activation is not odd, and one direction of two lengths for no copies', () => {
    const neurons = [
      { a: 1, w: [3, 0], b: 4 },
      { a: 2, w: [-3, 0], b: -4 },
      { a: 5, w: [6, 0], b: 8 },
      { a: 7, w: [0, 0], b: 0 },
    ];
    const generic = condensationOf(network(4, 'softplus'), parametersOf(neurons), 1e-6);
    expect(generic.groups).toEqual([
      { neurons: [1, 3], signs: [1, 1], equal: false, outputWeight: 6 },
      { neurons: [2], signs: [1], equal: true, outputWeight: 2 },
    ]);
    expect(generic.zero).toEqual([4]);
    expect(generic.amplitudes).toEqual([5, 10, 50, 0]);
    expect(generic.cosines[3]).toEqual([null, null, null, null]);
    const odd = condensationOf(network(4, 'tanh'), parametersOf(neurons), 1e-6);
    expect(odd.groups).toEqual([{ neurons: [1, 2, 3], signs: [1, -1, 1], equal: false, outputWeight: 4 }]);
  });

  it('is told at a point of a file with its branch, a table and two figures', async () => {
    const weights = path.resolve(import.meta.dirname, '../../../examples/data/condensed-weights.json');
    const state = JSON.parse(readFileSync(weights, 'utf8')) as Record<string, number[][]>;
    const parameters = [state['output.weight'], state['hidden.weight'], state['hidden.bias']].flat(2);
    const point = (changed: number[]) => JSON.stringify({ kind: 'given', name: 'condensed', parameters: changed });
    const text = (changed: number[]) => exampleText('rank-weights-from-file').replace(/\{ "file": [^}]*\}/, () => point(changed));
    const { events, finished } = await runText(text(parameters));
    const [{ condensation }] = (finished.summary.results as RankResults).points;
    expect(condensation).toMatchObject({
      groups: [
        { neurons: [1, 2, 3], signs: [1, 1, 1], equal: true, outputWeight: 1 },
        { neurons: [4, 5], signs: [1, -1], equal: true, outputWeight: -1.5 },
      ],
      zero: [6],
      branch: { targetBlocks: [3, 2], extraBlocks: [] },
    });
    const ids = events.flatMap((event) =>
      event.type === 'table' ? [event.table.id] : event.type === 'figure' ? [event.figure.id] : [],
    );
    expect(ids).toEqual(expect.arrayContaining(['condensation-1', 'cosines-1', 'orientation-1']));
    expect(finished.summary.verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['modelRank', 'met'],
      ['points', 'met'],
    ]);
    // With another output weight it is no global minimum.
    const off = await runText(text([...parameters.slice(0, 5).map((a, k) => (k === 0 ? a + 0.1 : a)), ...parameters.slice(5)]));
    expect((off.finished.summary.results as RankResults).points[0].condensation).toMatchObject({ branch: null, noBranch: '' });
    const [, { result, reasons }] = off.finished.summary.verdicts;
    expect(result).toBe('failed');
    expect(reasons.join(' ')).toContain('condensation.branch is null');
  });
});
