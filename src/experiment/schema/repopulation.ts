import { Type, type Static } from '@sinclair/typebox';
import { byKind, closed, count, flag, kind, LIMITS, number, seed, text } from './common';
import { expectedFlag, expectedNumber } from './expectation';
import { experimentHead } from './head';
import { Activation } from './model';

const epochs = (title: string, description: string) =>
  Type.Array(Type.Integer({ title: 'Epoch', description: 'Counted from 1.', minimum: 1, maximum: 100_000 }), {
    title,
    description,
    maxItems: 1000,
  });

const FunctionTask = Type.Object(
  {
    kind: kind('function', 'Regression of a function of one input x, uniform in an interval; x is standardised for the net.'),
    expression: Type.Optional(
      text('Expression', 'The function, of x: `cos(4*x)`.', { default: 'cos(4*x)', maxLength: LIMITS.expressionLength }),
    ),
    from: Type.Optional(number('From', 'Left end of the interval; the default is −2π.', { default: -6.283185307179586 })),
    to: Type.Optional(number('To', 'Right end of the interval; the default is 2π.', { default: 6.283185307179586 })),
    samples: Type.Optional(
      count('Samples', 'Training samples; the paper has 60000.', LIMITS.sampleSize, { default: 4000, minimum: 2 }),
    ),
    testSamples: Type.Optional(count('Test samples', 'Samples of the test set.', LIMITS.sampleSize, { default: 1000 })),
  },
  { title: 'A function of one input', description: 'Squared error.', ...closed },
);

const FileTask = Type.Object(
  {
    kind: kind('classes', 'Classes of the rows of a file: numbers with commas between them, the last one the class from 0.'),
    file: text('File', 'Path of the file, relative to the experiment. Lines that begin with # are comments.'),
    testFraction: Type.Optional(
      number('Test fraction', 'Part of the rows, chosen by the seed, that is the test set.', {
        default: 0.3,
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
      }),
    ),
  },
  { title: 'Classes from a file', description: 'Cross-entropy of softmax outputs; inputs are centred and scaled.', ...closed },
);

export const RepopulationTaskSchema = byKind('Task', 'What the nets learn.', [FunctionTask, FileTask], {
  default: { kind: 'function' },
});

export const RepopulationNetworkSchema = Type.Object(
  {
    activation: Type.Optional(Activation),
    widths: Type.Optional(
      Type.Array(count('Width', 'Neurons of a hidden layer.', 10_000), {
        title: 'Widths',
        description: 'Neurons of each hidden layer; the paper has 1000 and more.',
        minItems: 1,
        maxItems: 10,
        default: [100, 100, 100],
      }),
    ),
  },
  { title: 'Network', description: 'A fully connected net with biases, kernels N(0, 1/inputs).', default: {}, ...closed },
);

export const RepopulationTrainingSchema = Type.Object(
  {
    epochs: Type.Optional(count('Epochs', 'Passes over the training set.', 100_000, { default: 160 })),
    batch: Type.Optional(count('Batch', 'Samples of a step.', 10_000, { default: 100 })),
    learningRate: Type.Optional(number('Learning rate', 'Of Adam.', { default: 3e-3, exclusiveMinimum: 0, maximum: 1 })),
    decay: Type.Optional(
      number('Decay', 'The rate is multiplied by this after every epoch.', { default: 0.99, exclusiveMinimum: 0, maximum: 1 }),
    ),
    strength: Type.Optional(
      number('Strength', 'Weight of the regulariser beside the loss.', { default: 0.01, minimum: 0, maximum: 1000 }),
    ),
    decays: Type.Optional(
      Type.Array(number('Weight', 'Weight of one layer.', { minimum: 0, maximum: 1000 }), {
        title: 'Decays',
        description:
          'Weights of the layers in the regulariser, first layer first; left out: 0.01 for each, 0 for the first and 1 for the last.',
        minItems: 2,
        maxItems: 11,
      }),
    ),
    gradientNoise: Type.Optional(
      number('Gradient noise', '√rate · this · N(0, 1/inputs²) is added to gradients; the paper has 0.1.', {
        default: 0,
        minimum: 0,
        maximum: 100,
      }),
    ),
    seed: Type.Optional(seed('Drives data, initial weights, order of samples and resampling.')),
  },
  { title: 'Training', description: 'Adam on minibatches.', default: {}, ...closed },
);

