import { Type, type Static } from '@sinclair/typebox';
import { closed, number } from './common';
import { expectedFlag } from './expectation';
import { experimentHead } from './head';

/** Largest input dimension of an overlap experiment: its flows have one more. */
export const OVERLAP_INPUTS = 20;

const vector = (title: string, description: string) =>
  Type.Union(
    [
      number(title, description),
      Type.Array(number(title, description), { title, description, minItems: 1, maxItems: OVERLAP_INPUTS }),
    ],
    { title, description: `${description} A number for one input, a list for several.` },
  );

const w = vector('Input weights', 'The weights w of the neuron.');
const a = number('Output weight', 'The weight a of the neuron.');
const Point = Type.Object({ w, a }, { title: 'Point', description: 'Weights (w, a) of the neuron f(x) = a σ(w·x).', ...closed });

const DataSet = Type.Object(
  {
    x: Type.Optional(vector('Input', 'The input of the only sample.')),
    y: Type.Optional(number('Label', 'The label of the only sample.')),
    through: Type.Optional(
      Type.Object(
        { w, a },
        {
          title: 'Through',
          description: 'Instead of y: a point of zero loss, which makes y = a σ(w·x) to the last digit.',
          ...closed,
        },
      ),
    ),
    limit: Type.Optional(
      Type.Object(
        { w, a },
        {
          title: 'Limit',
          description:
            'Instead of x and y, for exp: where the flow is to end. Recipe A makes the sample: a must change in size and keep its sign.',
          ...closed,
        },
      ),
    ),
  },
  { title: 'Data set', description: 'One sample: `{ x, y }`, `{ x, through }` or `{ limit }`.', ...closed },
);

const Expectations = Type.Object(
  {
    twoPoint: expectedFlag('Two-point overlap', 'Whether two limits differ and each has zero loss on both data sets.'),
    onePoint: expectedFlag('One-point overlap', 'Whether all flows end at one point, in directions that span everything.'),
    limits: Type.Optional(
      Type.Object(
        {
          points: Type.Array(Point, { title: 'Points', description: 'Limits in the order of the data sets.', maxItems: 20 }),
          within: number('Within', 'Largest difference that is still as expected.', { default: 1e-9, minimum: 0 }),
        },
        { title: 'Limits', description: 'Where the flows end.', ...closed },
      ),
    ),
    slopes: Type.Optional(
      Type.Object(
        {
          values: Type.Array(number('Slope', 'da/dw.'), {
            title: 'Values',
            description: 'In the order of the data sets.',
            maxItems: 20,
          }),
          within: number('Within', 'Largest difference that is still as expected.', { default: 1e-9, minimum: 0 }),
        },
        { title: 'Slopes', description: 'Limiting slopes da/dw of the flows, for one input.', ...closed },
      ),
    ),
  },
  { title: 'Expectations', description: 'What should come out; each becomes met, failed or inconclusive.', ...closed },
);

export const OverlapExperimentSchema = Type.Object(
  {
    ...experimentHead(
      'overlap',
      'Gradient flows of one neuron on different data, and whether any data-independent G can say where they end.',
    ),
    activation: Type.Union(
      ['sigmoid', 'softplus', 'exp', 'tanh', 'recipe'].map((name) =>
        Type.Literal(name as 'sigmoid' | 'softplus' | 'exp' | 'tanh' | 'recipe', {
          description:
            name === 'recipe' ? 'An activation and two data sets made by recipe A for two limits.' : `The function ${name}.`,
        }),
      ),
      { title: 'Activation', description: 'The activation σ of the neuron f(x) = a σ(w·x), or `recipe`.' },
    ),
    start: Type.Object(
      {
        w,
        a,
        refine: Type.Optional(
          Type.Union(
            [
              Type.Literal('rounding', { description: 'Only where it is the written start within its digits.' }),
              Type.Literal('always', { description: 'Wherever one is found near by.' }),
              Type.Literal('never', { description: 'The numbers as they are.' }),
            ],
            {
              title: 'Refine',
              description: 'Whether to start where a two-point overlap that the written start has nearly is exact.',
              default: 'rounding',
            },
          ),
        ),
      },
      { title: 'Start', description: 'Where all flows begin.', ...closed },
    ),
    datasets: Type.Optional(
      Type.Array(DataSet, { title: 'Data sets', description: 'One flow for each.', minItems: 1, maxItems: 20 }),
    ),
    limits: Type.Optional(
      Type.Array(Point, {
        title: 'Limits',
        description: 'For the activation `recipe`: where the two flows are to end, with zero loss on both data sets.',
        minItems: 2,
        maxItems: 2,
      }),
    ),
    expect: Type.Optional(Expectations),
  },
  {
    title: 'Overlap experiment',
    description: 'Limits of data-independent characterisations of implicit regularisation.',
    ...closed,
  },
);

export type OverlapExperimentFile = Static<typeof OverlapExperimentSchema>;
export type OverlapExpectations = Static<typeof Expectations>;
export { Expectations as OverlapExpectationsSchema };
