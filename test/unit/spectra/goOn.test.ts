import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSpectrumState } from '../../../src/engine/curvature/largeSpectrum';
import { finish } from '../../../src/engine/finish';
import { extremalEigenvalues, extremalInSteps, readLanczosState, type LanczosOptions } from '../../../src/engine/spectra/lanczos';
import { densityInSteps, readProbe, spectralDensity } from '../../../src/engine/spectra/spectralDensity';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { SavedFields, StateError } from '../../../src/engine/training/savedState';
import { randomStream } from '../../../src/engine/random/stream';
import { diagonalOperator } from './operators';

/** Eigenvalues some of which are the same, so that rounds follow each other and spaces fall into parts. */
const operators = fc.record({
  size: fc.integer({ min: 20, max: 60 }),
  repeated: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

function operatorOf({ size, repeated, seed }: { size: number; repeated: number; seed: number }) {
  const values = new Float64Array(size);
  randomStream(seed, 'eigenvalues').fillNormal(values);
  for (let i = 0; i < repeated; i++) values[i] = 3;
  return diagonalOperator(values);
}

const kept = (state: unknown) => new SavedFields(decodeExact(encodeExact(state)));

describe('a search for eigenvalues that goes on', () => {
  it('finds the same bits from every pause', () => {
    let restarted = 0;
    fc.assert(
      fc.property(operators, fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.nat(), (given, count, largest, at) => {
        const options: LanczosOptions = {
          count,
          end: largest ? 'largest' : 'smallest',
          subspace: 2 * count + 6,
          seed: given.seed,
        };
        const uncut = extremalEigenvalues(operatorOf(given), options);
        const states: string[] = [];
        const work = extremalInSteps(operatorOf(given), options);
        for (let next = work.next(); !next.done; next = work.next()) states.push(encodeExact(next.value()));
        for (const text of [states[at % states.length], states[states.length - 1]]) {
          const state = readLanczosState(kept(decodeExact(text)), given.size, count, 2 * count + 6);
          if (state.run) restarted++;
          const running = extremalInSteps(operatorOf(given), options, state);
          expect(finish(running)).toEqual(uncut);
        }
      }),
      { numRuns: 100 },
    );
    expect(restarted).toBeGreaterThan(50);
  });

  it('keeps no large state', () => {
    const work = extremalInSteps(diagonalOperator(Float64Array.from({ length: 1_100_000 }, (_, i) => i)), {
      count: 1,
      end: 'largest',
    });
    const first = work.next();
    if (first.done) throw new Error('it has begun');
    expect(first.value()?.run).toBeUndefined();
  });
});

describe('an estimate of a density that goes on', () => {
  it('has the same bits after any number of probes', () => {
    fc.assert(
      fc.property(operators, fc.integer({ min: 2, max: 5 }), fc.nat(), (given, probes, at) => {
        const options = { probes, steps: 9, seed: given.seed };
        const uncut = spectralDensity(operatorOf(given), options);
        const states: string[] = [];
        const work = densityInSteps(operatorOf(given), options);
        for (let next = work.next(); !next.done; next = work.next()) states.push(encodeExact(next.value));
        const begun = (decodeExact(states[at % states.length]) as unknown[]).map((each) => readProbe(each, 9));
        expect(finish(densityInSteps(operatorOf(given), options, begun))).toEqual(uncut);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the state of a spectrum', () => {
  it('is refused where it is none', () => {
    const wanted = { kind: 'density', probes: 2, steps: 5, count: 1 } as const;
    const read = (state: unknown) => () => readSpectrumState(kept(state), 9, wanted);
    const end = { pairs: [{ value: 1, residual: 0, converged: true }], converged: true, products: 4 };
    expect(read({ probes: [], smallest: end, largest: end })()).toEqual({ probes: [], smallest: end, largest: end });
    for (const state of [
      {},
      { probes: [{}] },
      { probes: [], largest: end },
      { probes: [], smallest: { ...end, pairs: [end, end] } },
      { probes: [], smallest: { ...end, products: -1 } },
      { probes: [], search: { round: 0 } },
    ])
      expect(read(state)).toThrow(StateError);
  });
});
