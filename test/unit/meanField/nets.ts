import fc from 'fast-check';
import { randomStream } from '../../../src/engine/random/stream';
import { initialParameters, NetShape } from '../../../src/engine/meanField/shape';

/** Nets of random shapes and weights. */
export const anyNet = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 0, max: 1e6 }),
  )
  .map(([inputs, widths, outputs, seed]) => randomNet(inputs, widths, outputs, seed));

export function randomNet(inputs: number, widths: number[], outputs: number, seed: number) {
  const shape = new NetShape(inputs, widths, outputs);
  const stream = randomStream(seed, 'test net');
  const parameters = initialParameters(shape, stream);
  for (const { rows, biases } of shape.layers) for (let j = 0; j < rows; j++) parameters[biases + j] = 0.3 * stream.normal();
  return { shape, parameters, seed };
}

export function randomInputs(shape: NetShape, count: number, seed: number): Float64Array {
  const inputs = new Float64Array(count * shape.inputs);
  randomStream(seed, 'test inputs').fillNormal(inputs);
  return inputs;
}

/** Positive densities with mean 1, some of them far from it. */
export function randomDensities(shape: NetShape, seed: number, spread = 2): Float64Array[] {
  const stream = randomStream(seed, 'test densities');
  return shape.widths.map((width) => {
    const p = Float64Array.from({ length: width }, () => Math.exp(spread * stream.normal()));
    const mean = p.reduce((sum, value) => sum + value, 0) / width;
    return p.map((value) => value / mean);
  });
}
