import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, kind, number, seed } from './common';

const finite = (title: string) => Type.Number({ title });

export const MatrixTarget = Type.Object(
  {
    kind: kind('matrix', 'A matrix given entry by entry.'),
    values: Type.Array(Type.Array(finite('Entry'), { minItems: 1, maxItems: LIMITS.dimension }), {
      title: 'Values',
      description: 'The rows of the matrix.',
      minItems: 1,
      maxItems: LIMITS.dimension,
    }),
  },
  { title: 'Matrix', description: 'An explicit target matrix.', ...closed },
);

export const LowRankTarget = Type.Object(
  {
    kind: kind('lowRank', 'A random matrix of a given rank.'),
    rank: count('Rank', 'Rank of the target.', LIMITS.dimension),
    seed: Type.Optional(seed('Seed of the random singular vectors.')),
    singularValues: Type.Optional(
      Type.Array(number('Singular value', 'Positive.', { exclusiveMinimum: 0 }), {
        title: 'Singular values',
        description:
          'One for each unit of rank, in any order. Default: all equal to √(rows·columns / rank), so that entries have mean square 1.',
        minItems: 1,
        maxItems: LIMITS.dimension,
      }),
    ),
  },
  { title: 'Random low-rank matrix', description: 'U·diag(s)·Vᵀ with random orthonormal U and V.', ...closed },
);

export const Neuron = Type.Object(
  {
    outputWeight: number('Output weight', 'a_k, not 0.'),
    inputWeights: Type.Array(finite('Input weight'), {
      title: 'Input weights',
      description: 'w_k, one number for each input.',
      minItems: 1,
      maxItems: LIMITS.dimension,
    }),
    bias: Type.Optional(number('Bias', 'b_k; only when the model has hidden biases.', { default: 0 })),
  },
  { title: 'Neuron', description: 'a·σ(w·x + b).', ...closed },
);

export const VectorTarget = Type.Object(
  {
    kind: kind('vector', 'The coefficients of a linear function, for diagonal models.'),
    values: Type.Array(finite('Coefficient'), {
      title: 'Values',
      description: 'One coefficient for each input.',
      minItems: 1,
      maxItems: LIMITS.dimension,
    }),
  },
  { title: 'Vector', description: 'f*(x) = Σ_j values_j x_j.', ...closed },
);

export const Kernel = Type.Object(
  {
    weights: Type.Array(finite('Weight'), {
      title: 'Weights',
      description: 'K: s numbers, or s·s row by row for an image.',
      minItems: 1,
      maxItems: LIMITS.dimension,
    }),
    outputWeights: Type.Array(finite('Output weight'), {
      title: 'Output weights',
      description: 'a, one number for each position; 0 where the kernel is not used.',
      minItems: 1,
      maxItems: LIMITS.width,
    }),
    bias: Type.Optional(number('Bias', 'b; only when the model has hidden biases.', { default: 0 })),
  },
  { title: 'Kernel', description: 'Σ_p a_p σ(Σ_t K_t x_(p+t) + b).', ...closed },
);

export const TeacherTarget = Type.Object(
  {
    kind: kind('teacher', 'A small network of the same family as the model.'),
    width: Type.Optional(
      count(
        'Width',
        'Number of random neurons (for convolutions: kernels) of the teacher; use with `seed`, instead of `neurons`.',
        LIMITS.width,
      ),
    ),
    seed: Type.Optional(seed('Seed of the random teacher.')),
    neurons: Type.Optional(
      Type.Array(Neuron, {
        title: 'Neurons',
        description: 'The teacher neuron by neuron, instead of `width`.',
        minItems: 1,
        maxItems: LIMITS.width,
      }),
    ),
    widths: Type.Optional(
      Type.Array(count('Width', 'Neurons of one hidden layer of the teacher.', LIMITS.width), {
        title: 'Widths',
        description: 'Hidden layers of a random teacher, for deep networks; use with `seed`.',
        minItems: 1,
        maxItems: LIMITS.depth,
      }),
    ),
    kernels: Type.Optional(
      Type.Array(Kernel, {
        title: 'Kernels',
        description: 'A convolutional teacher kernel by kernel, instead of `width`; its kernels are shared by all positions.',
        minItems: 1,
        maxItems: LIMITS.width,
      }),
    ),
    outputBias: Type.Optional(number('Output bias', 'c; only when the model has an output bias.', { default: 0 })),
  },
  {
    title: 'Teacher network',
    description: 'The target is a network with the activation of the model: random of a given width, or given neuron by neuron.',
    ...closed,
  },
);

export const FormulaTarget = Type.Object(
  {
    kind: kind('formula', 'Any function of the inputs.'),
    expression: Type.String({
      title: 'Expression',
      description: 'The target as an expression in the inputs of the model (x1, x2, … for a network; `x` too when there is one).',
      minLength: 1,
      maxLength: LIMITS.expressionLength,
    }),
  },
  { title: 'Formula', description: 'A target given by an expression in the inputs.', ...closed },
);

export const TargetSchema = byKind('Target', 'The target function f* that the model should recover.', [
  MatrixTarget,
  LowRankTarget,
  TeacherTarget,
  FormulaTarget,
  VectorTarget,
]);

export type NeuronConfig = Static<typeof Neuron>;
export type MatrixTargetConfig = Static<typeof MatrixTarget>;
export type LowRankTargetConfig = Static<typeof LowRankTarget>;
export type KernelConfig = Static<typeof Kernel>;
export type VectorTargetConfig = Static<typeof VectorTarget>;
export type TeacherTargetConfig = Static<typeof TeacherTarget>;
export type FormulaTargetConfig = Static<typeof FormulaTarget>;
export type TargetConfig = Static<typeof TargetSchema>;
