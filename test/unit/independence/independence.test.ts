import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedIndependenceExperiment } from '../../../src/experiment/kinds/independence';
import type { NeuronActivationConfig, NeuronConfig } from '../../../src/experiment/schema/independence';
import { verifyCertificate } from '../../../src/engine/certified';
import type { GeneralNeuron, NeuronList } from '../../../src/engine/certified/neuronList';
import { drawNeurons, neuronOf, weightCount } from '../../../src/engine/independence/neurons';
import { randomStream } from '../../../src/engine/random/stream';
import { measureIndependence, type Independence } from '../../../src/engine/studies/independence/measure';

const SHIFTED: NeuronActivationConfig = { kind: 'tanh', shift: 0.4 };
/** Neither odd nor even. */
const GENERIC: NeuronActivationConfig = { expression: 'tanh(x + 0.4) + 0.3*exp(x/2)' };

function list(
  activation: NeuronActivationConfig,
  inputs: number,
  neurons: readonly (NeuronConfig | GeneralNeuron)[],
  outputBias = false,
): NeuronList {
  return {
    kind: 'neuronList',
    activation,
    inputs,
    neurons: neurons.map((neuron) => ('length' in neuron ? neuron : neuronOf(neuron as NeuronConfig))),
    outputBias,
  };
}

function measure(neurons: NeuronList, certify: 'auto' | 'always' | 'never' = 'never'): Independence {
  return measureIndependence(neurons, { rankTolerance: 1e-9, certify, scale: 1.5, seed: 1 });
}

const kinds = ({ causes }: Independence) => causes.map(({ kind, neurons }) => ({ kind, neurons }));

describe('the acceptance list of the theory', () => {
  for (const activation of ['tanh', 'sigmoid', SHIFTED, GENERIC] as const) {
    const name = typeof activation === 'string' ? activation : JSON.stringify(activation);
    it(`12 random deep neurons of depth 1 to 3 and widths 1 to 3 are independent: ${name}`, () => {
      const neurons = drawNeurons({ count: 12, depth: [1, 3], widths: [1, 3], seed: 1 }, 2);
      expect(new Set(neurons.map((neuron) => neuron.length))).toEqual(new Set([1, 2, 3]));
      const alone = measure(list(activation, 2, neurons));
      expect(alone.measurement.rank).toBe(12);
      expect(alone.independent).toBe(true);
      expect(alone.causes).toEqual([]);
      expect(measure(list(activation, 2, neurons, true)).measurement.rank).toBe(13);
    });
  }

  const opposite: NeuronConfig[] = [
    { inputWeights: [0.7, -1.1], bias: 0.4 },
    { inputWeights: [-0.7, 1.1], bias: -0.4 },
  ];
  it.each([
    ['tanh', 1, 2, 'signEqual'],
    ['sin', 1, 2, 'signEqual'],
    ['sigmoid', 2, 2, 'sigmoidPair'],
    [SHIFTED, 2, 3, null],
    [GENERIC, 2, 3, null],
    [{ expression: 'sin(x) + x' }, 1, 2, 'signEqual'],
    [{ expression: 'cos(x)' }, 1, 2, 'equal'],
    [{ expression: '3*tanh(x) + 5' }, 2, 2, 'sigmoidPair'],
  ] as const)('(w, b) and (−w, −b) with %j: rank %i, and %i beside a constant', (activation, alone, withConstant, cause) => {
    const first = measure(list(activation, 2, opposite));
    const second = measure(list(activation, 2, opposite, true));
    expect([first.measurement.rank, second.measurement.rank]).toEqual([alone, withConstant]);
    expect(kinds(second)).toEqual(cause ? [{ kind: cause, neurons: [1, 2] }] : []);
    expect(second.causes.every(({ proven }) => proven)).toBe(true);
  });

  it('two constants: rank 1', () => {
    const constants: NeuronConfig[] = [
      { inputWeights: [0, 0], bias: 0.3 },
      { inputWeights: [0, 0], bias: 1.3 },
    ];
    for (const activation of ['tanh', 'sigmoid', 'exp', SHIFTED, GENERIC] as const) {
      const found = measure(list(activation, 2, constants));
      expect(found.measurement.rank).toBe(1);
      expect(kinds(found)).toEqual([{ kind: 'constants', neurons: [1, 2] }]);
      expect(found.causes[0].proven).toBe(true);
      expect(measure(list(activation, 2, constants, true)).causes[0]).toMatchObject({ kind: 'constants', dimensions: 2 });
    }
  });
});