export const RepopulationRuleSchema = Type.Object(
  {
    epochs: Type.Optional({ ...epochs('Epochs', 'The net is repopulated after these.'), default: [50, 100] }),
    layers: Type.Optional(
      Type.Union(
        [
          Type.Literal('last', { description: 'The last hidden layer, as in the paper.' }),
          Type.Literal('all', { description: 'All hidden layers together.' }),
        ],
        { title: 'Layers', description: 'Whose neurons are drawn anew.', default: 'last' },
      ),
    ),
    drawing: Type.Optional(
      Type.Union(
        [
          Type.Literal('systematic', { description: 'On a comb with one random offset: unbiased, and scatters less.' }),
          Type.Literal('independent', { description: 'One by one, as in the paper.' }),
        ],
        { title: 'Drawing', description: 'How neurons are drawn with the optimal densities.', default: 'systematic' },
      ),
    ),
    noise: Type.Optional(
      number('Noise', 'This times N(0, 1/inputs) is added to the kernels of neurons that were drawn.', {
        default: 0.1,
        minimum: 0,
        maximum: 10,
      }),
    ),
  },
  { title: 'Repopulation', description: 'When and how neurons are drawn anew.', default: {}, ...closed },
);

export const RepopulationAnalysisSchema = Type.Object(
  {
    every: Type.Optional(count('Every', 'Epochs between two rows of the history.', 100_000, { default: 10 })),
    segments: Type.Optional(
      Type.Integer({
        title: 'Segments',
        description: 'Random segments of the convexity test; 0 for none.',
        minimum: 0,
        maximum: 1_000_000,
        default: 2000,
      }),
    ),
    path: Type.Optional(flag('Path', 'Train a second net, and follow the loss along the straight path between both.', true)),
    neurons: Type.Optional(
      Type.Array(count('Neurons', 'Neurons that are kept.', 10_000), {
        title: 'Distillation',
        description: 'Sizes to which the last hidden layer is distilled.',
        maxItems: 50,
        default: [5, 10, 20, 40],
      }),
    ),
    draws: Type.Optional(count('Draws', 'Draws of neurons over which distillation is averaged.', 1000, { default: 20 })),
  },
  { title: 'Analysis', description: 'What is measured of the nets.', default: {}, ...closed },
);

const Expectations = Type.Object(
  {
    testError: expectedNumber('Test error', 'Loss on the test set after training with repopulation.'),
    testErrorRate: expectedNumber('Test error rate', 'Part of wrong classes in the test set, for classes.'),
    errorRatio: expectedNumber('Error ratio', 'Test error with repopulation over that without.'),
    regularizerRatio: expectedNumber('Regulariser ratio', 'Regulariser after training with repopulation over that without.'),
    neverRaised: expectedFlag('Never raised', 'Whether no optimal repopulation raised the regulariser.'),
    variationLowered: expectedFlag(
      'Variation lowered',
      'Whether every repopulation lowered the variation of the importance weights. It does where receiving costs nothing; else it need not.',
    ),
    marginalVariationLowered: expectedFlag(
      'Marginal variation lowered',
      'Whether every repopulation lowered the variation of the squared importance weights less what the neurons cost.',
    ),
    convexityViolations: expectedNumber('Convexity violations', 'Random segments on which the objective rose above its chord.'),
    pathBarrier: expectedNumber(
      'Path barrier',
      'Largest rise of the test loss above the chord, in the repopulated representation.',
    ),
    rawPathBarrier: expectedNumber('Raw path barrier', 'The same along the straight line of the parameters.'),
    distillation: Type.Optional(
      Type.Array(
        Type.Object(
          {
            neurons: count('Neurons', 'One of the sizes.', 10_000),
            importance: expectedNumber('By importance', 'Mean error with neurons drawn by importance.'),
            uniform: expectedNumber('Uniformly', 'Mean error with neurons drawn uniformly.'),
            advantage: expectedNumber('Advantage', 'Error with uniform drawing minus error with drawing by importance.'),
          },
          { title: 'Size', description: 'What a distilled size should reach.', ...closed },
        ),
        { title: 'Distillation', description: 'Errors of distilled nets.', maxItems: 50 },
      ),
    ),
  },
  { title: 'Expectations', description: 'What should come out; each becomes met, failed or inconclusive.', ...closed },
);

export const RepopulationExperimentSchema = Type.Object(
  {
    ...experimentHead(
      'repopulation',
      'Training wide nets with and without neural feature repopulation, and what follows from convexity.',
    ),
    task: Type.Optional(RepopulationTaskSchema),
    network: Type.Optional(RepopulationNetworkSchema),
    training: Type.Optional(RepopulationTrainingSchema),
    repopulation: Type.Optional(RepopulationRuleSchema),
    analysis: Type.Optional(RepopulationAnalysisSchema),
    expect: Type.Optional(Expectations),
  },
  { title: 'Repopulation experiment', description: 'Neural feature repopulation of mean-field nets.', ...closed },
);

export type RepopulationExperimentFile = Static<typeof RepopulationExperimentSchema>;
export type RepopulationExpectations = Static<typeof Expectations>;
export type RepopulationTask = Static<typeof RepopulationTaskSchema>;
