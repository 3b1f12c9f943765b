import { beforeAll, describe, expect, it } from 'vitest';
import { certifyRank, verifyCertificate, type RankCertificate } from '../../../src/engine/certified';
import { contentHash } from '../../../src/engine/certified/certificate';
import type { Inputs } from '../../../src/engine/models/model';
import { formula, inputsFrom, normals, streamFor, twoLayer } from './support';

type Json = ReturnType<typeof JSON.parse>;

/** As read from disk. */
const copy = (certificate: RankCertificate | null): Json => JSON.parse(JSON.stringify(certificate)) as Json;

/** Changed by someone who also makes the hash fit. */
function forged(certificate: RankCertificate, change: (json: Json) => void): Json {
  const json = copy(certificate);
  change(json);
  delete json.sha256;
  return { ...json, sha256: contentHash(json as object) };
}

const stream = streamFor(31, 'certificates');
const inputs = inputsFrom(stream, 30, 1, 1.5);
const model = twoLayer(5, 1, { hiddenBias: true });
const theta = normals(stream, 15);
let good: RankCertificate;

beforeAll(() => {
  const { certificate } = certifyRank({ model, parameters: theta, inputs });
  if (!certificate) throw new Error('There is no certificate.');
  good = certificate;
});

describe('certificates with a number beyond float64', () => {
  it.each(['kept', 'without'])('are refused in words, %s hash', (hash) => {
    const json = copy(good);
    json.model.inputs = 'HUGE';
    if (hash === 'without') delete json.sha256;
    const read = JSON.parse(JSON.stringify(json).replace('"HUGE"', '1e999')) as Json;
    expect(read.model.inputs).toBe(Infinity);
    expect(verifyCertificate(read)).toMatchObject({ valid: false, reasons: [expect.stringContaining('SHA-256')] });
  });
});

describe('certificates that hold', () => {
  it('a network whose rank float64 cannot tell', () => {
    expect(good.claim).toMatchObject({ status: 'certified', lowerBound: 15 });
    expect(verifyCertificate(copy(good))).toMatchObject({ valid: true, lowerBound: 15, upperBound: 15, assumptions: [] });
  });

  it.each(['sigmoid', 'exp', 'softplus', 'relu', 'sin'] as const)('activation %s', (activation) => {
    const { certificate, rank } = certifyRank({ model: { ...model, activation }, parameters: theta, inputs });
    expect(verifyCertificate(copy(certificate))).toMatchObject({ valid: true, lowerBound: rank });
  });

  it('a formula, a factorization over some entries, and a bound of theory as an assumption', () => {
    const f = formula(['a', 'b'], ['x'], 'a*exp(x + 1) + b*exp(x)');
    const parameters = Float64Array.of(1, 1);
    const lower = certifyRank({ model: f, parameters, inputs });
    expect(verifyCertificate(copy(lower.certificate))).toMatchObject({ valid: true, lowerBound: 1, upperBound: 2 });
    const { certificate } = certifyRank({ model: f, parameters, inputs, upperBound: { value: 1, source: 'e^(x+1) = e·e^x' } });
    const verdict = verifyCertificate(copy(certificate));
    expect(verdict).toMatchObject({ valid: true, upperBound: 1 });
    expect(verdict.assumptions[0]).toContain('e^(x+1) = e·e^x');
    const entries: Inputs = { count: 4, dimension: 2, values: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1) };
    const factors = certifyRank({
      model: { kind: 'matrixFactorization', rows: 3, columns: 3, inner: 1 },
      parameters: Float64Array.of(1, 2, 4, 3, 5, 7),
      inputs: entries,
    });
    expect(verifyCertificate(copy(factors.certificate))).toMatchObject({ valid: true, lowerBound: 3, upperBound: 3 });
  });

  it('is the same, to the last character, when it is made again', () => {
    expect(JSON.stringify(certifyRank({ model, parameters: theta, inputs }).certificate)).toBe(JSON.stringify(good));
  });
});

describe('certificates that do not hold are refused with words', () => {
  const refused = (json: unknown, words: RegExp) => {
    const verdict = verifyCertificate(json);
    expect(verdict.valid).toBe(false);
    expect(verdict.reasons.join(' ')).toMatch(words);
  };

  it.each([[null], [[]], [42], ['text'], [{}]])('%j is no certificate', (json) => refused(json, /no (rank certificate|object)/));

  it('a changed character', () => {
    const json = copy(good);
    json.parameters[3] = '1p0';
    refused(json, /SHA-256/);
    refused({ ...copy(good), version: 2 }, /version 2/);
  });

  it.each<[string, (json: Json) => void, RegExp]>([
    ['another parameter', (json) => (json.parameters[6] = '1p0'), /not its value|from 0/],
    ['a pivot that is not the value', (json) => (json.proof.pivots[2].value = '1.5e0'), /not its value/],
    ['a pivot with a radius that contains 0', (json) => (json.proof.pivots[14].radius = '1e3'), /does not exclude 0/],
    ['a negative radius', (json) => (json.proof.pivots[14].radius = '-1e-3'), /radius/],
    [
      'duplicated neurons',
      (json) => {
        for (const block of [0, 5, 10]) json.parameters[block + 1] = json.parameters[block];
      },
      /not its value|from 0/,
    ],
    [
      'fewer pivots than claimed',
      (json) => {
        json.proof.pivots.pop();
        json.proof.rowOrder.pop();
        json.proof.columnOrder.pop();
      },
      /14 pivots/,
    ],
    [
      'a larger claim',
      (json) => {
        json.claim.lowerBound = 16;
        json.claim.upperBound.value = 16;
      },
      /15 pivots/,
    ],
    [
      'an upper bound that does not follow',
      (json) => {
        json.claim.lowerBound = 14;
        json.claim.upperBound.value = 14;
        json.proof.pivots.pop();
        json.proof.rowOrder.pop();
        json.proof.columnOrder.pop();
      },
      /does not follow/,
    ],
    ['bounds that cross', (json) => (json.claim.upperBound.value = 14), /exceeds/],
    ['a status that does not fit', (json) => (json.claim.status = 'certifiedLowerBound'), /does not fit/],
    ['a row twice', (json) => (json.proof.rowOrder[1] = json.proof.rowOrder[0]), /twice/],
    ['a column outside', (json) => (json.proof.columnOrder[0] = 15), /outside/],
    ['an exact proof of what is not rational', (json) => (json.proof.method = 'exact'), /not rational/],
    ['an exact bound of what is not rational', (json) => (json.claim.upperBound.kind = 'exact'), /not rational/],
    ['an unknown model', (json) => (json.model.kind = 'transformer'), /model/],
    ['a model without biases', (json) => (json.model.hiddenBias = false), /parameters/],
    ['too few inputs', (json) => (json.inputs.count = 29), /numbers/],
    ['inexact numbers', (json) => (json.inputs.values[0] = '0.1'), /exact text/],
    [
      'swapped rows',
      (json) => ([json.proof.rowOrder[0], json.proof.rowOrder[1]] = [json.proof.rowOrder[1], json.proof.rowOrder[0]]),
      /not its value/,
    ],
  ])('%s', (_, change, words) => refused(forged(good, change), words));
});