/** A neuron that is the same function, written another way: hidden units permuted, one split in two, and for tanh one turned. */
function disguised(neuron: GeneralNeuron, activation: NeuronActivationConfig): GeneralNeuron {
  if (neuron.length < 2) return neuron;
  const layers = neuron.map(({ weights, biases }) => ({ weights: weights.map((row) => [...row]), biases: [...biases] }));
  const [first, second] = layers;
  first.weights.reverse();
  first.biases.reverse();
  for (const row of second.weights) row.reverse();
  first.weights.push([...first.weights[0]]);
  first.biases.push(first.biases[0]);
  for (const row of second.weights) {
    row[0] /= 2;
    row.push(row[0]);
  }
  if (activation === 'tanh') {
    first.weights[0] = first.weights[0].map((weight) => -weight);
    first.biases[0] *= -1;
    for (const row of second.weights) row[0] *= -1;
  }
  return layers;
}

describe('planted dependencies', () => {
  const activations = fc.constantFrom<NeuronActivationConfig>('tanh', 'sigmoid', 'softplus', SHIFTED, GENERIC);

  it('random neurons are independent, or their rank is inconclusive', () => {
    let decided = 0;
    fc.assert(
      fc.property(
        activations,
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.boolean(),
        (activation, inputs, count, seed, outputBias) => {
          const neurons = drawNeurons({ count, depth: [1, 3], widths: [1, 3], seed }, inputs);
          const { measurement, independent } = measure(list(activation, inputs, neurons, outputBias));
          if (independent === null) return;
          decided++;
          expect(measurement.rank).toBe(count + (outputBias ? 1 : 0));
        },
      ),
      { numRuns: 300 },
    );
    // Some 286 of 300 are; one in twenty has neurons too alike for float64.
    expect(decided).toBeGreaterThan(260);
  });

  it('are found with their causes, proven, and with the right rank', () => {
    fc.assert(
      fc.property(
        activations,
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 100_000 }),
        (activation, inputs, count, seed) => {
          const stream = randomStream(seed, 'test');
          const neurons: GeneralNeuron[] = drawNeurons({ count, depth: [1, 3], widths: [1, 3], seed }, inputs);
          const source = stream.integer(count);
          const negated = neurons[source].map((layer, l, { length }) =>
            l < length - 1
              ? layer
              : { weights: layer.weights.map((row) => row.map((w) => -w)), biases: layer.biases.map((b) => -b) },
          );
          const zeroWeights = [{ weights: [new Array<number>(inputs).fill(0)], biases: [0] }];
          const planted: GeneralNeuron[] = [...neurons, disguised(neurons[source], activation), zeroWeights];
          const place = count + 1;
          const expected: { kind: string; neurons: number[] }[] = [];
          let rank = count;
          if (activation === 'tanh') {
            // tanh(0) = 0, and the negated neuron belongs to the class of its source.
            planted.push(negated);
            expected.push({ kind: 'zero', neurons: [place + 1] });
            expected.push({ kind: 'signEqual', neurons: [source + 1, place, place + 2] });
          } else if (activation === 'sigmoid') {
            planted.push(negated);
            rank += 1;
            expected.push({ kind: 'equal', neurons: [source + 1, place] });
            expected.push({ kind: 'sigmoidPair', neurons: [source + 1, place + 1, place + 2] });
          } else {
            rank += 1;
            expected.push({ kind: 'equal', neurons: [source + 1, place] });
          }
          const found = measure(list(activation, inputs, planted));
          if (found.independent === null) return;
          expect(found.independent).toBe(false);
          expect(found.measurement.rank).toBe(rank);
          expect(kinds(found)).toEqual(expected);
          expect(found.causes.every(({ proven }) => proven)).toBe(true);
        },
      ),
      // Its deepest neuron is 1e14 times as large as the others, which are not 0 for that.
      { numRuns: 300, examples: [[GENERIC, 4, 4, 16]] },
    );
  });

  it('names the neurons of a relation without a structural cause', () => {
    // Any three of sin(x + b) lie in the plane of sin x and cos x.
    const neurons = [0.1, 0.7, 1.9].map((bias) => ({ inputWeights: [1], bias }));
    const found = measure(list('sin', 1, [...neurons, { inputWeights: [0.3], bias: 0.2 }]));
    expect(found.measurement.rank).toBe(3);
    expect(kinds(found)).toEqual([{ kind: 'unexplained', neurons: [1, 2, 3] }]);
  });

  it('calls multiples equal: exp(z + 1) = e·exp(z), and relu(2z) = 2 relu(z)', () => {
    const shifted: NeuronConfig[] = [
      { inputWeights: [0.5, 1], bias: 0 },
      { inputWeights: [0.5, 1], bias: 1 },
    ];
    expect(kinds(measure(list('exp', 2, shifted)))).toEqual([{ kind: 'equal', neurons: [1, 2] }]);
    const doubled: NeuronConfig[] = [
      { inputWeights: [0.5, 1], bias: 0.5 },
      { inputWeights: [1, 2], bias: 1 },
    ];
    expect(kinds(measure(list('relu', 2, doubled)))).toEqual([{ kind: 'equal', neurons: [1, 2] }]);
  });
});

