import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, closed, count, flag, number, seed } from './common';
import { expectedFlag, expectedNumber } from './expectation';
import { experimentHead } from './head';
import { certifyRule, rankTolerance } from './analysis';
import { ActivationName, ShiftedTanh } from './model';

/** Neurons of one experiment: their values at four times as many points are one dense matrix. */
const MOST_NEURONS = 500;

const ExpressionActivation = Type.Object(
  {
    expression: Type.String({
      title: 'Expression',
      description:
        'The activation as an expression in x: + − * / ^, parentheses, and tanh, sigmoid, exp, log, softplus, relu, sin, cos, sqrt, abs, square; constants pi and e. No polynomial.',
      minLength: 1,
      maxLength: LIMITS.expressionLength,
    }),
  },
  { title: 'Expression', description: 'Any activation, such as `tanh(x + 0.4) + 0.3*exp(x/2)`.', ...closed },
);

export const NeuronActivation = Type.Union([ActivationName, ShiftedTanh, ExpressionActivation], {
  title: 'Activation',
  description:
    'The activation function σ of every unit: a name, `{ "kind": "tanh", "shift": 0.3 }` or `{ "expression": "tanh(x + 0.4) + 0.3*exp(x/2)" }`.',
  default: 'tanh',
});

const weightsRow = (title: string, description: string) =>
  Type.Array(Type.Number({ title: 'Weight' }), { title, description, minItems: 1, maxItems: LIMITS.dimension });

export const ShallowNeuron = Type.Object(
  {
    inputWeights: weightsRow('Input weights', 'w: one weight for each input.'),
    bias: Type.Optional(number('Bias', 'b.', { default: 0 })),
  },
  { title: 'Neuron', description: 'x ↦ σ(w·x + b).', ...closed },
);

const biases = (title: string, description: string) =>
  Type.Array(Type.Number({ title: 'Bias' }), { title, description, minItems: 1, maxItems: 1000 });

export const NeuronLayer = Type.Object(
  {
    weights: Type.Array(weightsRow('Row', 'Weights of one unit of the layer.'), {
      title: 'Weights',
      description: 'One row for each unit, one number for each unit of the layer before.',
      minItems: 1,
      maxItems: 1000,
    }),
    bias: Type.Optional(
      Type.Union([number('Bias', 'Where the layer is one unit.'), biases('List', 'One for each unit.')], {
        title: 'Bias',
        description: 'One for each unit. Default: all 0.',
      }),
    ),
    biases: Type.Optional(biases('Biases', 'Another name of `bias`.')),
  },
  { title: 'Layer', description: 'h ↦ σ(W·h + b), unit by unit.', ...closed },
);

export const DeepNeuron = Type.Object(
  {
    layers: Type.Array(NeuronLayer, {
      title: 'Layers',
      description: 'The first layer first; the last layer is one unit, and the activation is applied to it, too.',
      minItems: 1,
      maxItems: LIMITS.depth,
    }),
  },
  { title: 'Deep neuron', description: 'A neuron with a network of its own before it.', ...closed },
);

const range = (title: string, description: string, most: number, byDefault: number[]) =>
  Type.Optional(
    Type.Union(
      [
        count(title, 'The same for all.', most),
        Type.Tuple([count('From', 'Least.', most), count('To', 'Largest.', most)], {
          title: 'Range',
          description: '[least, largest]: drawn for each anew.',
        }),
      ],
      { title, description, default: byDefault },
    ),
  );

export const RandomNeurons = Type.Object(
  {
    count: count('Count', 'How many neurons are drawn.', MOST_NEURONS),
    depth: range('Depth', 'Layers of a neuron, a number or a range.', LIMITS.depth, [1, 3]),
    widths: range('Widths', 'Units of each layer but the last, a number or a range.', 1000, [1, 3]),
    scale: Type.Optional(
      number('Scale', 'Standard deviation of weights and biases.', { exclusiveMinimum: 0, maximum: 1e6, default: 1 }),
    ),
    seed: Type.Optional(seed('Seed of the neurons.')),
  },
  { title: 'Random neurons', description: 'Neurons of random depth and widths, with normal weights and biases.', ...closed },
);

const neurons = Type.Union(
  [
    Type.Array(Type.Union([ShallowNeuron, DeepNeuron], { title: 'Neuron' }), {
      title: 'List',
      description: 'Neurons one by one: `{ inputWeights, bias }` or `{ layers }`.',
      minItems: 1,
      maxItems: MOST_NEURONS,
    }),
    RandomNeurons,
  ],
  { title: 'Neurons', description: 'The functions whose linear independence is asked for: a list, or how to draw one.' },
);

