import { Type, type Static } from '@sinclair/typebox';
import { RecoveryAnalysis, RecoveryExpectations } from './analysis';
import { closed } from './common';
import { RecoveryData } from './data';
import { experimentHead } from './head';
import { ModelSchema } from './model';
import { PointSchema } from './point';
import { TargetSchema } from './target';
import { TrainingSchema } from './training';
import { VarySchema } from './vary';

export const RecoveryExperimentSchema = Type.Object(
  {
    ...experimentHead('recovery', 'Train at every sample size and see from which size on the target is recovered.'),
    model: ModelSchema,
    target: TargetSchema,
    points: Type.Optional(
      Type.Array(PointSchema, {
        title: 'Points',
        description: 'Further points at which `localRecovery` of the analysis is taken.',
        maxItems: 1000,
      }),
    ),
    data: RecoveryData,
    training: Type.Optional(TrainingSchema),
    vary: Type.Optional(VarySchema),
    analysis: Type.Optional(RecoveryAnalysis),
    expect: Type.Optional(RecoveryExpectations),
  },
  {
    title: 'Recovery experiment',
    description: 'Test error against sample size, with the optimistic sample size that the theory predicts.',
    ...closed,
  },
);

/** As written in a file: optional properties may be absent. */
export type RecoveryExperimentFile = Static<typeof RecoveryExperimentSchema>;
