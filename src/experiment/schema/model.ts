import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, flag, kind, number } from './common';

const name = Type.String({
  title: 'Name',
  description: 'A letter followed by letters, digits or underscores.',
  pattern: '^[A-Za-z][A-Za-z0-9_]*$',
  maxLength: 64,
});

export const ActivationName = Type.Union(
  [
    Type.Literal('tanh', { description: 'Hyperbolic tangent. Odd: a neuron and its negative are the same.' }),
    Type.Literal('sigmoid', { description: 'Logistic function 1 / (1 + e^-z).' }),
    Type.Literal('exp', { description: 'Exponential: a generic activation in the sense of "Geometry of global minima".' }),
    Type.Literal('softplus', { description: 'log(1 + e^z).' }),
    Type.Literal('relu', { description: 'max(0, z). Not analytic: predictions for it are local counts only.' }),
    Type.Literal('sin', { description: 'Sine. Odd.' }),
  ],
  { title: 'Activation', description: 'Name of the activation function.' },
);

export const ShiftedTanh = Type.Object(
  {
    kind: kind('tanh', 'tanh(z + shift): a generic activation for almost every shift.'),
    shift: number('Shift', 'Added to the argument of tanh.'),
  },
  { title: 'Shifted tanh', description: 'Hyperbolic tangent with a shift, which removes its odd symmetry.', ...closed },
);

export const Activation = Type.Union([ActivationName, ShiftedTanh], {
  title: 'Activation',
  description: 'The activation function of every hidden neuron: a name, or `{ "kind": "tanh", "shift": 0.3 }`.',
  default: 'tanh',
});

export const MatrixFactorizationModel = Type.Object(
  {
    kind: kind(
      'matrixFactorization',
      'A product of free matrices: A·B, or W_L … W_1 of any depth; an input is the position (row, column) of an entry.',
    ),
    rows: Type.Optional(count('Rows', 'Rows of the product, d1; with `columns`, for two factors.', LIMITS.dimension)),
    columns: Type.Optional(count('Columns', 'Columns of the product, d2.', LIMITS.dimension)),
    inner: Type.Optional(
      count('Inner dimension', 'Columns of A and rows of B. Default: the smaller of rows and columns.', LIMITS.dimension),
    ),
    dimensions: Type.Optional(
      Type.Array(count('Dimension', 'Rows of one factor and columns of the next.', LIMITS.dimension), {
        title: 'Dimensions',
        description:
          '[d0, d1, …, dL] for the product W_L … W_1 with W_l of d_l × d_(l−1): a d_L × d_0 matrix. Instead of `rows`, `columns` and `inner`.',
        minItems: 3,
        maxItems: LIMITS.depth + 1,
      }),
    ),
  },
  {
    title: 'Matrix factorization',
    description:
      'f(i, j) = (A·B)_ij, or (W_L … W_1)_ij. Its optimistic sample size for a d1 × d2 target of rank r is r(d1 + d2 − r), at every depth. Order of the parameters: the factors as they stand in the product, each row by row.',
    // Either form has its own properties; completion offers that of two factors.
    skeleton: ['kind', 'rows', 'columns'],
    ...closed,
  },
);

export const TwoLayerModel = Type.Object(
  {
    kind: kind('twoLayer', 'A network with one hidden layer.'),
    activation: Type.Optional(Activation),
    inputs: count('Inputs', 'Input dimension d.', LIMITS.dimension),
    width: count('Width', 'Number of hidden neurons m.', LIMITS.width),
    hiddenBias: Type.Optional(flag('Hidden bias', 'Whether each hidden neuron has a bias.', false)),
    outputBias: Type.Optional(flag('Output bias', 'Whether the output has a bias.', false)),
  },
  {
    title: 'Two-layer network',
    description:
      'f(x) = Σ_k a_k σ(w_k·x + b_k) + c. Its optimistic sample size for a target of k neurons is k(d + 1), with hidden bias k(d + 2), one more with output bias.',
    ...closed,
  },
);

export const FormulaModel = Type.Object(
  {
    kind: kind('formula', 'Any nonlinear model, written as an expression.'),
    parameters: Type.Array(name, {
      title: 'Parameters',
      description: 'Names of the parameters, in order.',
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
    }),
    inputs: Type.Array(name, {
      title: 'Inputs',
      description: 'Names of the inputs, in order.',
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
    }),
    expression: Type.String({
      title: 'Expression',
      description:
        'The model as an expression in its parameters and inputs: + − * / ^, parentheses, and tanh, sigmoid, exp, log, softplus, relu, sin, cos, sqrt, abs, square; constants pi and e.',
      minLength: 1,
      maxLength: LIMITS.expressionLength,
    }),
  },
  {
    title: 'Formula',
    description: 'A model given by an expression, for instance `theta0 + theta1*x1 + theta2*theta3*x2`.',
    ...closed,
  },
);

