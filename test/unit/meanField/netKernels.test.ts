import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unitValues, outputSensitivities } from '../../../src/engine/meanField/forward';
import { lossOf } from '../../../src/engine/meanField/loss';
import { NetKernels } from '../../../src/engine/meanField/netKernels';
import { addRegularizerGradient, regularizerTerms, weightedSum } from '../../../src/engine/meanField/regularizer';
import { NetShape } from '../../../src/engine/meanField/shape';
import { activationFunction } from '../../../src/engine/models/activation';
import { anyNet, randomInputs, randomNet } from './nets';

const activations = ['tanh', 'sigmoid', 'softplus', 'sin'] as const;

describe('outputs and gradients by the kernels', () => {
  test('outputs are the bits of the plain loops, for any number of inputs', () => {
    fc.assert(
      fc.property(
        anyNet,
        fc.integer({ min: 1, max: 11 }),
        fc.constantFrom(...activations),
        ({ shape, parameters, seed }, count, name) => {
          const inputs = randomInputs(shape, count, seed);
          const kernels = new NetKernels(shape, name);
          kernels.setParameters(parameters);
          const outputs = new Float64Array(count * shape.outputs);
          kernels.outputs(inputs, count, outputs);
          const features = new Float64Array(count * shape.widths[shape.depth - 1]);
          kernels.features(inputs, count, features);
          for (let s = 0; s < count; s++) {
            const input = inputs.subarray(s * shape.inputs, (s + 1) * shape.inputs);
            const values = unitValues(shape, activationFunction(name), parameters, input);
            expect(outputs.subarray(s * shape.outputs, (s + 1) * shape.outputs)).toEqual(values[shape.depth + 1]);
            const width = shape.widths[shape.depth - 1];
            expect(features.subarray(s * width, (s + 1) * width)).toEqual(values[shape.depth]);
          }
        },
      ),
    );
  });

  test('the gradient of either loss against central differences', () => {
    fc.assert(
      fc.property(
        anyNet,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(...activations),
        fc.constantFrom('squaredError' as const, 'crossEntropy' as const),
        ({ shape, parameters, seed }, count, name, kind) => {
          const inputs = randomInputs(shape, 2 * count, seed);
          // Every other row, last first: the batch is chosen from the data.
          const chosen = Int32Array.from({ length: count }, (_, s) => 2 * (count - 1 - s));
          const targets = new Float64Array(2 * count * shape.outputs);
          for (let s = 0; s < 2 * count; s++) targets[s * shape.outputs + (s % shape.outputs)] = 1;
          const kernels = new NetKernels(shape, name);
          const outputs = new Float64Array(count * shape.outputs);
          const residuals = new Float64Array(count * shape.outputs);
          const lossAt = (at: Float64Array) => {
            kernels.setParameters(at);
            kernels.outputs(inputs, count, outputs, chosen);
            return lossOf(kind, outputs, count, shape.outputs, targets, chosen, residuals);
          };
          lossAt(parameters);
          const gradient = new Float64Array(shape.parameterCount);
          kernels.gradient(residuals, count, gradient);
          const moved = Float64Array.from(parameters);
          for (let i = 0; i < moved.length; i++) {
            moved[i] = parameters[i] + 1e-5;
            const right = lossAt(moved);
            moved[i] = parameters[i] - 1e-5;
            const left = lossAt(moved);
            moved[i] = parameters[i];
            // The fast tanh of the kernels has errors of a few ulp, which the difference magnifies.
            expect(Math.abs((right - left) / 2e-5 - gradient[i])).toBeLessThan(1e-7 * (1 + Math.abs(gradient[i])));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('two batch sizes in turn do not disturb each other', () => {
    const { shape, parameters } = randomNet(2, [5, 4], 2, 3);
    const kernels = new NetKernels(shape, 'tanh');
    kernels.setParameters(parameters);
    const inputs = randomInputs(shape, 8, 3);
    const all = new Float64Array(16);
    kernels.outputs(inputs, 8, all);
    const some = new Float64Array(6);
    kernels.outputs(inputs, 3, some);
    expect(some).toEqual(all.subarray(0, 6));
    const gradients = [new Float64Array(shape.parameterCount), new Float64Array(shape.parameterCount)];
    kernels.gradient(new Float64Array(6).fill(1), 3, gradients[0]);
    kernels.outputs(inputs, 8, all);
    kernels.outputs(inputs, 3, some);
    kernels.gradient(new Float64Array(6).fill(1), 3, gradients[1]);
    expect(gradients[0]).toEqual(gradients[1]);
  });
});

test('sensitivities of outputs to hidden values against central differences', () => {
  const { shape, parameters } = randomNet(2, [4, 5, 3], 2, 8);
  const tanh = activationFunction('tanh');
  const input = [0.3, -1.1];
  const values = unitValues(shape, tanh, parameters, input);
  for (let o = 0; o < 2; o++) {
    const sensitivities = outputSensitivities(shape, tanh, parameters, values, o);
    for (let h = 0; h < 3; h++) {
      // The layers above hidden layer h are a net of their own, with its values as inputs.
      const above = new NetShape(shape.widths[h], shape.widths.slice(h + 1), 2);
      const upper = parameters.subarray(shape.layers[h + 1].kernel);
      for (let k = 0; k < shape.widths[h]; k++) {
        const at = (by: number) => {
          const moved = Float64Array.from(values[h + 1]);
          moved[k] += by;
          return unitValues(above, tanh, upper, moved)[above.depth + 1][o];
        };
        expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(sensitivities[h][k], 8);
      }
    }
  }
});

test('the gradient of the regulariser against central differences', () => {
  fc.assert(
    fc.property(anyNet, ({ shape, parameters }) => {
      const decays = shape.layers.map((_, l) => 0.5 + l);
      const value = (at: Float64Array) => 0.3 * weightedSum(regularizerTerms(shape, at), decays);
      const gradient = new Float64Array(shape.parameterCount);
      addRegularizerGradient(shape, parameters, decays, 0.3, gradient);
      const moved = Float64Array.from(parameters);
      for (let i = 0; i < moved.length; i++) {
        if (Math.abs(moved[i]) < 1e-4) continue;
        moved[i] = parameters[i] + 1e-5;
        const right = value(moved);
        moved[i] = parameters[i] - 1e-5;
        const left = value(moved);
        moved[i] = parameters[i];
        expect(Math.abs((right - left) / 2e-5 - gradient[i])).toBeLessThan(1e-8 * (1 + Math.abs(gradient[i])));
      }
    }),
  );
});
