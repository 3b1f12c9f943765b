import { Type, type Static } from '@sinclair/typebox';
import { certifyRule, rankTolerance } from './analysis';
import { LIMITS, closed, count, number, seed, text } from './common';
import { InputsSchema, SampleSizes } from './data';
import { expectedFlag, expectedNumber } from './expectation';
import { experimentHead } from './head';
import { ModelSchema } from './model';
import { TargetSchema } from './target';

const epsilon = (byDefault?: number) =>
  number('Epsilon', 'Standard deviation of what is added to every parameter.', {
    exclusiveMinimum: 0,
    maximum: 1,
    ...(byDefault === undefined ? {} : { default: byDefault }),
  });
const trials = (description: string, byDefault: number) => count('Trials', description, 10_000, { default: byDefault });
const time = (byDefault: number) =>
  number('Time', 'Flow time at which a flow ends at the latest.', { exclusiveMinimum: 0, maximum: 1e15, default: byDefault });

export const GeometryData = Type.Object(
  {
    sampleSizes: Type.Optional(SampleSizes),
    inputs: Type.Optional(InputsSchema),
    testSamples: Type.Optional(
      count('Test samples', 'Number of inputs at which generalisation errors are taken.', LIMITS.testSamples, { default: 1000 }),
    ),
  },
  {
    title: 'Data',
    description: 'Samples for everything that is measured and not computed. Default: n = 1 up to all thresholds.',
    ...closed,
  },
);

export const SeparationAnalysis = Type.Object(
  {
    epsilons: Type.Optional(
      Type.Array(epsilon(), {
        title: 'Epsilons',
        description:
          'Distances from the branch, largest first. The order of the generalisation error is taken from the first and the last.',
        minItems: 2,
        maxItems: 10,
        default: [1e-2, 1e-3],
      }),
    ),
    trials: Type.Optional(trials('Sample sets for each branch and sample size.', 16)),
  },
  {
    title: 'Separation test',
    description:
      'A point of every branch is moved by ε·N(0, I) and fitted to the sample: where the branch is separated the fit is the target again; elsewhere the generalisation error is of order ε or ε².',
    ...closed,
  },
);

export const FractionAnalysis = Type.Object(
  {
    trials: Type.Optional(trials('Sample sets for each point and sample size.', 60)),
    restarts: Type.Optional(trials('Perturbations of the point for each sample set.', 6)),
    epsilon: Type.Optional(epsilon(1e-2)),
  },
  {
    title: 'Fraction of sample sets',
    description:
      'For how many sample sets each of the `points` is separated: no fit from near by ends at another zero of the loss.',
    ...closed,
  },
);

export const DecayAnalysis = Type.Object(
  {
    epsilon: Type.Optional(epsilon(1e-2)),
    trials: Type.Optional(trials('Flows for each branch.', 3)),
    time: Type.Optional(time(1e12)),
    sampleSize: Type.Optional(
      count('Sample size', 'For every branch. Default: its own separation threshold.', LIMITS.sampleSize),
    ),
  },
  {
    title: 'Decay',
    description:
      'Gradient flows from near each branch: linear or algebraic rate, with the parts normal and tangential to the branch.',
    ...closed,
  },
);

export const GeometryAnalysis = Type.Object(
  {
    ranks: Type.Optional(
      Type.Boolean({
        title: 'Ranks',
        description: 'Whether the rank is also taken numerically, at a random point of every type of branch.',
        default: true,
      }),
    ),
    rankTolerance,
    certify: certifyRule('auto'),
    split: Type.Optional(
      Type.Union(
        [
          Type.Literal('positive', {
            description: 'All neurons of a block have output weights of the sign of the target neuron.',
          }),
          Type.Literal('mixed', {
            description: 'One of them has the other sign: separation then needs all samples of the threshold.',
          }),
        ],
        { title: 'Split', description: 'How random points share the output weight of a target neuron.', default: 'positive' },
      ),
    ),
    separation: Type.Optional(SeparationAnalysis),
    separatedFraction: Type.Optional(FractionAnalysis),
    decay: Type.Optional(DecayAnalysis),
  },
  { title: 'Analysis', description: 'What is measured besides the numbers of the theory.', ...closed },
);

export const GeometryPoint = Type.Object(
  {
    name: Type.Optional(text('Name', 'What the point is called in tables.')),
    parameters: Type.Array(Type.Number({ title: 'Parameter' }), {
      title: 'Parameters',
      description:
        'All parameters of the model, in its order: output weights, input weights neuron by neuron, hidden biases, output bias.',
      minItems: 1,
      maxItems: LIMITS.parameters,
    }),
  },
  { title: 'Point', description: 'A point whose branch is told, with its rank there.', ...closed },
);

const ratio = (title: string, description: string, byDefault: number) =>
  number(title, description, { minimum: -1e6, maximum: 1e6, default: byDefault });

