import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, closed, count, flag, number } from './common';
import { ExpectedNumberSchema, expectedFlag, expectedNumber } from './expectation';
import { HessianEverySchema, HessianSchema } from './hessian';

export const rankTolerance = Type.Optional(
  number(
    'Rank tolerance',
    'Singular values below this fraction of the largest count as zero (columns of the tangent matrix are normalised first).',
    { exclusiveMinimum: 0, exclusiveMaximum: 1, default: 1e-9 },
  ),
);

export const certifyRule = (byDefault: CertifyConfig) =>
  Type.Optional(
    Type.Union(
      [
        Type.Literal('auto', { description: 'Only ranks for which float64 is not conclusive.' }),
        Type.Literal('always', { description: 'Every rank of the model, and in rank experiments every empirical rank.' }),
        Type.Literal('never', { description: 'No rank: float64 alone decides.' }),
      ],
      {
        title: 'Certify',
        description:
          'Which ranks are proven: from below by elimination in numbers of 134 digits and more with error bounds, from above by theory or exact relations. Proofs are kept as certificates in the run folder; `recovery verify` checks them.',
        default: byDefault,
      },
    ),
  );

const certify = certifyRule('auto');

const Perturbation = Type.Object(
  {
    epsilons: Type.Optional(
      Type.Array(number('Epsilon', 'Size of the perturbation, in each parameter.', { exclusiveMinimum: 0, maximum: 1 }), {
        title: 'Epsilons',
        description: 'Sizes of the perturbation, descending.',
        minItems: 2,
        maxItems: 10,
        default: [1e-2, 1e-3],
      }),
    ),
    trials: Type.Optional(
      count('Trials', 'Samples, each with a perturbation of its own, for every sample size.', 1000, { default: 10 }),
    ),
  },
  {
    title: 'Perturbation',
    description:
      'Local recovery itself: each point is moved by ε·N(0, I) and fitted to the values that it has at n inputs (Levenberg–Marquardt). The generalisation error is of order ε, of order ε² (or higher), or rounding: the function is recovered. Sample sizes are those of the data, by default those around the rank.',
    ...closed,
  },
);

const LocalRecovery = Type.Object(
  {
    draws: count('Draws', 'Draws of the inputs over which n*(X) is taken; inputs that are not random are one.', 10_000),
    perturbation: Type.Optional(Perturbation),
  },
  {
    title: 'Local recovery',
    description:
      'The smallest number of inputs that guarantees local linear recovery, n*(X), at the target and at given points, over random draws: those of the trials of a training.',
    ...closed,
  },
);

export const RecoveryAnalysis = Type.Object(
  {
    rank: Type.Optional(
      flag('Rank', 'Rank of the tangent matrix at the target and at every trained solution, with tolerance and gap.', true),
    ),
    hessian: Type.Optional(HessianSchema),
    hessianEvery: Type.Optional(HessianEverySchema),
    solutionSingularValues: Type.Optional(
      flag(
        'Singular values of solutions',
        'Singular values of the matrices that a matrix factorization recovers, and of its tangent matrix there, by sample size, with those of the target.',
        false,
      ),
    ),
    solutionParameters: Type.Optional(
      flag(
        'Parameters of solutions',
        'Mean and standard deviation of each parameter of a formula over the trainings, by sample size.',
        false,
      ),
    ),
    localRecovery: Type.Optional(LocalRecovery),
    rankTolerance,
    certify,
    recoveryTolerance: Type.Optional(
      number('Recovery tolerance', 'A sample size counts as recovered when its median test error is below this.', {
        exclusiveMinimum: 0,
        default: 1e-6,
      }),
    ),
  },
  { title: 'Analysis', description: 'What is measured besides losses.', ...closed },
);

export const RankAnalysis = Type.Object(
  { rankTolerance, certify, localRecovery: Type.Optional(LocalRecovery) },
  { title: 'Analysis', description: 'How ranks are taken.', ...closed },
);

const sampleSize = count('Sample size', 'One of the sample sizes of the grid.', LIMITS.sampleSize);
const MedianTestError = Type.Object(
  {
    sampleSize,
    below: Type.Optional(number('Below', 'The median must be less than this.', { exclusiveMinimum: 0 })),
    above: Type.Optional(number('Above', 'The median must be greater than this.', { minimum: 0 })),
  },
  { title: 'Median test error', description: 'A bound on the median test error at one sample size.', ...closed },
);

const modelRank = Type.Optional(
  Type.Integer({
    title: 'Model rank',
    description: 'Rank of the model at the target, rank_f(f*): the optimistic sample size.',
    minimum: 0,
    maximum: LIMITS.parameters,
  }),
);

