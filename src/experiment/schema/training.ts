import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, kind, number, seed } from './common';

export const LearningRate = Type.Union(
  [
    number('Learning rate', 'Constant.', { exclusiveMinimum: 0, maximum: 1e6 }),
    Type.Object(
      {
        initial: number('Initial', 'Learning rate of the first steps.', { exclusiveMinimum: 0, maximum: 1e6 }),
        factor: number('Factor', 'Multiplies the rate each time.', { exclusiveMinimum: 0, maximum: 1 }),
        every: count('Every', 'Number of steps between two decays.', LIMITS.steps),
        minimum: Type.Optional(number('Minimum', 'The rate does not fall below this.', { minimum: 0, default: 0 })),
      },
      { title: 'Decayed', description: 'initial · factor^⌊step / every⌋.', ...closed },
    ),
  ],
  { title: 'Learning rate', description: 'A number, or a step decay.' },
);

export const GradientDescent = Type.Object(
  { kind: kind('gradientDescent', 'θ ← θ − η ∇R(θ).'), learningRate: LearningRate },
  { title: 'Gradient descent', description: 'Full-batch gradient descent.', ...closed },
);

export const Adam = Type.Object(
  {
    kind: kind('adam', 'Adam with bias correction.'),
    learningRate: LearningRate,
    beta1: Type.Optional(number('Beta 1', 'Decay of the first moment.', { minimum: 0, exclusiveMaximum: 1, default: 0.9 })),
    beta2: Type.Optional(number('Beta 2', 'Decay of the second moment.', { minimum: 0, exclusiveMaximum: 1, default: 0.999 })),
    epsilon: Type.Optional(number('Epsilon', 'Added to the denominator.', { exclusiveMinimum: 0, maximum: 1, default: 1e-8 })),
  },
  { title: 'Adam', description: 'Full-batch Adam.', ...closed },
);

export const OptimizerSchema = byKind(
  'Optimizer',
  'How the training loss (mean squared error) is minimised.',
  [GradientDescent, Adam],
  {
    default: { kind: 'gradientDescent', learningRate: 0.05 },
  },
);

const scale = number('Scale', 'Small scales favour recovery; see "Linear stability hypothesis", Fig. 3.', {
  exclusiveMinimum: 0,
  maximum: 1e6,
});

export const InitializationSchema = byKind(
  'Initialization',
  'Distribution of the initial parameters.',
  [
    Type.Object(
      { kind: kind('normal', 'N(0, scale²), independent.'), scale },
      { title: 'Normal', description: 'Standard deviation `scale`.', ...closed },
    ),
    Type.Object(
      { kind: kind('uniform', 'U[−scale, scale], independent.'), scale },
      { title: 'Uniform', description: 'Half width `scale`.', ...closed },
    ),
  ],
  { default: { kind: 'normal', scale: 1e-4 } },
);

export const StopSchema = Type.Object(
  {
    trainLoss: Type.Optional(
      number('Train loss', 'Stop when the mean squared training error falls below this.', { minimum: 0, default: 1e-9 }),
    ),
    steps: Type.Optional(count('Steps', 'Stop after this many steps.', LIMITS.steps, { default: 100_000 })),
    gradientNorm: Type.Optional(
      number('Gradient norm', 'Stop when the Euclidean norm of the gradient falls below this; 0 turns it off.', {
        minimum: 0,
        default: 0,
      }),
    ),
  },
  {
    title: 'Stop',
    description: 'Training stops at the first of these. Divergence always stops it and is reported as such.',
    ...closed,
  },
);

export const TrainingSchema = Type.Object(
  {
    optimizer: Type.Optional(OptimizerSchema),
    initialization: Type.Optional(InitializationSchema),
    stop: Type.Optional(StopSchema),
    trials: Type.Optional(count('Trials', 'Independent trainings for every sample size.', LIMITS.trials, { default: 10 })),
    seed: Type.Optional(seed('Seed of the whole experiment: data, initialisation and test set have named streams of their own.')),
  },
  { title: 'Training', description: 'Optimizer, initialisation, stop rules and number of trials.', ...closed },
);

export type LearningRateConfig = Static<typeof LearningRate>;
export type OptimizerConfig = Static<typeof OptimizerSchema>;
export type InitializationConfig = Static<typeof InitializationSchema>;
export type StopConfig = Static<typeof StopSchema>;
export type TrainingConfig = Static<typeof TrainingSchema>;
