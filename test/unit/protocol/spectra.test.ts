import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent, decodeEvent, emptyRecord, type SpectrumMeasurement } from '../../../src/protocol';
import { thinHistories } from '../../../src/engine/report/thinHistories';

const measurement = (length: number): SpectrumMeasurement => ({
  eigenvalues: Array.from({ length }, (_, i) => i),
  residual: 1e-15,
  converged: true,
});

function followed(count: number, length: number, trials = 1) {
  const record = emptyRecord({ id: 'r', fileName: 'a', startedAt: 0 });
  const same = measurement(length);
  for (let trial = 0; trial < trials; trial++)
    for (let step = 0; step < count; step++)
      applyEvent(record, { type: 'spectrum', sampleSize: 3, trial, step, measurement: same });
  return record;
}

describe('spectra during training', () => {
  it('are kept beside the one at the solution', () => {
    const record = followed(3, 2);
    expect(record.spectra).toEqual({});
    expect(record.histories['3/0']?.spectra.map(({ step }) => step)).toEqual([0, 1, 2]);
    applyEvent(record, { type: 'spectrum', sampleSize: 3, trial: 0, measurement: measurement(1) });
    expect(record.spectra['3/0']).toEqual(measurement(1));
    applyEvent(record, { type: 'spectrum', sampleSize: 3, trial: 0, step: 3, time: 0.5, measurement: measurement(2) });
    expect(record.histories['3/0']?.spectra.at(-1)).toEqual({ step: 3, time: 0.5, measurement: measurement(2) });
  });

  it('stay bounded, evenly spread, with the first and the latest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 30_000 }), (count, length) => {
        const { spectra } = followed(count, length).histories['3/0']!;
        expect(spectra.length).toBeLessThanOrEqual(201);
        expect(spectra.length).toBeGreaterThanOrEqual(Math.min(count, 3));
        expect([spectra[0].step, spectra.at(-1)!.step]).toEqual([0, count - 1]);
        const gaps = spectra.slice(1, -1).map(({ step }, i) => step - spectra[i].step);
        expect(new Set(gaps).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });

  it('are thinned for a report, each training with its last', () => {
    const { histories } = followed(60, 40, 5);
    expect(thinHistories(histories, 1e6).kept).toBe(histories);
    const { kept, numbers } = thinHistories(histories, 2000);
    expect(Object.keys(kept)).toHaveLength(5);
    const total = Object.values(kept).flatMap(({ spectra }) => spectra).length * 44;
    expect(numbers).toBe(total);
    expect(total).toBeLessThanOrEqual(2000);
    for (const { spectra } of Object.values(kept)) expect([spectra[0].step, spectra.at(-1)!.step]).toEqual([0, 59]);
    // Not even two of each fit.
    expect(Object.keys(thinHistories(histories, 200).kept)).toEqual(['3/0', '3/1']);
  });

  it('are events with numbers, or none', () => {
    const event = { type: 'spectrum', sampleSize: 3, trial: 0, measurement: measurement(2) };
    const density = { eigenvalues: [1], values: [1], standardErrors: [0], quadratureErrors: [0], width: 1, probes: 2, steps: 3 };
    const large = {
      ...measurement(2),
      kind: 'density',
      size: 9,
      lower: 1,
      residuals: [1, 2],
      density,
      trace: { value: 1, standardError: 2 },
    };
    expect(decodeEvent(event)).toBe(event);
    expect(decodeEvent({ ...event, step: 4, time: 0.1, measurement: large })).toBeDefined();
    expect(decodeEvent({ ...event, step: -1 })).toBeUndefined();
    expect(decodeEvent({ ...event, measurement: { ...large, kind: 'some' } })).toBeUndefined();
    expect(decodeEvent({ ...event, measurement: { ...large, residuals: [null] } })).toBeUndefined();
    expect(decodeEvent({ ...event, measurement: { ...large, density: { ...density, values: ['1'] } } })).toBeUndefined();
  });
});
