import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureSpectrum } from '../../../src/engine/curvature/largeSpectrum';
import { finish } from '../../../src/engine/finish';
import { GradientFlow } from '../../../src/engine/flow/gradientFlow';
import type { BoundModel } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { conservedQuantities } from '../../../src/engine/training/conservedQuantities';
import { FlowTraining } from '../../../src/engine/training/flowTraining';
import { SavedFields, StateError } from '../../../src/engine/training/savedState';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { ACTIVATIONS, cases, networks, prepare, type Case } from '../kernels/cases';

const small = fc.integer({ min: 1, max: 4 });
const others: fc.Arbitrary<ResolvedModel> = fc.oneof(
  fc.record({ kind: fc.constant('matrixFactorization' as const), rows: small, columns: small, inner: small }),
  fc.record({ kind: fc.constant('diagonal' as const), inputs: small, depth: fc.constantFrom(2, 3) }),
  fc.record({
    kind: fc.constant('deepNetwork' as const),
    activation: fc.constantFrom(...ACTIVATIONS),
    inputs: small,
    widths: fc.array(small, { minLength: 1, maxLength: 2 }),
    outputs: fc.constant(1),
    bias: fc.boolean(),
  }),
  fc.constant<ResolvedModel>({
    kind: 'formula',
    parameters: ['t0', 't1', 't2'],
    inputs: ['x1'],
    expression: 'tanh(t0*x1 + t1)*t2 + t0*t1',
  }),
);

const kept = (state: unknown): unknown => decodeExact(encodeExact(state));

function begin({ model, ...example }: Case, bound?: BoundModel, polish = false): FlowTraining {
  const prepared = prepare({ ...example, model });
  return new FlowTraining(
    bound ?? prepared.bound,
    prepared.targets,
    prepared.start(),
    {
      optimizer: { kind: 'gradientFlow', relativeTolerance: 1e-6, absoluteTolerance: 1e-9, ...(polish ? { polish } : {}) },
      stop: { trainLoss: 1e-12, gradientNorm: 1e-8, steps: 150 },
    },
    conservedQuantities(model, createModel(model)),
  );
}

/** All that a flow says at its end; Object.is on every number. */
function endOf(training: FlowTraining): unknown[] {
  while (training.stopReason === null) training.advance(1000);
  const { step, stopReason, curve, parameters, loss } = training;
  return [step, stopReason, curve.take(), [...parameters], loss, training.gradientNorm(), training.measurement()];
}

