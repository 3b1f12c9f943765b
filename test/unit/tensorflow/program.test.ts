import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Training } from '../../../src/engine/training/train';
import { TensorFlowTraining } from '../../../src/engine/tensorflow/tensorFlowTraining';
import { TensorProgram } from '../../../src/engine/tensorflow/program';
import { PlainTensorFlow } from './plainTensorFlow';
import { models, OPTIMIZERS, problemOf } from './problems';

const counts = fc.integer({ min: 1, max: 9 });
const seeds = fc.nat(1_000_000);

/** Deep networks of exponentials leave the numbers; what they lose by cancellation before is no error of the program. */
const MODERATE = 1e4;

/** Largest difference, relative to the largest number. */
function distance(a: Float64Array, b: Float64Array): number {
  const scale = b.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-300);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0) / scale;
}

// What TensorFlow is told to compute, in exact arithmetic: float64 in plain loops instead of TensorFlow itself.
describe('the tensor program, computed in float64', () => {
  it('has the loss and the gradient of the model', () => {
    fc.assert(
      fc.property(models, counts, seeds, (model, count, seed) => {
        const { bound, network, targets, start } = problemOf(model, count, seed);
        const parameters = start();
        const expected = new Float64Array(parameters.length);
        const loss = bound.lossAndGradient(parameters, targets, expected);
        fc.pre(loss < MODERATE);
        const tf = new PlainTensorFlow();
        // Gradient descent with rate 1 subtracts the gradient.
        const program = new TensorProgram(tf, network, targets, parameters, { kind: 'gradientDescent', learningRate: 1 });
        const evaluation = program.evaluate();
        const norm = program.squaredNorm(evaluation.gradients);
        program.update(evaluation.gradients, 1);
        const moved = new Float64Array(parameters.length);
        program.read(moved);
        expect(Math.abs(evaluation.loss - loss)).toBeLessThan(1e-12 * (1 + loss));
        expect(
          distance(
            moved,
            parameters.map((value, i) => value - expected[i]),
          ),
        ).toBeLessThan(1e-12);
        const squares = expected.reduce((sum, g) => sum + g * g, 0);
        expect(Math.abs(norm - squares)).toBeLessThan(1e-12 * (1 + squares));
        program.dispose();
        expect(tf.memory().numTensors).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('takes the steps, keeps the curve and stops by the rules of the float64 training, in slices of any length', () => {
    const stops = fc.record({
      trainLoss: fc.constantFrom(0, 0.3),
      steps: fc.integer({ min: 1, max: 40 }),
      gradientNorm: fc.constantFrom(0, 0.2),
    });
    const slices = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        models,
        fc.constantFrom(...OPTIMIZERS),
        counts,
        seeds,
        stops,
        slices,
        (model, optimizer, count, seed, stop, sizes) => {
          const { bound, network, targets, start } = problemOf(model, count, seed);
          const plain = new Training(bound, targets, start(), { optimizer, stop });
          plain.advance(Infinity);
          fc.pre(plain.loss < MODERATE);
          const tf = new PlainTensorFlow();
          const tensors = new TensorFlowTraining(tf, network, bound, targets, start(), { optimizer, stop });
          for (const size of sizes) tensors.advance(size);
          tensors.advance(Infinity);
          expect([tensors.step, tensors.stopReason]).toEqual([plain.step, plain.stopReason]);
          expect(distance(tensors.parameters, plain.parameters)).toBeLessThan(1e-9);
          const expected = plain.curve.take();
          const curve = tensors.curve.take();
          expect(curve.steps).toEqual(expected.steps);
          expect(distance(Float64Array.from(curve.losses), Float64Array.from(expected.losses))).toBeLessThan(1e-9);
          expect(tf.memory().numTensors).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ends with loss and gradient in float64 at its own parameters', () => {
    fc.assert(
      fc.property(models, counts, seeds, (model, count, seed) => {
        const { bound, network, targets, start } = problemOf(model, count, seed);
        const training = new TensorFlowTraining(new PlainTensorFlow(Math.fround), network, bound, targets, start(), {
          optimizer: { kind: 'adam', learningRate: 0.01 },
          stop: { trainLoss: 0, steps: 10, gradientNorm: 0 },
        });
        training.advance(Infinity);
        expect(training.parameters.every((value) => value === Math.fround(value))).toBe(true);
        const gradient = new Float64Array(training.parameters.length);
        const loss = problemOf(model, count, seed).bound.lossAndGradient(training.parameters, targets, gradient);
        fc.pre(loss < MODERATE);
        expect(training.loss).toBe(loss);
        const norm = Math.hypot(...gradient);
        // Zero where every relu is off.
        expect(Math.abs(training.gradientNorm() - norm)).toBeLessThanOrEqual(1e-12 * norm);
      }),
      { numRuns: 50 },
    );
  });

  it('frees the tensors of a training that was given up when the next one begins', () => {
    const { bound, network, targets, start } = problemOf(
      { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3, hiddenBias: true, outputBias: false },
      5,
      1,
    );
    const tf = new PlainTensorFlow();
    const rules = { optimizer: OPTIMIZERS[2], stop: { trainLoss: 0, steps: 100, gradientNorm: 0 } };
    new TensorFlowTraining(tf, network, bound, targets, start(), rules).advance(7);
    const held = tf.memory().numTensors;
    const next = new TensorFlowTraining(tf, network, bound, targets, start(), rules);
    next.advance(7);
    expect(tf.memory().numTensors).toBe(held);
    next.advance(Infinity);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('ends a training that diverges', () => {
    const { bound, network, targets, start } = problemOf(
      { kind: 'twoLayer', activation: 'exp', inputs: 2, width: 3, hiddenBias: true, outputBias: false },
      5,
      1,
    );
    const tf = new PlainTensorFlow(Math.fround);
    const training = new TensorFlowTraining(tf, network, bound, targets, start(), {
      optimizer: { kind: 'gradientDescent', learningRate: 100 },
      stop: { trainLoss: 1e-9, steps: 100, gradientNorm: 0 },
    });
    training.advance(Infinity);
    expect(training.stopReason).toBe('diverged');
    expect(tf.memory().numTensors).toBe(0);
  });
});
