import { Type, type Static } from '@sinclair/typebox';
import { RankAnalysis, RankExpectations } from './analysis';
import { closed } from './common';
import { RankData } from './data';
import { experimentHead } from './head';
import { ModelSchema } from './model';
import { PointSchema } from './point';
import { TargetSchema } from './target';

export const RankExperimentSchema = Type.Object(
  {
    ...experimentHead('rank', 'The rank of the model at the target and at chosen points; trains nothing.'),
    model: ModelSchema,
    target: TargetSchema,
    points: Type.Optional(
      Type.Array(PointSchema, { title: 'Points', description: 'Further points at which the rank is taken.', maxItems: 1000 }),
    ),
    data: Type.Optional(RankData),
    analysis: Type.Optional(RankAnalysis),
    expect: Type.Optional(RankExpectations),
  },
  { title: 'Rank experiment', description: 'Model rank by formula and by numbers.', ...closed },
);

/** As written in a file: optional properties may be absent. */
export type RankExperimentFile = Static<typeof RankExperimentSchema>;