describe('a gradient flow that goes on from what another one saved', () => {
  for (const [name, models] of Object.entries({ networks, others }))
    it(`ends with the same bits: ${name}`, { timeout: 120_000 }, () => {
      let gone = 0;
      fc.assert(
        fc.property(cases(models), fc.integer({ min: 1, max: 120 }), (example, cut) => {
          const expected = endOf(begin(example));
          const begun = begin(example);
          begun.advance(cut);
          const state = begun.save();
          if (!state) return;
          gone++;
          const saved = kept(state);
          const other = begin(example);
          other.goOn(saved);
          // What has been told before is told again.
          expect(endOf(other)).toEqual(expected);
          // Others have had the kernels in between.
          expect(begun.step).toBe(Math.min(cut, begun.step));
          // And from there once more.
          const third = begin(example);
          third.goOn(saved);
          third.advance(1 + (cut % 7));
          const later = third.save();
          if (!later) return;
          const fourth = begin(example);
          fourth.goOn(kept(later));
          expect(endOf(fourth)).toEqual(expected);
        }),
        { numRuns: 150 },
      );
      expect(gone).toBeGreaterThan(60);
    });

  it('does so while it is polished', { timeout: 120_000 }, () => {
    let gone = 0;
    fc.assert(
      fc.property(cases(networks), fc.integer({ min: 0, max: 60 }), (example, cut) => {
        const flow = () => begin(example, undefined, true);
        const expected = endOf(flow());
        const begun = flow();
        // Its end is in the last of these calls; then each is a pause of the polish.
        begun.advance(1000);
        for (let pause = 0; pause < cut && begun.stopReason === null; pause++) begun.advance(1);
        const state = begun.save();
        if (!state || !('end' in state)) return;
        gone++;
        const other = flow();
        other.goOn(kept(state));
        expect(endOf(other)).toEqual(expected);
        expect(() => begin(example).goOn(kept(state))).toThrow(StateError);
      }),
      { numRuns: 80 },
    );
    expect(gone).toBeGreaterThan(20);
  });

  it('does so where spectra are taken on the way, with the kernels of the flow', () => {
    fc.assert(
      fc.property(cases(networks), fc.integer({ min: 1, max: 60 }), (example, cut) => {
        const { bound, targets } = prepare(example);
        const spectrum = (training: FlowTraining) => {
          try {
            finish(measureSpectrum(bound, training.parameters, targets, 'full', 1));
          } catch {
            // Where numbers overflow there is none.
          }
        };
        const toEnd = (training: FlowTraining) => {
          while (training.stopReason === null) {
            if (training.step > 0 && training.step % 5 === 0) spectrum(training);
            training.advance(5 - (training.step % 5));
          }
          return [training.step, training.loss, [...training.parameters], training.measurement()];
        };
        const expected = toEnd(begin(example));
        const begun = begin(example);
        while (begun.stopReason === null && begun.step < cut) {
          if (begun.step > 0 && begun.step % 5 === 0) spectrum(begun);
          begun.advance(Math.min(cut - begun.step, 5 - (begun.step % 5)));
        }
        const state = begun.save();
        fc.pre(state !== undefined);
        const other = begin(example);
        other.goOn(kept(state));
        expect(toEnd(other)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('does so by Krylov methods', () => {
    fc.assert(
      fc.property(cases(networks), fc.integer({ min: 1, max: 40 }), (example, cut) => {
        const { bound, targets, start } = prepare(example);
        const flow = () =>
          new GradientFlow(bound, targets, start(), {
            solver: 'krylov',
            trajectoryBytes: 0,
            stop: { steps: 60, trainLoss: 1e-12 },
          });
        const toEnd = (each: GradientFlow) => {
          each.advance(1000);
          const result = each.result();
          return { ...result, trajectory: undefined, parameters: [...result.parameters] };
        };
        const expected = toEnd(flow());
        const begun = flow();
        begun.advance(cut);
        const state = begun.save();
        fc.pre(state !== undefined);
        const other = flow();
        other.goOn(new SavedFields(kept(state)));
        expect(toEnd(other)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what is none of it, and is then as before', () => {
    const example: Case = {
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3, hiddenBias: true, outputBias: false },
      optimizer: { kind: 'adam', learningRate: 0.01 },
      count: 5,
      seed: 1,
      stop: { trainLoss: 0, steps: 50, gradientNorm: 0 },
      slices: [],
    };
    const begun = begin(example);
    begun.advance(20);
    type Tree = Record<string, Record<string, Record<string, unknown>>>;
    const change = (act: (state: Tree) => void): unknown => {
      const state = kept(begun.save()) as Tree;
      act(state);
      return state;
    };
    const short = new Float64Array(2);
    for (const wrong of [
      undefined,
      {},
      change((state) => (state['flow']['integrator']['order'] = 9)),
      change((state) => (state['flow']['integrator']['h'] = 0)),
      change((state) => (state['flow']['integrator']['time'] = NaN)),
      change((state) => (state['flow']['integrator']['z2'] = short)),
      change((state) => (state['flow']['integrator']['statistics'] = { steps: 1 })),
      change((state) => (state['flow']['matrix']['hessian'] = short)),
      change((state) => (state['flow']['evaluations']['settled'] = short)),
      change((state) => (state['flow']['evaluations']['anchor'] = short)),
      change((state) => (state['flow']['conserved']['drifts'] = short)),
      change((state) => (state['curve']['losses'] = { 0: 1 })),
      change((state) => delete state['curve']['times']),
    ]) {
      const other = begin(example);
      expect(() => other.goOn(wrong)).toThrow(StateError);
      expect(endOf(other)).toEqual(endOf(begin(example)));
    }
  });
});
