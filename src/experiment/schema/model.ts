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
      'The product A·B of two free matrices; an input is the position (row, column) of an entry.',
    ),
    rows: count('Rows', 'Rows of the product, d1.', LIMITS.dimension),
    columns: count('Columns', 'Columns of the product, d2.', LIMITS.dimension),
    inner: Type.Optional(
      count('Inner dimension', 'Columns of A and rows of B. Default: the smaller of rows and columns.', LIMITS.dimension),
    ),
  },
  {
    title: 'Matrix factorization',
    description: 'f(i, j) = Σ_k A_ik B_kj. Its optimistic sample size for a target of rank r is r(d1 + d2 − r).',
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

export const ModelSchema = byKind('Model', 'The model f(x; θ) whose recovery of the target is studied.', [
  MatrixFactorizationModel,
  TwoLayerModel,
  FormulaModel,
]);

export type ActivationConfig = Static<typeof Activation>;
export type MatrixFactorizationConfig = Static<typeof MatrixFactorizationModel>;
export type TwoLayerConfig = Static<typeof TwoLayerModel>;
export type FormulaConfig = Static<typeof FormulaModel>;
export type ModelConfig = Static<typeof ModelSchema>;
