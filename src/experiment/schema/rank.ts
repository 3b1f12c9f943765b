import { Type, type Static } from '@sinclair/typebox';
import { RankAnalysis, RankExpectations } from './analysis';
import { closed, flag } from './common';
import { RankData } from './data';
import { experimentHead } from './head';
import { ModelSchema } from './model';
import { PointSchema } from './point';
import { TargetSchema } from './target';

export const RankFamily = Type.Object(
  {
    models: Type.Optional(
      Type.Array(ModelSchema, {
        title: 'Models',
        description: 'Models of the table: widths, depths, shapes. Default: the model of the experiment.',
        minItems: 1,
        maxItems: 200,
      }),
    ),
    targets: Type.Optional(
      Type.Array(TargetSchema, {
        title: 'Targets',
        description: 'Targets of the table; every model is taken with every target. Default: the target of the experiment.',
        minItems: 1,
        maxItems: 200,
      }),
    ),
    connections: Type.Optional(
      flag(
        'Connections',
        'Whether each convolution is also taken without weight sharing and fully connected, at the same target.',
        false,
      ),
    ),
    measure: Type.Optional(
      flag(
        'Measure',
        'Whether ranks are measured beside the formulas: at the minimal representation, where the tangent matrix is small enough.',
        true,
      ),
    ),
  },
  {
    title: 'Family',
    description: 'A table of model ranks over several models and targets at once: the rank stratification.',
    ...closed,
  },
);

export const RankExperimentSchema = Type.Object(
  {
    ...experimentHead(
      'rank',
      'The rank of the model at the target and at chosen points, and local recovery there; no training from scratch.',
    ),
    model: ModelSchema,
    target: TargetSchema,
    point: Type.Optional({
      ...PointSchema,
      description: 'A further point at which the rank is taken: `points` with it alone.',
    }),
    points: Type.Optional(
      Type.Array(PointSchema, { title: 'Points', description: 'Further points at which the rank is taken.', maxItems: 1000 }),
    ),
    family: Type.Optional(RankFamily),
    data: Type.Optional(RankData),
    analysis: Type.Optional(RankAnalysis),
    expect: Type.Optional(RankExpectations),
  },
  { title: 'Rank experiment', description: 'Model rank by formula and by numbers.', ...closed },
);

export type RankFamilyConfig = Static<typeof RankFamily>;

/** As written in a file: optional properties may be absent. */
export type RankExperimentFile = Static<typeof RankExperimentSchema>;
