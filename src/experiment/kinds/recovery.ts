import { checkModelExperiment } from '../checks';
import { checkLocalRecovery } from '../checks/localRecovery';
import { withDefaults } from '../defaults';
import { filled, resolveHessian, resolveInputs, resolveModel, resolvePoint, resolveTarget } from '../resolve';
import type { ResolvedLocalRecovery, ResolvedRecoveryExperiment, ResolvedTraining } from '../resolved';
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
  const { backend, precision, firstTrial = 0, ...rest } = training;
  return {
    ...filled(TrainingSchema, rest),
    stop: filled(StopSchema, training.stop ?? {}),
    ...(backend === undefined || backend === 'auto' ? {} : { backend }),
    ...(precision === 'float32' ? { precision } : {}),
    ...(firstTrial > 0 ? { firstTrial } : {}),
  } as ResolvedTraining;
}

export const recoveryKind: ExperimentKind<RecoveryExperimentFile, ResolvedRecoveryExperiment> = {
  schema: RecoveryExperimentSchema,
  check(file, report) {
    checkModelExperiment(file, report);
    checkLocalRecovery(file, report);
  },
  resolve: (file) => ({
    experiment: 'recovery',
    ...headOf(file),
    model: resolveModel(file.model),
    target: resolveTarget(file.target),
    ...(file.points?.length ? { points: file.points.map(resolvePoint) } : {}),
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
  const { hessian, hessianEvery, solutionSingularValues, solutionParameters, localRecovery, ...rest } = filled(
    RecoveryAnalysis,
    analysis ?? {},
  );
  return {
    ...rest,
    hessian: resolveHessian(hessian, parameterCountOf(model)),
    // These are asked for, or they are not there.
    ...(analysis?.hessianEvery === undefined ? {} : { hessianEvery }),
    ...(solutionSingularValues ? { solutionSingularValues: true as const } : {}),
    ...(solutionParameters ? { solutionParameters: true as const } : {}),
    ...(analysis?.localRecovery ? { localRecovery: localRecovery as ResolvedLocalRecovery } : {}),
  };
}
