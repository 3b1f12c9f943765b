import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, flag, kind, number, seed } from './common';

export const LearningRateValue = number('Learning rate', 'Constant.', { exclusiveMinimum: 0, maximum: 1e6 });

export const LearningRate = Type.Union(
  [
    LearningRateValue,
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

export const GradientFlow = Type.Object(
  {
    kind: kind('gradientFlow', 'dθ/dt = −∇R(θ), integrated in time: gradient descent with an infinitely small rate.'),
    relativeTolerance: Type.Optional(
      number('Relative tolerance', 'Error of a step of the integrator, relative to each parameter.', {
        minimum: 1e-14,
        maximum: 0.1,
        default: 1e-8,
      }),
    ),
    absoluteTolerance: Type.Optional(
      number('Absolute tolerance', 'Added to it. Initial parameters should be well above this.', {
        exclusiveMinimum: 0,
        maximum: 1,
        default: 1e-11,
      }),
    ),
    time: Type.Optional(
      number('Time', 'Stop at this time; k steps of gradient descent with rate η correspond to the time k·η. Default: none.', {
        exclusiveMinimum: 0,
      }),
    ),
    polish: Type.Optional(
      flag(
        'Polish',
        'Where the flow has stopped, lower the loss to rounding by Levenberg–Marquardt steps. Marked in the result: they leave the flow.',
        false,
      ),
    ),
  },
  {
    title: 'Gradient flow',
    description:
      'Integrated by a stiff method of variable order and step with the exact Hessian, so that plateaus cost few steps.',
    ...closed,
  },
);

export const OptimizerSchema = byKind(
  'Optimizer',
  'How the training loss (mean squared error) is minimised.',
  [GradientDescent, Adam, GradientFlow],
  {
    default: { kind: 'gradientDescent', learningRate: 0.05 },
  },
);

export const Scale = number('Scale', 'Small scales favour recovery; see "Linear stability hypothesis", Fig. 3.', {
  exclusiveMinimum: 0,
  maximum: 1e6,
});

export const InitializationSchema = byKind(
  'Initialization',
  'Distribution of the initial parameters.',
  [
    Type.Object(
      { kind: kind('normal', 'N(0, scale²), independent.'), scale: Scale },
      { title: 'Normal', description: 'Standard deviation `scale`.', ...closed },
    ),
    Type.Object(
      { kind: kind('uniform', 'U[−scale, scale], independent.'), scale: Scale },
      { title: 'Uniform', description: 'Half width `scale`.', ...closed },
    ),
    Type.Object(
      { kind: kind('fanIn', 'U[−1/√k, 1/√k] for weights and biases of a layer with k inputs: the default of PyTorch.') },
      { title: 'Fan-in', description: 'By the number of inputs of each layer; for fully connected networks.', ...closed },
    ),
  ],
  { default: { kind: 'normal', scale: 1e-4 } },
);

export const StopSchema = Type.Object(
  {
    trainLoss: Type.Optional(
      number('Train loss', 'Stop when the mean squared training error falls below this.', { minimum: 0, default: 1e-9 }),
    ),
    steps: Type.Optional(
      count('Steps', 'Stop after this many steps, of the optimizer or of the integrator of a gradient flow.', LIMITS.steps, {
        default: 100_000,
      }),
    ),
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

export const BackendSchema = Type.Union(
  [
    Type.Literal('auto', {
      description:
        'Native kernels where they have been built (`recovery native build`), else WebAssembly, else TypeScript. Same bits.',
    }),
    Type.Literal('webassembly', { description: 'Kernels with vectors of two numbers, on any machine. Same bits.' }),
    Type.Literal('native', {
      description: 'Kernels with vectors of four or eight numbers; an error where they have not been built. Same bits.',
    }),
    Type.Literal('typescript', { description: 'No kernels: the plain reference, several times slower. Same bits.' }),
    Type.Literal('relaxedSimd', {
      description:
        'WebAssembly that may round a·b + c once instead of twice. Somewhat faster; the last bits depend on the processor, so that runs are not reproducible, and the result says so.',
    }),
    Type.Literal('tensorflow', {
      description:
        'TensorFlow in float32, for wide and deep networks; an error where it has not been installed (`recovery tensorflow install`). Final losses, test errors, ranks and spectra are computed in float64 from the float32 parameters. The result says so.',
    }),
  ],
  {
    title: 'Backend',
    description:
      'What computes the steps of gradient descent and Adam. All but `relaxedSimd` and `tensorflow` give the same numbers to the last bit, and differ in speed alone. Default: auto.',
  },
);

export const PrecisionSchema = Type.Union(
  [
    Type.Literal('float64', { description: 'About 16 digits, the same bits on every machine.' }),
    Type.Literal('float32', {
      description:
        'About 7 digits will do: with `"backend": "auto"`, TensorFlow trains where it is installed and the step is so large that it is faster. The result says what trained.',
    }),
  ],
  { title: 'Precision', description: 'Of the steps of training; everything else is float64 always. Default: float64.' },
);

export const TrainingSchema = Type.Object(
  {
    optimizer: Type.Optional(OptimizerSchema),
    initialization: Type.Optional(InitializationSchema),
    stop: Type.Optional(StopSchema),
    dropout: Type.Optional(
      number(
        'Dropout',
        'Hidden neurons of a two-layer network are dropped at this rate in every step, for every sample anew; the others are scaled up. The curve shows the loss with dropout, the result that without.',
        {
          exclusiveMinimum: 0,
          exclusiveMaximum: 1,
        },
      ),
    ),
    dropoutSteps: Type.Optional(
      count('Dropout steps', 'Nothing is dropped after so many steps. Default: neurons are dropped to the end.', LIMITS.steps),
    ),
    trials: Type.Optional(count('Trials', 'Independent trainings for every sample size.', LIMITS.trials, { default: 10 })),
    firstTrial: Type.Optional(
      Type.Integer({
        title: 'First trial',
        description:
          'Number of the first trial. Random numbers of a training come from the seed, the sample size and the number of the trial: with `trials` 1 this is one training of a larger experiment alone, to the same bits. Default: 0.',
        minimum: 0,
        maximum: LIMITS.trials,
      }),
    ),
    seed: Type.Optional(seed('Seed of the whole experiment: data, initialisation and test set have named streams of their own.')),
    backend: Type.Optional(BackendSchema),
    precision: Type.Optional(PrecisionSchema),
  },
  { title: 'Training', description: 'Optimizer, initialisation, stop rules and number of trials.', ...closed },
);

export type LearningRateConfig = Static<typeof LearningRate>;
export type OptimizerConfig = Static<typeof OptimizerSchema>;
export type GradientFlowConfig = Extract<OptimizerConfig, { kind: 'gradientFlow' }>;
/** Optimizers that take steps with a learning rate. */
export type StepOptimizerConfig = Exclude<OptimizerConfig, GradientFlowConfig>;
export type InitializationConfig = Static<typeof InitializationSchema>;
export type StopConfig = Static<typeof StopSchema>;
export type BackendName = Static<typeof BackendSchema>;
export type PrecisionName = Static<typeof PrecisionSchema>;
export type TrainingConfig = Static<typeof TrainingSchema>;