export const ImbalanceStudy = Type.Object(
  {
    ratios: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(ratio('From', 'First ratio.', 0)),
          to: Type.Optional(ratio('To', 'Last ratio, included.', 1)),
          count: Type.Optional(count('Count', 'Number of equally spaced ratios.', 10_000, { default: 21, minimum: 2 })),
        },
        {
          title: 'Ratios',
          description:
            'Ratios c of the growth coefficients C_2 / C_1 of two small neurons that point along γ. Instead of `randomStarts`.',
          ...closed,
        },
      ),
    ),
    randomStarts: Type.Optional(count('Random starts', 'Number of starts N(0, scale²·I) instead of chosen ratios.', 100_000)),
    scales: Type.Optional(
      Type.Array(number('Scale', 'Size of the start.', { minimum: 1e-30, maximum: 10 }), {
        title: 'Scales',
        description: 'Sizes of the start.',
        minItems: 1,
        maxItems: 100,
        default: [1e-8],
      }),
    ),
    dataSets: Type.Optional(
      count('Data sets', 'Sample sets for each sample size; 1 where inputs are not random.', 10_000, { default: 5 }),
    ),
    trainLoss: Type.Optional(
      number('Train loss', 'Flows end at this mean squared error.', { exclusiveMinimum: 0, maximum: 1, default: 1e-18 }),
    ),
    time: Type.Optional(time(1e10)),
    recoveryTolerance: Type.Optional(
      number('Recovery tolerance', 'A flow that ends with a mean squared test error below this has recovered the target.', {
        exclusiveMinimum: 0,
        default: 1e-8,
      }),
    ),
    condensation: Type.Optional(
      number('Condensation', 'Weights that differ by less than this are the same, when the branch of an end point is told.', {
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.01,
      }),
    ),
  },
  {
    title: 'Imbalance ratio',
    description:
      'Gradient flows from small starts: which of them recover the target, and on which branch they end, by the ratio of the initial growth coefficients C_k = a_k‖γ‖ + w_k·γ, γ = Σ y_i x_i.',
    ...closed,
  },
);

const blockSizes = (title: string, description: string, minItems: number) =>
  Type.Array(count('Size', 'Number of neurons.', LIMITS.width), { title, description, minItems, maxItems: 100 });

const BranchExpectation = Type.Object(
  {
    targetBlocks: blockSizes('Target blocks', 'Neurons of each block of the target, in the order of its neurons.', 1),
    extraBlocks: Type.Optional(blockSizes('Extra blocks', 'Neurons of the other blocks, descending. Default: none.', 0)),
    zeroBlock: Type.Optional(
      Type.Integer({
        title: 'Zero block',
        description: 'Neurons without input weight. Default: none.',
        minimum: 0,
        maximum: LIMITS.width,
      }),
    ),
    count: expectedNumber('Count', 'Number of branches of this type.'),
    dimension: expectedNumber('Dimension', 'Dimension of a branch.'),
    codimension: expectedNumber('Codimension', 'Number of parameters minus the dimension.'),
    rank: expectedNumber('Rank', 'Rank of the Hessian at a generic point.'),
    deficient: expectedNumber('Deficient number', 'Extra blocks of one neuron.'),
    threshold: expectedNumber('Threshold', 'Sample size from which the branch is separated.'),
    morseBott: expectedFlag('Morse–Bott', 'Whether the loss is Morse–Bott on the branch once it is separated.'),
    numericRank: expectedNumber('Numeric rank', 'Rank measured at a random point of the branch.'),
    separatedFrom: expectedNumber(
      'Separated from',
      'First sample size from which the separation test finds the branch separated.',
    ),
    decay: Type.Optional(
      Type.Union([Type.Literal('linear'), Type.Literal('algebraic')], {
        title: 'Decay',
        description: 'Rate of the gradient flow near by.',
      }),
    ),
    exponent: expectedNumber('Exponent', 'Median p of the loss ~ t^(−p) of the flows near the branch.'),
  },
  { title: 'Branch', description: 'What one type of branch should be.', ...closed },
);

const SeparationExpectation = Type.Object(
  {
    targetBlocks: blockSizes('Target blocks', 'Neurons of each block of the target.', 1),
    extraBlocks: Type.Optional(blockSizes('Extra blocks', 'Neurons of the other blocks, descending. Default: none.', 0)),
    sampleSize: count('Sample size', 'One of the sample sizes.', LIMITS.sampleSize),
    state: Type.Optional(
      Type.Union([Type.Literal('linear'), Type.Literal('quadratic'), Type.Literal('separated')], {
        title: 'State',
        description: 'Order of the generalisation error in ε, or separated.',
      }),
    ),
    order: expectedNumber('Order', 'Slope of log GE against log ε.'),
    error: expectedNumber('Error', 'Median generalisation error at the largest epsilon.'),
    smallestError: expectedNumber('Smallest error', 'Median generalisation error at the smallest epsilon.'),
  },
  {
    title: 'Separation',
    description: 'What the separation test of one type of branch should find at one sample size.',
    ...closed,
  },
);

