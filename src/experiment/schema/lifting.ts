import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, number, seed } from './common';
import { expectedNumber } from './expectation';
import { experimentHead } from './head';
import { DeepNetworkModel, TwoLayerModel } from './model';

/** Parameters of the wide network: its Hessian is decomposed a few times for every lifted point. */
export const MOST_LIFTED_PARAMETERS = 1000;

const parameters = (description: string) =>
  Type.Array(Type.Number({ title: 'Parameter' }), {
    title: 'Parameters',
    description,
    minItems: 1,
    maxItems: MOST_LIFTED_PARAMETERS,
  });

const vector = (title: string, description: string) =>
  Type.Union(
    [Type.Number({ title }), Type.Array(Type.Number({ title: 'Component' }), { title, minItems: 1, maxItems: LIMITS.dimension })],
    { title, description },
  );

const GivenPoint = Type.Object(
  { parameters: parameters('Of the narrow network, in the order of the model; polished by Newton where they are rounded.') },
  { title: 'Given', description: 'A critical point that is known.', ...closed },
);

export const LiftingTraining = Type.Object(
  {
    seed: Type.Optional(seed('Seed of the starts.')),
    scale: Type.Optional(
      number('Scale', 'Standard deviation of the initial parameters.', { exclusiveMinimum: 0, maximum: 1e3, default: 1 }),
    ),
    steps: Type.Optional(count('Steps', 'Most Newton steps from one start.', 10_000, { default: 300 })),
  },
  { title: 'Training', description: 'How a critical point is found where none is given.', ...closed },
);

const width = count('Width', 'Hidden neurons of the wide network.', LIMITS.width);

export const CONSTRUCTION_NAMES = ['null', 'splitting', 'signFlipped', 'compatible', 'degenerate', 'sampleDependent'] as const;
export type ConstructionName = (typeof CONSTRUCTION_NAMES)[number];

const constructionName = Type.Union(
  [
    Type.Literal('null', { description: 'Further neurons without input and output weights.' }),
    Type.Literal('splitting', { description: 'Further neurons are copies that share the output weights in random parts.' }),
    Type.Literal('signFlipped', { description: 'As splitting, with the copies turned; for odd activations.' }),
    Type.Literal('compatible', {
      description: 'A general compatible embedding: shares differ by receiver, null neurons among the copies.',
    }),
    Type.Literal('degenerate', {
      description: 'Arbitrary further neurons before a layer that does not influence the output: embeddings miss these.',
    }),
    Type.Literal('sampleDependent', {
      description: 'A further neuron with arbitrary input weights that makes the point critical for these data alone.',
    }),
  ],
  { title: 'Construction', description: 'How a lifted point is made.' },
);

export const CLASSIFICATIONS = ['minimum', 'strictSaddle', 'degenerateSaddle', 'notCritical', 'undecided'] as const;

const classificationCounts = Type.Object(
  {
    minimum: expectedNumber('Minima', 'Number of lifted points that are minima.'),
    strictSaddle: expectedNumber('Strict saddles', 'Number of lifted points with a direction of negative curvature.'),
    degenerateSaddle: expectedNumber('Degenerate saddles', 'Number of saddles without one.'),
    notCritical: expectedNumber('Not critical', 'Number of points that are not critical for the data.'),
    undecided: expectedNumber('Undecided', 'Number of critical points whose kind is not known.'),
  },
  { title: 'Classifications', description: 'How many lifted points are of each kind.', ...closed },
);

export const LiftingExpectations = Type.Object(
  {
    loss: expectedNumber('Loss', 'R = Σ‖f(x_i) − y_i‖² at the narrow critical point.'),
    sampleIndependent: expectedNumber('Sample-independent', 'Number of lifted points that are sample-independent.'),
    sampleDependent: expectedNumber('Sample-dependent', 'Number of lifted points of the same function that are not.'),
    classifications: Type.Optional(classificationCounts),
    points: Type.Optional(
      Type.Array(
        Type.Object(
          {
            construction: Type.Optional(
              Type.String({
                title: 'Construction',
                description: 'How the point is made; "given" for those under "lifts".',
                maxLength: 200,
              }),
            ),
            name: Type.Optional(
              Type.String({ title: 'Name', description: 'The construction, or the name of a given point.', maxLength: 200 }),
            ),
            sampleIndependent: Type.Optional(
              Type.Boolean({ title: 'Sample-independent', description: 'Whether it is critical whenever the narrow point is.' }),
            ),
            dimension: Type.Optional(
              Type.Integer({
                title: 'Dimension',
                description: 'Of the family of points that the construction makes around it.',
                minimum: 0,
                maximum: LIMITS.parameters,
              }),
            ),
            classification: Type.Optional(
              Type.Union(
                CLASSIFICATIONS.map((name) => Type.Literal(name)),
                { title: 'Classification', description: 'What kind of critical point it is.' },
              ),
            ),
          },
          { title: 'Point', description: 'What is expected of one lifted point.', ...closed },
        ),
        { title: 'Points', description: 'Expected of all lifted points, in the order of results.', maxItems: 1000 },
      ),
    ),
    existence: Type.Optional(
      Type.Array(
        Type.Object(
          {
            samples: count('Samples', 'Number n of samples.', LIMITS.sampleSize),
            dimension: Type.Integer({ title: 'Dimension', description: 'Of the space of residuals.', minimum: 0 }),
          },
          { title: 'Existence', description: 'For one number of samples.', ...closed },
        ),
        {
          title: 'Existence',
          description: 'For n = 1, 2, … random samples, the dimension of the residuals that make both points critical.',
          maxItems: 1000,
        },
      ),
    ),
  },
  { title: 'Expectations', description: 'What should come out. Each becomes a verdict: met, failed or inconclusive.', ...closed },
);

