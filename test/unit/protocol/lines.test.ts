import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineDecoder, decodeEvent, encodeLine, type DecodedLine } from '../../../src/protocol';

function decodeInPieces(text: string, cuts: readonly number[], decoder = new LineDecoder()): DecodedLine[] {
  const places = [0, ...[...cuts].map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  const lines = places.slice(1).flatMap((end, i) => decoder.push(text.slice(places[i], end)));
  return [...lines, ...decoder.end()];
}

describe('lines', () => {
  it('come back as they went, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat()), (values, cuts) => {
        const text = values.map(encodeLine).join('');
        expect(text.split('\n')).toHaveLength(values.length + 1);
        expect(decodeInPieces(text, cuts)).toEqual(
          values.map((value) => ({ value: JSON.parse(JSON.stringify(value)) as unknown })),
        );
      }),
    );
  });

  it('tell what they cannot read and go on', () => {
    const decoder = new LineDecoder();
    expect(decoder.push('{"a":1}\nnot json\n\n  \r\n[2]\r\n{"cut":')).toEqual([
      { value: { a: 1 } },
      { unreadable: 'not json' },
      { value: [2] },
    ]);
    expect(decoder.end()).toEqual([{ unreadable: '{"cut":' }]);
    expect(decoder.end()).toEqual([]);
  });

  it('read a last line without a line feed', () => {
    const decoder = new LineDecoder();
    expect([...decoder.push('1\n2'), ...decoder.end()]).toEqual([{ value: 1 }, { value: 2 }]);
  });

  it('do not hoard a line without end', () => {
    const decoder = new LineDecoder(1000);
    for (let i = 0; i < 100; i++) expect(decoder.push('x'.repeat(100))).toEqual([]);
    const [line] = decoder.push('\n');
    expect(line).toHaveProperty('unreadable');
    expect((line as { unreadable: string }).unreadable.length).toBeLessThan(600);
    expect(decoder.push('3\n')).toEqual([{ value: 3 }]);
  });

  it('refuse what has no JSON form', () => {
    expect(() => encodeLine(undefined)).toThrow(TypeError);
  });
});

describe('decodeEvent', () => {
  it('reads runs of kinds without a model, and of kinds that come later', () => {
    const accepted = {
      type: 'accepted',
      hash: 'h',
      seed: 1,
      cells: 0,
      workers: 0,
      predictions: { optimisticSampleSize: null, headline: '3 branches', exact: true, formula: '', source: '', parameters: null },
      runFolder: null,
    };
    expect(decodeEvent({ ...accepted, config: { experiment: 'later', activation: 'tanh' } })).toBeDefined();
    expect(decodeEvent({ ...accepted, config: { experiment: 'rank', activation: 'tanh' } })).toBeUndefined();
    expect(decodeEvent({ ...accepted, config: { activation: 'tanh' } })).toBeUndefined();
    const verdict = { id: 'independent', result: 'met', value: true, expected: true, reasons: [], at: ['expect', 'independent'] };
    expect(decodeEvent({ type: 'verdict', verdict })).toBeDefined();
    expect(decodeEvent({ type: 'verdict', verdict: { ...verdict, value: [1] } })).toBeUndefined();
  });

  it('knows events by their shape and lets further properties through', () => {
    const event = { type: 'hello', protocol: 1, engine: '0.1.0', pid: 7, later: true };
    expect(decodeEvent(event)).toBe(event);
    expect(decodeEvent({ type: 'progress', done: 1, total: 2, steps: 3, elapsedMs: 4, remainingMs: null })).toBeDefined();
    expect(decodeEvent({ type: 'failed', code: 'x', message: 'm', exitCode: 2 })).toBeDefined();
  });

  it.each([
    [null],
    [3],
    [[]],
    [{}],
    [{ type: 3 }],
    [{ type: 'unheardOf' }],
    [{ type: 'constructor' }],
    [{ type: '__proto__' }],
    [{ type: 'hello', protocol: '1', engine: 'x', pid: 1 }],
    [{ type: 'phase', phase: 'dancing' }],
    [{ type: 'curve', sampleSize: 1, trial: 0, steps: [1, null], losses: [1, 2] }],
    [{ type: 'curve', sampleSize: -1, trial: 0, steps: [], losses: [] }],
    [{ type: 'cell', cell: { sampleSize: 1 } }],
    [{ type: 'verdict', verdict: { id: 'x', result: 'maybe', value: 1, reasons: [], at: [] } }],
    [{ type: 'finished', exitCode: 0, elapsedMs: 1, summary: null, report: null }],
  ])('refuses %j', (value) => {
    expect(decodeEvent(value)).toBeUndefined();
  });

  it('throws at nothing', () => {
    const type = fc.constantFrom(
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
      'failed',
    );
    fc.assert(
      fc.property(
        type,
        fc.dictionary(fc.constantFrom('cell', 'result', 'verdict', 'measurement', 'steps', 'summary', 'config'), fc.jsonValue()),
        (name, rest) => {
          decodeEvent({ ...rest, type: name });
        },
      ),
    );
  });

  it('steps that no training has are refused: a curve is thinned on their logarithm, and would lose its points', () => {
    const curve = { type: 'curve', sampleSize: 1, trial: 0, losses: [1, 1] };
    expect(decodeEvent({ ...curve, steps: [0, 1] })).toBeDefined();
    for (const steps of [
      [-2, 0],
      [0.5, 1],
      [0, 1e300],
    ])
      expect(decodeEvent({ ...curve, steps })).toBeUndefined();
  });
});
