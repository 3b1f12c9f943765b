import { checkModelExperiment } from '../checks';
import { withDefaults } from '../defaults';
import { filled, resolveHessian, resolveInputs, resolveModel, resolveTarget } from '../resolve';
import type { ResolvedRecoveryExperiment, ResolvedTraining } from '../resolved';
import {
  RecoveryAnalysis,
  RecoveryData,
  RecoveryExpectations,
  RecoveryExperimentSchema,
  StopSchema,
  TrainingSchema,
  SearchSchema,
  VarySchema,
  type RecoveryExperimentFile,
  type TrainingConfig,
  type VaryConfig,
} from '../schema';
import { listSampleSizes, parameterCountOf } from '../sizes';
import { headOf, type ExperimentKind } from './kind';

function resolveTraining(training: TrainingConfig): ResolvedTraining {
  const { backend, ...rest } = training;
  return {
    ...filled(TrainingSchema, rest),
    stop: filled(StopSchema, training.stop ?? {}),
    ...(backend === undefined || backend === 'auto' ? {} : { backend }),
  } as ResolvedTraining;
}

export const recoveryKind: ExperimentKind<RecoveryExperimentFile, ResolvedRecoveryExperiment> = {
  schema: RecoveryExperimentSchema,
  check: checkModelExperiment,
  resolve: (file) => ({
    experiment: 'recovery',
    ...headOf(file),
    model: resolveModel(file.model),
    target: resolveTarget(file.target),
    data: {
      sampleSizes: listSampleSizes(file.data.sampleSizes),
      ...(file.data.search ? { search: filled(SearchSchema, file.data.search) } : {}),
      inputs: resolveInputs(file.model, file.data.inputs),
      testSamples: filled(RecoveryData, file.data).testSamples,
    },
    training: resolveTraining(file.training ?? {}),
    ...(file.vary ? { vary: withDefaults(VarySchema, file.vary) as VaryConfig } : {}),
    analysis: resolveAnalysis(file),
    expect: withDefaults(RecoveryExpectations, file.expect ?? {}) as ResolvedRecoveryExperiment['expect'],
  }),
};

function resolveAnalysis({ model, analysis }: RecoveryExperimentFile): ResolvedRecoveryExperiment['analysis'] {
  const { hessian, hessianEvery, ...rest } = filled(RecoveryAnalysis, analysis ?? {});
  const resolved = { ...rest, hessian: resolveHessian(hessian, parameterCountOf(model)) };
  // It has no default: spectra during training are asked for, or there are none.
  return analysis?.hessianEvery === undefined ? resolved : { ...resolved, hessianEvery };
}