export const LiftingExperimentSchema = Type.Object(
  {
    ...experimentHead(
      'lifting',
      'Critical points of a narrow network in a wider one: which stay critical whatever the data, and of what kind they are.',
    ),
    model: byKind('Narrow network', 'The narrow network, fully connected.', [TwoLayerModel, DeepNetworkModel]),
    point: Type.Optional(
      Type.Union([Type.Literal('train', { description: 'Found by training and polished by Newton.' }), GivenPoint], {
        title: 'Point',
        description: 'The critical point of the narrow network.',
        default: 'train',
      }),
    ),
    training: Type.Optional(LiftingTraining),
    wide: Type.Union(
      [
        Type.Object({ width }, { title: 'Width', description: 'Of a two-layer network.', ...closed }),
        Type.Object(
          {
            widths: Type.Array(width, {
              title: 'Widths',
              description: 'Of each hidden layer.',
              minItems: 1,
              maxItems: LIMITS.depth,
            }),
          },
          { title: 'Widths', description: 'Of a deep network.', ...closed },
        ),
      ],
      { title: 'Wide network', description: 'The widths of the network that the point is lifted into.' },
    ),
    data: Type.Object(
      {
        points: Type.Array(
          Type.Object(
            {
              x: vector('Input', 'A number, or a list of as many as the network has inputs.'),
              y: vector('Target', 'A number, or a list of as many as the network has outputs.'),
            },
            { title: 'Sample', description: 'An input with its target.', ...closed },
          ),
          { title: 'Points', description: 'The samples (x_i, y_i).', minItems: 1, maxItems: 10_000 },
        ),
      },
      { title: 'Data', description: 'The data set S for which the narrow point is critical.', ...closed },
    ),
    constructions: Type.Optional(
      Type.Array(constructionName, {
        title: 'Constructions',
        description: 'How lifted points are made. Default: all that apply.',
        uniqueItems: true,
        maxItems: 6,
        default: [...CONSTRUCTION_NAMES],
      }),
    ),
    lifts: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.Optional(
              Type.String({ title: 'Name', description: 'How the point is called in results.', maxLength: 200 }),
            ),
            parameters: parameters('Of the wide network, in the order of the model.'),
          },
          { title: 'Lift', description: 'A point of the wide network.', ...closed },
        ),
        { title: 'Lifts', description: 'Further points of the wide network, given one by one.', maxItems: 1000 },
      ),
    ),
    seed: Type.Optional(seed('Seed of the constructions.')),
    analysis: Type.Optional(
      Type.Object(
        {
          dataSets: Type.Optional(
            Type.Integer({
              title: 'Data sets',
              description: 'How many data sets that make the narrow point critical every lifted point is tested with.',
              minimum: 0,
              maximum: 10_000,
              default: 20,
            }),
          ),
          probeScale: Type.Optional(
            number('Probe scale', 'Standard deviation of the inputs at which functions and tangent spaces are compared.', {
              exclusiveMinimum: 0,
              maximum: 1e3,
              default: 1,
            }),
          ),
        },
        { title: 'Analysis', description: 'How lifted points are tested.', ...closed },
      ),
    ),
    expect: Type.Optional(LiftingExpectations),
  },
  {
    title: 'Lifting experiment',
    description: 'Lifted critical points: sample-independent or not, minima or saddles.',
    ...closed,
  },
);

export type LiftingExpectationsConfig = Static<typeof LiftingExpectations>;
export type LiftingExperimentFile = Static<typeof LiftingExperimentSchema>;