const FractionExpectation = Type.Object(
  {
    point: text('Point', 'Name of one of the `points`.'),
    sampleSize: count('Sample size', 'One of the sample sizes.', LIMITS.sampleSize),
    fraction: expectedNumber('Fraction', 'Of the sample sets for which the point is separated.'),
  },
  { title: 'Fraction', description: 'For how many sample sets a point should be separated.', ...closed },
);

const ImbalanceExpectation = Type.Object(
  {
    sampleSize: count('Sample size', 'One of the sample sizes.', LIMITS.sampleSize),
    recoveredFraction: expectedNumber('Recovered fraction', 'Of all starts, over all data sets and scales.'),
    recoveredAtEnds: expectedFlag(
      'Recovered at the ends',
      'Whether the first and the last ratio recover the target for every data set.',
    ),
    recoveredBetween: expectedNumber('Recovered between', 'Fraction of the other ratios that recover the target.'),
    dataSetsBetween: expectedNumber(
      'Data sets between',
      'Fraction of the data sets for which any of the other ratios recovers it.',
    ),
    scales: Type.Optional(
      Type.Array(
        Type.Object(
          {
            scale: number('Scale', 'One of the scales.', { minimum: 1e-30, maximum: 10 }),
            medianError: expectedNumber('Median error', 'Median generalisation error of the flows from this size.'),
          },
          { title: 'Scale', description: 'What starts of one size should end at.', ...closed },
        ),
        { title: 'Scales', description: 'Results by the size of the start.', minItems: 1, maxItems: 100 },
      ),
    ),
    condensedAbove: expectedNumber(
      'Condensed above',
      'Smallest |c| ≤ 1 from which on all flows end with both neurons on one weight.',
    ),
  },
  { title: 'Imbalance', description: 'What small starts should end at for one sample size.', ...closed },
);

const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T, title: string, description: string) =>
  Type.Optional(Type.Array(item, { title, description, minItems: 1, maxItems: 1000 }));

export const GeometryExpectations = Type.Object(
  {
    totalBranches: expectedNumber('Total branches', 'Number of all branches.'),
    types: expectedNumber('Types', 'Number of types of branches: rows of the table.'),
    ranksAgree: expectedFlag('Ranks agree', 'Whether the measured rank of every type is that of the formula.'),
    thresholds: Type.Optional(
      Type.Object(
        {
          optimistic: expectedNumber('Optimistic', 'Optimistic sample size.'),
          firstSeparated: expectedNumber('First separated', 'Threshold of the branches that separate first.'),
          lastSeparated: expectedNumber('Last separated', 'Threshold of the branches that separate last.'),
          parameters: expectedNumber('Parameters', 'Number of parameters M.'),
          everything: expectedNumber('Everything', 'From here on every zero of the loss is the target.'),
        },
        { title: 'Thresholds', description: 'Sample sizes at which the zeros of the loss change.', ...closed },
      ),
    ),
    branches: listOf(BranchExpectation, 'Branches', 'Types of branches, found by their blocks.'),
    separation: listOf(SeparationExpectation, 'Separation', 'Results of the separation test.'),
    separatedFraction: listOf(FractionExpectation, 'Separated fraction', 'Results at the points.'),
    imbalance: listOf(ImbalanceExpectation, 'Imbalance', 'Results of the flows from small starts.'),
  },
  { title: 'Expectations', description: 'What should come out. Each becomes a verdict: met, failed or inconclusive.', ...closed },
);

export const GeometryExperimentSchema = Type.Object(
  {
    ...experimentHead(
      'geometry',
      'The branches of the perfect global minima of a two-layer network: how many, of which dimension, and from which sample size on each is separated.',
    ),
    model: ModelSchema,
    target: TargetSchema,
    points: Type.Optional(
      Type.Array(GeometryPoint, { title: 'Points', description: 'Points whose branch and rank are told.', maxItems: 1000 }),
    ),
    data: Type.Optional(GeometryData),
    analysis: Type.Optional(GeometryAnalysis),
    imbalance: Type.Optional(ImbalanceStudy),
    seed: Type.Optional(seed('Seed of points, samples and perturbations.')),
    expect: Type.Optional(GeometryExpectations),
  },
  {
    title: 'Geometry experiment',
    description:
      'Branches of the global minima of a two-layer network, their thresholds, and what samples and gradient flows see of them.',
    ...closed,
  },
);

/** As written in a file: optional properties may be absent. */
export type GeometryExperimentFile = Static<typeof GeometryExperimentSchema>;
export type GeometryExpectationsConfig = Static<typeof GeometryExpectations>;
export type BranchExpectationConfig = Static<typeof BranchExpectation>;
export type SeparationConfig = Static<typeof SeparationAnalysis>;
export type FractionConfig = Static<typeof FractionAnalysis>;
export type DecayConfig = Static<typeof DecayAnalysis>;
export type ImbalanceConfig = Static<typeof ImbalanceStudy>;
