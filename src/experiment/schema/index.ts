import { Type, type Static } from '@sinclair/typebox';
import { RankAnalysis, RankExpectations, RecoveryAnalysis, RecoveryExpectations } from './analysis';
import { closed, text } from './common';
import { RankData, RecoveryData } from './data';
import { ModelSchema } from './model';
import { PointSchema } from './point';
import { TargetSchema } from './target';
import { TrainingSchema } from './training';

const title = Type.Optional(text('Title', 'Shown in panels and reports.'));
const description = Type.Optional(text('Description', 'Free text: paper, figure, what to expect.'));
const $schema = Type.Optional(text('JSON schema', 'Ignored; editors use it.'));

export const RecoveryExperimentSchema = Type.Object(
  {
    $schema,
    experiment: Type.Literal('recovery', {
      title: 'recovery',
      description: 'Train at every sample size and see from which size on the target is recovered.',
    }),
    title,
    description,
    model: ModelSchema,
    target: TargetSchema,
    data: RecoveryData,
    training: Type.Optional(TrainingSchema),
    analysis: Type.Optional(RecoveryAnalysis),
    expect: Type.Optional(RecoveryExpectations),
  },
  {
    title: 'Recovery experiment',
    description: 'Test error against sample size, with the optimistic sample size that the theory predicts.',
    ...closed,
  },
);

export const RankExperimentSchema = Type.Object(
  {
    $schema,
    experiment: Type.Literal('rank', {
      title: 'rank',
      description: 'The rank of the model at the target and at chosen points; trains nothing.',
    }),
    title,
    description,
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

/** The one source of the file format: the types, the validator and the JSON schema all come from here. */
export const ExperimentSchema = Type.Union([RecoveryExperimentSchema, RankExperimentSchema], {
  $id: 'recovery-experiment',
  title: 'Recovery Lab experiment',
  description: 'An experiment on when a nonlinear model recovers its target function.',
  discriminator: { propertyName: 'experiment' },
});

/** An experiment as written in a file: optional properties may be absent. */
export type RecoveryExperimentFile = Static<typeof RecoveryExperimentSchema>;
export type RankExperimentFile = Static<typeof RankExperimentSchema>;
export type ExperimentFile = Static<typeof ExperimentSchema>;

export * from './analysis';
export { LIMITS } from './common';
export * from './data';
export * from './model';
export * from './point';
export * from './target';
export * from './training';