export const DiagonalModel = Type.Object(
  {
    kind: kind('diagonal', 'A linear function whose coefficients are products of parameters.'),
    inputs: count('Inputs', 'Input dimension d.', LIMITS.dimension),
    depth: Type.Integer({
      title: 'Depth',
      description: 'Number L of factors of each coefficient.',
      minimum: 2,
      maximum: LIMITS.depth,
    }),
  },
  {
    title: 'Diagonal model',
    description:
      'f(x) = Σ_j a_j^[1] a_j^[2] … a_j^[L] x_j. Its optimistic sample size for k coefficients that are not 0 is k, at every depth. Order of the parameters: a^[1], then a^[2], and so on.',
    ...closed,
  },
);

export const DeepNetworkModel = Type.Object(
  {
    kind: kind('deepNetwork', 'A fully connected network with any number of hidden layers.'),
    activation: Type.Optional(Activation),
    inputs: count('Inputs', 'Input dimension d.', LIMITS.dimension),
    widths: Type.Array(count('Width', 'Neurons of one hidden layer.', LIMITS.width), {
      title: 'Widths',
      description: 'Neurons of each hidden layer, the first layer first.',
      minItems: 1,
      maxItems: LIMITS.depth,
    }),
    outputs: Type.Optional(
      count('Outputs', 'Number of outputs. Every sample is then a pair of an input and an output.', LIMITS.dimension, {
        default: 1,
      }),
    ),
    bias: Type.Optional(flag('Bias', 'Whether every neuron and the output have a bias.', false)),
  },
  {
    title: 'Deep network',
    description:
      'f(x) = W_L σ(W_(L−1) … σ(W_1 x + b_1) … + b_(L−1)) + b_L. Its optimistic sample size is at most the number of parameters of the smallest network that is the target. Order of the parameters: W_1 row by row, b_1, W_2, b_2, and so on.',
    ...closed,
  },
);

const side = (title: string, description: string) => count(title, description, LIMITS.dimension);

export const ConvolutionModel = Type.Object(
  {
    kind: kind('convolution', 'A network with one hidden layer of kernels that slide over the input with stride 1.'),
    activation: Type.Optional(Activation),
    inputs: Type.Union(
      [
        side('Inputs', 'Length d of a one-dimensional input.'),
        Type.Tuple([side('Rows', 'Rows of the input.'), side('Columns', 'Columns of the input.')], {
          title: 'Image',
          description: '[rows, columns] of a two-dimensional input.',
        }),
      ],
      { title: 'Inputs', description: 'Length of the input, or [rows, columns] of an image, which is read row by row.' },
    ),
    kernel: count('Kernel', 'Length s of a kernel; in two dimensions a kernel is s × s.', LIMITS.dimension),
    kernels: count('Kernels', 'Number m of kernels.', LIMITS.width),
    sharing: Type.Optional(
      flag(
        'Sharing',
        'Whether a kernel has the same weights at every position. Without, every position has weights of its own.',
        true,
      ),
    ),
    hiddenBias: Type.Optional(flag('Hidden bias', 'Whether each kernel (without sharing: each neuron) has a bias.', false)),
  },
  {
    title: 'Convolutional network',
    description:
      'f(x) = Σ_k Σ_p a_kp σ(Σ_t K_kt x_(p+t) + b_k), over all positions p at which the kernel lies within the input. Its optimistic sample size for k kernels is k(s + P), with P positions. Order of the parameters: a (kernel by kernel), K (kernel by kernel; without sharing position by position within), b.',
    ...closed,
  },
);

export const ModelSchema = byKind('Model', 'The model f(x; θ) whose recovery of the target is studied.', [
  MatrixFactorizationModel,
  TwoLayerModel,
  FormulaModel,
  DiagonalModel,
  DeepNetworkModel,
  ConvolutionModel,
]);

export type ActivationConfig = Static<typeof Activation>;
export type MatrixFactorizationConfig = Static<typeof MatrixFactorizationModel>;
export type TwoLayerConfig = Static<typeof TwoLayerModel>;
export type FormulaConfig = Static<typeof FormulaModel>;
export type DiagonalConfig = Static<typeof DiagonalModel>;
export type DeepNetworkConfig = Static<typeof DeepNetworkModel>;
export type ConvolutionConfig = Static<typeof ConvolutionModel>;
export type ModelConfig = Static<typeof ModelSchema>;