export const IndependenceAnalysis = Type.Object(
  {
    rankTolerance,
    certify: certifyRule('always'),
    points: Type.Optional(
      count(
        'Points',
        'Number of random points at which all neurons are evaluated. Default: 4 times the neurons, and at least 50 more than them.',
        10_000,
      ),
    ),
    scale: Type.Optional(
      number('Scale', 'Standard deviation of the coordinates of the points.', {
        exclusiveMinimum: 0,
        maximum: 1e6,
        default: 1.5,
      }),
    ),
    seed: Type.Optional(seed('Seed of the points.')),
  },
  { title: 'Analysis', description: 'Where the neurons are evaluated, and how their rank is taken.', ...closed },
);

export const CAUSE_KINDS = ['zero', 'constants', 'equal', 'signEqual', 'sigmoidPair', 'unexplained'] as const;

const causeKind = Type.Union(
  [
    Type.Literal('zero', { description: 'Neurons that are the function 0.' }),
    Type.Literal('constants', { description: 'Constant neurons, beside each other or beside the output bias.' }),
    Type.Literal('equal', { description: 'Neurons that are the same function, up to a positive factor.' }),
    Type.Literal('signEqual', { description: 'Neurons that are the same function up to the sign, for odd activations.' }),
    Type.Literal('sigmoidPair', {
      description: 'Two neurons with opposite arguments and a constant, where σ(z) + σ(−z) is constant: 1 for the sigmoid.',
    }),
    Type.Literal('unexplained', { description: 'Numerically dependent without a structural cause.' }),
  ],
  { title: 'Cause', description: 'Why neurons are linearly dependent.' },
);

export const IndependenceExpectations = Type.Object(
  {
    count: expectedNumber('Count', 'Number of neurons.'),
    rank: expectedNumber(
      'Rank',
      'Dimension of the span of the neurons, with the constant function where there is an output bias.',
    ),
    independent: expectedFlag('Independent', 'Whether the neurons are linearly independent.'),
    causes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kind: causeKind,
            neurons: Type.Optional(
              Type.Array(count('Neuron', 'Its place in the list, from 1.', MOST_NEURONS), {
                title: 'Neurons',
                description: 'The neurons that are dependent, ascending. Default: any.',
                minItems: 1,
                maxItems: MOST_NEURONS,
              }),
            ),
          },
          { title: 'Cause', description: 'One cause of dependence.', ...closed },
        ),
        {
          title: 'Causes',
          description: 'All causes of dependence, in any order; empty where there is none.',
          maxItems: MOST_NEURONS,
        },
      ),
    ),
  },
  { title: 'Expectations', description: 'What should come out. Each becomes a verdict: met, failed or inconclusive.', ...closed },
);

export const IndependenceExperimentSchema = Type.Object(
  {
    ...experimentHead('independence', 'Whether neurons of any depth are linearly independent functions, and if not, why.'),
    activation: Type.Optional(NeuronActivation),
    inputs: count('Inputs', 'Input dimension d.', LIMITS.dimension),
    neurons,
    outputBias: Type.Optional(flag('Output bias', 'Whether the constant function 1 is one of the functions.', false)),
    analysis: Type.Optional(IndependenceAnalysis),
    expect: Type.Optional(IndependenceExpectations),
  },
  { title: 'Independence experiment', description: 'Linear independence of neurons, by numbers and by proof.', ...closed },
);

export type NeuronActivationConfig = Static<typeof NeuronActivation>;
export type CauseKind = (typeof CAUSE_KINDS)[number];
export type ShallowNeuronConfig = Static<typeof ShallowNeuron>;
export type NeuronLayerConfig = Static<typeof NeuronLayer>;
export type DeepNeuronConfig = Static<typeof DeepNeuron>;
/** As checked and completed: biases by one name, as a list. */
export type NeuronConfig = ShallowNeuronConfig | { layers: { weights: number[][]; biases?: number[] }[] };
export type RandomNeuronsConfig = Static<typeof RandomNeurons>;
export type IndependenceExpectationsConfig = Static<typeof IndependenceExpectations>;
export type IndependenceExperimentFile = Static<typeof IndependenceExperimentSchema>;