describe('certified independence', () => {
  it('proves dependence from above, and verify accepts it', () => {
    const [first, second] = drawNeurons({ count: 2, depth: 3, widths: 3, seed: 5 }, 2);
    const found = measure(list('tanh', 2, [first, second, disguised(first, 'tanh')]), 'always');
    expect(found.measurement.certified).toMatchObject({ status: 'certified', rank: 2, upperBound: 2 });
    const verdict = verifyCertificate(JSON.parse(JSON.stringify(found.certificate!.certificate)));
    expect(verdict).toMatchObject({ valid: true, lowerBound: 2, upperBound: 2, assumptions: [] });
  });

  it('proves both for an activation given as an expression, and verify reads it', () => {
    const [first, second] = drawNeurons({ count: 2, depth: 2, widths: 3, seed: 5 }, 2);
    const found = measure(list(GENERIC, 2, [first, second, disguised(first, GENERIC)], true), 'always');
    expect(found.measurement.certified).toMatchObject({ status: 'certified', rank: 3, upperBound: 3 });
    const { certificate } = found.certificate!;
    expect(verifyCertificate(JSON.parse(JSON.stringify(certificate)))).toMatchObject({
      valid: true,
      lowerBound: 3,
      assumptions: [],
    });
  });

  it.each<[NeuronActivationConfig, NeuronActivationConfig]>([
    [{ expression: '1/(1 + exp(-x))' }, 'sigmoid'],
    [{ expression: '(exp(x) - exp(-x))/(exp(x) + exp(-x))' }, 'tanh'],
    [{ expression: 'log(1 + e^x)' }, 'softplus'],
    [{ expression: 'tanh(x + 0.4)' }, SHIFTED],
  ])('%j has the singular values of %j', (expression, named) => {
    const neurons = drawNeurons({ count: 6, depth: [1, 2], widths: 2, seed: 3 }, 2);
    const [a, b] = [expression, named].map((activation) => measure(list(activation, 2, neurons, true)).measurement);
    expect(a.rank).toBe(b.rank);
    a.singularValues.forEach((value, k) => expect(value / b.singularValues[k]).toBeCloseTo(1, 9));
  });

  it('proves independence that float64 cannot see', () => {
    // Twelve tanh neurons of one input, in small steps: the last singular values lie below rounding.
    const neurons = Array.from({ length: 12 }, (_, k) => ({ inputWeights: [0.5 + 0.02 * k], bias: 0.1 }));
    const seen = measure(list('tanh', 1, neurons, true));
    expect(seen.independent).toBeNull();
    const proven = measure(list('tanh', 1, neurons, true), 'auto');
    expect(proven.measurement.certified?.status).toBe('certified');
    expect(proven.measurement.rank).toBe(13);
    expect(proven.independent).toBe(true);
    expect(proven.causes).toEqual([]);
    expect(verifyCertificate(JSON.parse(JSON.stringify(proven.certificate!.certificate))).valid).toBe(true);
  });

  it('proves that constants and a sigmoid pair are dependent', () => {
    const neurons: NeuronConfig[] = [
      { inputWeights: [0.5, -1], bias: 0.25 },
      { inputWeights: [-0.5, 1], bias: -0.25 },
      { inputWeights: [0, 0], bias: 1 },
      { inputWeights: [0, 0], bias: 2 },
    ];
    const { measurement, causes } = measure(list('sigmoid', 2, neurons), 'always');
    expect(measurement.certified).toMatchObject({ status: 'certified', rank: 2 });
    expect(causes.map(({ kind, neurons }) => [kind, neurons])).toEqual([
      ['constants', [3, 4]],
      ['sigmoidPair', [1, 2, 3]],
    ]);
  });
});

describe('the number of weights', () => {
  it('is known without drawing them', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9 }), (seed, count, inputs) => {
        const neurons = { count, depth: [1, 4], widths: [1, 3], seed } as const;
        const drawn = drawNeurons({ ...neurons, depth: [1, 4], widths: [1, 3] }, inputs).flat();
        const numbers = drawn.reduce((sum, { weights, biases }) => sum + weights.flat().length + biases.length, 0);
        expect(weightCount({ neurons, inputs } as unknown as ResolvedIndependenceExperiment)).toBe(numbers);
      }),
    );
    // 15 million of them took seconds while somebody typed.
    const most = { neurons: { count: 500, depth: 3, widths: 3 }, inputs: 10_000 } as unknown as ResolvedIndependenceExperiment;
    expect(weightCount(most)).toBe(500 * (3 * 10_001 + 3 * 4 + 4));
  });
});
