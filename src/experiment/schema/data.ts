import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, kind, number } from './common';

const size = (title: string, description: string) => count(title, description, LIMITS.sampleSize);

export const SampleSizes = Type.Union(
  [
    size('Sample size', 'One sample size.'),
    Type.Array(size('Sample size', 'A sample size.'), {
      title: 'List',
      description: 'Sample sizes one by one.',
      minItems: 1,
      maxItems: 10_000,
      uniqueItems: true,
    }),
    Type.Object(
      {
        from: size('From', 'First sample size.'),
        to: size('To', 'Last sample size, included.'),
        step: Type.Optional(count('Step', 'Difference between neighbours.', LIMITS.sampleSize, { default: 1 })),
      },
      { title: 'Range', description: 'All sample sizes from `from` to `to`.', ...closed },
    ),
  ],
  {
    title: 'Sample sizes',
    description: 'How many training samples: a number, a list, or a range. Every size is trained `trials` times.',
  },
);

const entry = Type.Tuple([count('Row', 'Row, from 1.', LIMITS.dimension), count('Column', 'Column, from 1.', LIMITS.dimension)], {
  title: 'Entry',
  description: '[row, column], counted from 1.',
});

export const EntriesInputs = Type.Object(
  {
    kind: kind('entries', 'Entries of the target matrix, for matrix models.'),
    order: Type.Optional(
      Type.Union(
        [
          Type.Array(entry, {
            title: 'Explicit order',
            description: 'Entries in the order in which they are revealed.',
            minItems: 1,
            maxItems: LIMITS.sampleSize,
          }),
          Type.Literal('nested', {
            description: 'First row and column first, then the second, and so on: rank r becomes determined at r(d1 + d2 − r).',
          }),
          Type.Literal('random', { description: 'A random order of its own for every trial.' }),
          Type.Literal('bestConditioned', {
            description: 'The entries that maximise the smallest singular value of the tangent matrix restricted to them.',
          }),
        ],
        {
          title: 'Order',
          description: 'The order in which entries are revealed; a sample of size n is its first n entries.',
          default: 'nested',
        },
      ),
    ),
  },
  { title: 'Matrix entries', description: 'Inputs are positions of matrix entries.', ...closed },
);

export const NormalInputs = Type.Object(
  {
    kind: kind('normal', 'Independent normal inputs, fresh in every trial.'),
    scale: Type.Optional(
      number('Scale', 'Standard deviation of every coordinate.', { exclusiveMinimum: 0, maximum: 1e6, default: 1 }),
    ),
  },
  { title: 'Normal', description: 'x ~ N(0, scale²·I).', ...closed },
);

const low = number('Low', 'Lower end of every coordinate.', { minimum: -1e6, maximum: 1e6 });
const high = number('High', 'Upper end of every coordinate.', { minimum: -1e6, maximum: 1e6 });

export const UniformInputs = Type.Object(
  { kind: kind('uniform', 'Independent uniform inputs, fresh in every trial.'), low, high },
  { title: 'Uniform', description: 'x ~ U[low, high]^d.', ...closed },
);

export const GridInputs = Type.Object(
  { kind: kind('grid', 'Equally spaced inputs; one input dimension.'), low, high },
  { title: 'Grid', description: 'Equally spaced from low to high, both included.', ...closed },
);

export const PointsInputs = Type.Object(
  {
    kind: kind('points', 'Inputs given one by one.'),
    values: Type.Array(Type.Array(Type.Number({ title: 'Coordinate' }), { minItems: 1, maxItems: LIMITS.dimension }), {
      title: 'Points',
      description: 'The inputs in order; a sample of size n is the first n.',
      minItems: 1,
      maxItems: LIMITS.sampleSize,
    }),
  },
  { title: 'Points', description: 'Explicit inputs.', ...closed },
);

export const InputsSchema = byKind('Inputs', 'Where the training inputs lie.', [
  EntriesInputs,
  NormalInputs,
  UniformInputs,
  GridInputs,
  PointsInputs,
]);

const testSamples = Type.Optional(
  count(
    'Test samples',
    'Number of test inputs, from a random stream of their own. Matrix models are tested on all entries.',
    LIMITS.testSamples,
    { default: 1000 },
  ),
);

export const SearchSchema = Type.Object(
  {
    confidence: Type.Optional(
      number('Confidence', 'All decisions of the search together are right with this probability.', {
        minimum: 0.5,
        exclusiveMaximum: 1,
        default: 0.95,
      }),
    ),
  },
  {
    title: 'Search',
    description:
      'Finds the smallest recovered sample size by bisection instead of training the whole grid: every size that it looks at gets as many trials as a sequential test needs, at most `trials`. Takes for granted that more samples do not harm.',
    ...closed,
  },
);

export const RecoveryData = Type.Object(
  { sampleSizes: SampleSizes, search: Type.Optional(SearchSchema), inputs: Type.Optional(InputsSchema), testSamples },
  { title: 'Data', description: 'Training samples and test set.', ...closed },
);

export const RankData = Type.Object(
  { sampleSizes: Type.Optional(SampleSizes), inputs: Type.Optional(InputsSchema) },
  { title: 'Data', description: 'Inputs at which empirical ranks are taken, beside the model rank. Default: none.', ...closed },
);

export type SampleSizesConfig = Static<typeof SampleSizes>;
/** With its order, which has a default. */
export type EntriesInputsConfig = Required<Static<typeof EntriesInputs>>;
export type InputsConfig = Exclude<Static<typeof InputsSchema>, { kind: 'entries' }> | EntriesInputsConfig;
export type RecoveryDataConfig = Static<typeof RecoveryData>;
export type RankDataConfig = Static<typeof RankData>;
