import { Type, type Static } from '@sinclair/typebox';
import { LIMITS, byKind, closed, kind, number, seed } from './common';

const name = Type.Optional(
  Type.String({
    title: 'Name',
    description: 'How the point is called in results. Default: its kind and place in the list.',
    maxLength: 200,
  }),
);

export const PointSchema = byKind('Point', 'A parameter point at which the rank is taken.', [
  Type.Object(
    {
      kind: Type.Optional(kind('given', 'Parameters given one by one.')),
      name,
      parameters: Type.Array(Type.Number({ title: 'Parameter' }), {
        title: 'Parameters',
        description: 'All parameters, in the order of the model.',
        minItems: 1,
        maxItems: LIMITS.parameters,
      }),
    },
    {
      title: 'Given',
      description: 'An explicit point. `kind` may be left out.',
      skeleton: ['kind', 'parameters'],
      ...closed,
    },
  ),
  Type.Object(
    {
      kind: Type.Optional(kind('file', 'Parameters of a trained model, read from a file.')),
      name,
      file: Type.String({
        title: 'File',
        description:
          'A .npz, .npy, .safetensors or .json file with the parameters, relative to the folder of the experiment and inside of it.',
        minLength: 1,
        maxLength: 1000,
      }),
      parameters: Type.Optional(
        Type.Array(Type.Number({ title: 'Parameter' }), {
          title: 'Parameters',
          description: 'What stood in the file, as a run keeps it; where they are given, the file is not read.',
          minItems: 1,
          maxItems: LIMITS.parameters,
        }),
      ),
      sha256: Type.Optional(
        Type.String({
          title: 'SHA-256',
          description: 'Of the file, in hexadecimal; comes with the parameters.',
          pattern: '^[0-9a-f]{64}$',
        }),
      ),
    },
    {
      title: 'File',
      description: 'A point that PyTorch, JAX or NumPy wrote. `kind` may be left out.',
      skeleton: ['file'],
      ...closed,
    },
  ),
  Type.Object(
    {
      kind: kind('random', 'Independent normal parameters.'),
      name,
      scale: Type.Optional(number('Scale', 'Standard deviation.', { exclusiveMinimum: 0, maximum: 1e6, default: 1 })),
      seed: Type.Optional(seed('Seed of the point.')),
    },
    { title: 'Random', description: 'A random point of parameter space.', ...closed },
  ),
  Type.Object(
    { kind: kind('null', 'The target in the smallest net, all further neurons zero.'), name },
    { title: 'Null embedding', description: 'The null embedding of a minimal representation of the target.', ...closed },
  ),
  Type.Object(
    {
      kind: kind('splitting', 'The target in the smallest net, its neurons split into copies.'),
      name,
      seed: Type.Optional(seed('Seed of the way in which neurons are split.')),
    },
    { title: 'Splitting embedding', description: 'A splitting embedding of a minimal representation of the target.', ...closed },
  ),
  Type.Object(
    {
      kind: kind('compatible', 'The target in the smallest net, embedded in a random general way.'),
      name,
      seed: Type.Optional(seed('Seed of the embedding.')),
    },
    {
      title: 'Compatible embedding',
      description:
        'A general compatible embedding of a minimal representation of the target: neurons in random order, some zero, the others copies that share output weights unevenly, in deep networks differently for every receiver.',
      ...closed,
    },
  ),
]);

export type PointConfig = Static<typeof PointSchema>;