const linearlyStableFrom = Type.Optional(
  count(
    'Linearly stable from',
    'The smallest sample size of the grid from which on the target is linearly stable: the empirical rank equals the model rank.',
    LIMITS.sampleSize,
  ),
);

const rankOf = (description: string) =>
  Type.Optional(Type.Integer({ title: 'Rank', description, minimum: 0, maximum: LIMITS.parameters }));

const LocalRecoveryRow = Type.Object(
  {
    name: Type.Optional(Type.String({ title: 'Name', description: 'Name of the point, or `minimal representation`.' })),
    modelRank: rankOf('Rank at the point.'),
    atRank: Type.Optional(
      Type.Integer({ title: 'At the rank', description: 'Draws whose n*(X) is the rank.', minimum: 0, maximum: 10_000 }),
    ),
    largest: rankOf('Largest n*(X) of the draws.'),
    perturbation: Type.Optional(
      Type.Array(
        Type.Object(
          {
            sampleSize,
            state: Type.Optional(
              Type.Union([Type.Literal('linear'), Type.Literal('quadratic'), Type.Literal('recovered')], {
                title: 'State',
                description: 'Order of the generalisation error in ε, or recovered.',
              }),
            ),
            order: expectedNumber('Order', 'Slope of the logarithm of the generalisation error against that of ε.'),
            error: expectedNumber('Error', 'Median generalisation error at the largest ε.'),
          },
          { title: 'Perturbation', description: 'What is expected of fits from near the point at a sample size.', ...closed },
        ),
        {
          title: 'Perturbation',
          description: 'What is expected of fits from near the point, by sample size.',
          minItems: 1,
          maxItems: 1000,
        },
      ),
    ),
  },
  { title: 'Local recovery', description: 'What is expected of n*(X) at a point; what is not named is free.', ...closed },
);

const localRecovery = Type.Optional(
  Type.Array(LocalRecoveryRow, {
    title: 'Local recovery',
    description: 'The rows of local recovery, in order: the minimal representation, then given points and points from files.',
    maxItems: 1001,
  }),
);

const parameterNumbers = (title: string) =>
  Type.Optional(
    Type.Array(ExpectedNumberSchema, {
      title,
      description: 'Over the trainings, in the order of the parameters; those that are left out are free.',
      minItems: 1,
      maxItems: 1000,
    }),
  );

const recoveryExpectations = {
  modelRank,
  linearlyStableFrom,
  recoveredFrom: Type.Optional(
    count(
      'Recovered from',
      'Every sample size of the grid from this one on is recovered: its median test error is below the recovery tolerance.',
      LIMITS.sampleSize,
    ),
  ),
  notRecoveredBelow: Type.Optional(
    count('Not recovered below', 'No sample size of the grid below this one is recovered.', LIMITS.sampleSize),
  ),
  medianTestError: Type.Optional(
    Type.Union([MedianTestError, Type.Array(MedianTestError, { minItems: 1, maxItems: 1000 })], {
      title: 'Median test error',
      description: 'Bounds on the median test error at single sample sizes: one, or a list.',
    }),
  ),
  solutions: Type.Optional(
    Type.Array(
      Type.Object(
        {
          sampleSize,
          singularValues: Type.Array(ExpectedNumberSchema, {
            title: 'Singular values',
            description: 'Means over the trainings, the largest first; those that are left out are free.',
            minItems: 1,
            maxItems: 1000,
          }),
        },
        { title: 'Solution', description: 'What is expected of the solutions at a sample size.', ...closed },
      ),
      {
        title: 'Solutions',
        description: 'Singular values of recovered matrices; asked for by "solutionSingularValues" in "analysis".',
        minItems: 1,
        maxItems: 1000,
      },
    ),
  ),
  solutionParameters: Type.Optional(
    Type.Array(
      Type.Object(
        { sampleSize, mean: parameterNumbers('Mean'), standardDeviation: parameterNumbers('Standard deviation') },
        { title: 'Parameters', description: 'What is expected of the parameters at a sample size.', ...closed },
      ),
      {
        title: 'Parameters',
        description: 'Parameters of the solutions; asked for by "solutionParameters" in "analysis".',
        minItems: 1,
        maxItems: 1000,
      },
    ),
  ),
  threshold: expectedNumber('Threshold', 'The smallest recovered sample size that a search finds.'),
};

export const RecoveryExpectations = Type.Object(
  {
    ...recoveryExpectations,
    localRecovery,
    variants: Type.Optional(
      Type.Array(
        Type.Object(recoveryExpectations, {
          title: 'Expectations of a value',
          description: 'What should come out for one value of `vary`.',
          ...closed,
        }),
        {
          title: 'Variants',
          description:
            'What should come out for each value of `vary`, in its order; else what is expected of all of them holds for it.',
          minItems: 1,
          maxItems: 1000,
        },
      ),
    ),
  },
  { title: 'Expectations', description: 'What should come out. Each becomes a verdict: met, failed or inconclusive.', ...closed },
);

