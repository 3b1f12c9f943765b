import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/engine/random/stream';
import { NetShape } from '../../../src/engine/meanField/shape';
import { NetTraining, type NetTrainingRules } from '../../../src/engine/meanField/training';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { SavedFields, StateError } from '../../../src/engine/training/savedState';
import { mutateValue } from '../../fuzz/values';
import { FuzzRandom } from '../../fuzz/random';

/** Rules of a training of some epochs, with or without noise and repopulations, and how many steps are taken before the cut. */
const trainings = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  samples: fc.integer({ min: 3, max: 20 }),
  batch: fc.integer({ min: 1, max: 7 }),
  epochs: fc.integer({ min: 2, max: 6 }),
  widths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  classes: fc.boolean(),
  gradientNoise: fc.constantFrom(0, 0.3),
  repopulated: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  layers: fc.constantFrom('last' as const, 'all' as const),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
});

type Given = typeof trainings extends fc.Arbitrary<infer T> ? Omit<T, 'cut'> : never;

function begin({ seed, samples, batch, epochs, widths, classes, gradientNoise, repopulated, layers }: Given) {
  const outputs = classes ? 3 : 1;
  const shape = new NetShape(2, widths, outputs);
  const data = (name: string) => {
    const inputs = new Float64Array(samples * 2);
    randomStream(seed, name).fillNormal(inputs);
    const targets = new Float64Array(samples * outputs);
    for (let s = 0; s < samples; s++) targets[s * outputs + (s % outputs)] = classes ? 1 : inputs[2 * s];
    return { inputs, targets, count: samples };
  };
  const rules: NetTrainingRules = {
    loss: classes ? 'crossEntropy' : 'squaredError',
    epochs,
    batch,
    learningRate: 0.01,
    decay: 0.9,
    strength: 0.1,
    decays: shape.layers.map((_, l) => 0.1 * l + 0.05),
    gradientNoise,
    seed,
    repopulation: repopulated.length > 0 ? { epochs: repopulated, layers, drawing: 'systematic', noise: 0.1 } : null,
  };
  return new NetTraining(shape, 'tanh', data('train'), data('test'), rules);
}

/** Takes steps one by one until there are no more, or so many have been taken. */
function take(training: NetTraining, epochs: number, most = Infinity): void {
  while (training.epoch < epochs) {
    const epoch = training.runEpoch();
    for (;;) {
      if (training.steps >= most) return;
      if (epoch.next().done) break;
    }
  }
}

const endOf = (training: NetTraining) => [
  training.steps,
  training.epoch,
  training.state(),
  training.repopulations,
  ...training.parameters,
];

describe('a training of a wide net that goes on from what another one saved', () => {
  it('ends with the same bits, wherever it was cut', () => {
    fc.assert(
      fc.property(trainings, ({ cut, ...given }) => {
        const { epochs, samples, batch } = given;
        const whole = begin(given);
        take(whole, epochs);
        const first = begin(given);
        const total = epochs * Math.floor(samples / Math.min(batch, samples));
        expect(whole.steps).toBe(total);
        // Not behind the last step, where nothing is saved any more.
        take(first, epochs, Math.min(total - 1, Math.floor(cut * total)));
        const saved = encodeExact(first.save());
        const second = begin(given);
        second.goOn(new SavedFields(decodeExact(saved)));
        expect(second.steps).toBe(first.steps);
        expect(encodeExact(second.save())).toBe(saved);
        take(second, epochs);
        expect(endOf(second)).toEqual(endOf(whole));
      }),
      { numRuns: 60 },
    );
  });

  it('is as before where what was saved is none of it', () => {
    let refused = 0;
    fc.assert(
      fc.property(trainings, fc.integer({ min: 0, max: 1e9 }), ({ cut, ...given }, seed) => {
        const first = begin(given);
        take(first, given.epochs, Math.floor((cut * given.epochs * given.samples) / (2 * given.batch)));
        if (first.epoch >= given.epochs) return;
        const mutated = JSON.stringify(mutateValue(JSON.parse(encodeExact(first.save())), new FuzzRandom(seed, 'state', 0)));
        let wrong: SavedFields;
        try {
          wrong = new SavedFields(decodeExact(mutated));
        } catch {
          return;
        }
        const second = begin(given);
        const before = encodeExact(second.save());
        try {
          second.goOn(wrong);
        } catch (error) {
          if (!(error instanceof StateError)) throw error;
          refused++;
          expect(encodeExact(second.save())).toBe(before);
        }
      }),
      { numRuns: 100 },
    );
    expect(refused).toBeGreaterThan(30);
  });
});
