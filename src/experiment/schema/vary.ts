import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, count, kind, number } from './common';
import { ModelSchema } from './model';
import { LearningRateValue, Scale } from './training';
import { TargetSchema } from './target';

const MOST = 1000;

const NamedTarget = Type.Object(
  {
    name: Type.Optional(Type.String({ title: 'Name', description: 'How the target is called in results.', maxLength: 200 })),
    target: TargetSchema,
  },
  { title: 'Named target', description: 'A target function and its name.', ...closed },
);

const NamedModel = Type.Object(
  {
    name: Type.Optional(Type.String({ title: 'Name', description: 'How the model is called in results.', maxLength: 200 })),
    model: ModelSchema,
    target: Type.Optional(TargetSchema),
  },
  {
    title: 'Named model',
    description: 'A model and its name; with `target` where the same function has to be written in another way for it.',
    ...closed,
  },
);

const valuesOf = <T extends ReturnType<typeof number> | ReturnType<typeof count>>(items: T) =>
  Type.Array(items, { title: 'Values', description: 'One experiment for each.', minItems: 1, maxItems: MOST, uniqueItems: true });

export const VarySchema = byKind(
  'Vary',
  'Runs the experiment once for every value: a phase diagram over this and the sample size. Random numbers are shared by all values.',
  [
    Type.Object(
      {
        kind: kind('width', 'Hidden neurons, kernels of a convolution, or the inner dimension of a matrix factorization.'),
        values: valuesOf(count('Width', 'A width.', LIMITS.width)),
      },
      { title: 'Width', description: 'Free width: the optimistic sample size does not depend on it.', ...closed },
    ),
    Type.Object(
      { kind: kind('scale', 'Scale of the initialization.'), values: valuesOf(Scale) },
      { title: 'Scale', description: 'How small the initialization must be for recovery.', ...closed },
    ),
    Type.Object(
      { kind: kind('learningRate', 'Constant learning rate.'), values: valuesOf(LearningRateValue) },
      { title: 'Learning rate', description: 'How the result depends on the learning rate.', ...closed },
    ),
    Type.Object(
      {
        kind: kind('dropout', 'Rate at which hidden neurons are dropped in training.'),
        values: valuesOf(number('Rate', 'A rate; 0 is no dropout.', { minimum: 0, exclusiveMaximum: 1 })),
      },
      { title: 'Dropout', description: 'Training with and without dropout.', ...closed },
    ),
    Type.Object(
      {
        kind: kind('target', 'The target function.'),
        values: Type.Array(NamedTarget, {
          title: 'Values',
          description: 'One experiment for each.',
          minItems: 1,
          maxItems: MOST,
        }),
      },
      { title: 'Target', description: 'Which targets need more samples than others.', ...closed },
    ),
    Type.Object(
      {
        kind: kind('model', 'The model: for instance a convolution with weight sharing, without, and fully connected.'),
        values: Type.Array(NamedModel, {
          title: 'Values',
          description: 'One experiment for each.',
          minItems: 1,
          maxItems: MOST,
        }),
      },
      { title: 'Model', description: 'Which models need more samples than others for the same function.', ...closed },
    ),
  ],
);

export type VaryConfig = Static<typeof VarySchema>;
