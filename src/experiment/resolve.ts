import type { Static, TSchema } from '@sinclair/typebox';
import { withDefaults } from './defaults';
import type {
  ResolvedExperiment,
  ResolvedModel,
  ResolvedRankExperiment,
  ResolvedRecoveryExperiment,
  ResolvedTraining,
} from './resolved';
import {
  InputsSchema,
  ModelSchema,
  PointSchema,
  RankAnalysis,
  RankExpectations,
  RecoveryAnalysis,
  RecoveryData,
  RecoveryExpectations,
  StopSchema,
  TargetSchema,
  TrainingSchema,
  type ExperimentFile,
  type InputsConfig,
  type ModelConfig,
  type PointConfig,
  type RankExperimentFile,
  type RecoveryExperimentFile,
  type TargetConfig,
} from './schema';
import { listSampleSizes, matrixShapeOf } from './sizes';

/**
 * Fills in every default and lists the sample sizes, ascending. The file has passed every check: in particular its sizes are
 * within `LIMITS`.
 */
export function resolveExperiment(file: ExperimentFile): ResolvedExperiment {
  return file.experiment === 'recovery' ? resolveRecovery(file) : resolveRank(file);
}

function resolveRecovery(file: RecoveryExperimentFile): ResolvedRecoveryExperiment {
  const data = filled(RecoveryData, file.data);
  return {
    experiment: 'recovery',
    ...resolveCommon(file),
    data: {
      sampleSizes: listSampleSizes(file.data.sampleSizes),
      inputs: resolveInputs(file),
      testSamples: data.testSamples,
    },
    training: {
      ...filled(TrainingSchema, file.training ?? {}),
      stop: filled(StopSchema, file.training?.stop ?? {}),
    } as ResolvedTraining,
    analysis: filled(RecoveryAnalysis, file.analysis ?? {}),
    expect: withDefaults(RecoveryExpectations, file.expect ?? {}) as ResolvedRecoveryExperiment['expect'],
  };
}

function resolveRank(file: RankExperimentFile): ResolvedRankExperiment {
  const sizes = file.data?.sampleSizes;
  return {
    experiment: 'rank',
    ...resolveCommon(file),
    points: (file.points ?? []).map(resolvePoint),
    data: { sampleSizes: sizes === undefined ? [] : listSampleSizes(sizes), inputs: resolveInputs(file) },
    analysis: filled(RankAnalysis, file.analysis ?? {}),
    expect: withDefaults(RankExpectations, file.expect ?? {}) as ResolvedRankExperiment['expect'],
  };
}

function resolveCommon(file: ExperimentFile): { title: string; description: string; model: ResolvedModel; target: TargetConfig } {
  return {
    title: file.title ?? '',
    description: file.description ?? '',
    model: resolveModel(file.model),
    target: resolveTarget(file.target),
  };
}

function resolveModel(model: ModelConfig): ResolvedModel {
  const full = withDefaults(ModelSchema, model) as ModelConfig;
  if (full.kind !== 'matrixFactorization') return full as ResolvedModel;
  if (full.dimensions && full.dimensions.length > 3) return { kind: full.kind, dimensions: full.dimensions };
  return { kind: full.kind, ...matrixShapeOf(full) };
}

function resolveTarget(target: TargetConfig): TargetConfig {
  const full = withDefaults(TargetSchema, target) as TargetConfig;
  // Nothing is drawn when the neurons are given, so that a seed would only tell equal targets apart.
  if (full.kind === 'teacher' && (full.neurons || full.kernels)) delete full.seed;
  return full;
}

function resolveInputs({ model, data }: ExperimentFile): InputsConfig {
  const given = data?.inputs ?? { kind: model.kind === 'matrixFactorization' ? ('entries' as const) : ('normal' as const) };
  return withDefaults(InputsSchema, given) as InputsConfig;
}

/** A point without a name is called by its kind and its place in the list, from 1. */
function resolvePoint(point: PointConfig, index: number): PointConfig {
  const full = withDefaults(PointSchema, point) as PointConfig;
  return { ...full, name: full.name ?? `${full.kind} ${index + 1}` };
}

/** All optional properties of an object with a default are there. */
type Filled<T> = { [K in keyof T]-?: T[K] };

function filled<S extends TSchema>(schema: S, value: unknown): Filled<Static<S>> {
  return withDefaults(schema, value) as Filled<Static<S>>;
}