const TableRow = Type.Object(
  {
    target: Type.Optional(Type.String({ title: 'Target', description: 'The target in words, as in the table.' })),
    model: Type.Optional(Type.String({ title: 'Model', description: 'The model in words, as in the table.' })),
    modelRank: rankOf('Rank of the model at the target, by formula.'),
    parameters: Type.Optional(
      Type.Integer({ title: 'Parameters', description: 'Number of parameters of the model.', minimum: 1 }),
    ),
    exact: Type.Optional(Type.Boolean({ title: 'Exact', description: 'Whether the formula is no mere upper bound.' })),
    measured: rankOf('Rank that is measured at the minimal representation.'),
    learningCoefficient: Type.Optional(
      Type.Object(
        { value: Type.Number({ title: 'Value', description: 'λ.' }) },
        { title: 'Learning coefficient', description: 'Where it is known in closed form.', ...closed },
      ),
    ),
  },
  { title: 'Row', description: 'What is expected of a row of the table; what is not named is free.', ...closed },
);

const neuronNumbers = (title: string, description: string, minItems: number) =>
  Type.Array(count('Neuron', 'Its place in the model, from 1.', LIMITS.width), { title, description, minItems, maxItems: 1000 });
const blockSizes = (title: string, description: string) =>
  Type.Optional(Type.Array(count('Block', 'Neurons of the block.', LIMITS.width), { title, description, maxItems: 1000 }));

const CondensationRow = Type.Object(
  {
    groups: Type.Optional(
      Type.Array(
        Type.Object(
          {
            neurons: Type.Optional(neuronNumbers('Neurons', 'Of one direction, ascending.', 1)),
            equal: expectedFlag('Equal', 'Whether their (w, b) are the same up to the sign.'),
            outputWeight: Type.Optional(Type.Number({ title: 'Output weight', description: 'Σ ±a over the group.' })),
          },
          { title: 'Group', description: 'Neurons of one direction; what is not named is free.', ...closed },
        ),
        { title: 'Groups', description: 'All groups, in the order of their first neurons.', maxItems: 1000 },
      ),
    ),
    zero: Type.Optional(neuronNumbers('Zero', 'Neurons with (w, b) = 0.', 0)),
    branch: Type.Optional(
      Type.Object(
        {
          targetBlocks: blockSizes('Target blocks', 'Neurons of each block of the target.'),
          extraBlocks: blockSizes('Extra blocks', 'Neurons of the other blocks, descending.'),
          zeroBlock: Type.Optional(Type.Integer({ title: 'Zero block', description: 'Neurons with (w, b) = 0.', minimum: 0 })),
        },
        { title: 'Branch', description: 'The branch of global minima on which the point lies.', ...closed },
      ),
    ),
  },
  { title: 'Condensation', description: 'How the neurons of a two-layer network have condensed there.', ...closed },
);

const PointRow = Type.Object(
  {
    name: Type.Optional(Type.String({ title: 'Name', description: 'Name of the point.' })),
    modelRank: rankOf('Rank at the point.'),
    empiricalRank: rankOf('Rank at the point over the largest sample.'),
    condensation: Type.Optional(CondensationRow),
  },
  { title: 'Point', description: 'What is expected at a point; what is not named is free.', ...closed },
);

export const RankExpectations = Type.Object(
  {
    localRecovery,
    modelRank,
    linearlyStableFrom,
    table: Type.Optional(
      Type.Array(TableRow, { title: 'Table', description: 'The rows of the table of the family, in order.', maxItems: 5000 }),
    ),
    points: Type.Optional(
      Type.Array(PointRow, { title: 'Points', description: 'The ranks at the points of the file, in order.', maxItems: 1000 }),
    ),
    asPredicted: expectedFlag(
      'As predicted',
      'Whether every rank that is measured for the table is that of the formula, or at most it where the formula is an upper bound.',
    ),
  },
  { title: 'Expectations', description: 'What should come out. Each becomes a verdict: met, failed or inconclusive.', ...closed },
);

/** Which ranks are certified. */
export type CertifyConfig = 'auto' | 'always' | 'never';
export type RecoveryAnalysisConfig = Static<typeof RecoveryAnalysis>;
export type PerturbationConfig = Static<typeof Perturbation>;
export type RankAnalysisConfig = Static<typeof RankAnalysis>;
export type RecoveryExpectationsConfig = Static<typeof RecoveryExpectations>;
export type RankExpectationsConfig = Static<typeof RankExpectations>;
