import { checkModelExperiment } from '../checks';
import { checkFamily } from '../checks/family';
import { checkLocalRecovery } from '../checks/localRecovery';
import { pointsOf } from '../checks/points';
import { withDefaults } from '../defaults';
import { filled, resolveInputs, resolveModel, resolvePoint, resolveTarget } from '../resolve';
import type { ResolvedRankExperiment, ResolvedRankFamily } from '../resolved';
import { RankAnalysis, RankExpectations, RankExperimentSchema, type RankExperimentFile, type RankFamilyConfig } from '../schema';
import { listSampleSizes } from '../sizes';
import { headOf, type ExperimentKind } from './kind';

export const rankKind: ExperimentKind<RankExperimentFile, ResolvedRankExperiment> = {
  schema: RankExperimentSchema,
  check(file, report) {
    checkModelExperiment(file, report);
    checkFamily(file, report);
    checkLocalRecovery(file, report);
  },
  resolve(file) {
    const sizes = file.data?.sampleSizes;
    return {
      experiment: 'rank',
      ...headOf(file),
      model: resolveModel(file.model),
      target: resolveTarget(file.target),
      points: pointsOf(file).map(({ point }, i) => resolvePoint(point, i)),
      ...(file.family ? { family: resolveFamily(file, file.family) } : {}),
      data: {
        sampleSizes: sizes === undefined ? [] : listSampleSizes(sizes),
        inputs: resolveInputs(file.model, file.data?.inputs),
      },
      analysis: filled(RankAnalysis, file.analysis ?? {}) as ResolvedRankExperiment['analysis'],
      expect: withDefaults(RankExpectations, file.expect ?? {}) as ResolvedRankExperiment['expect'],
    };
  },
};

function resolveFamily(file: RankExperimentFile, family: RankFamilyConfig): ResolvedRankFamily {
  return {
    models: (family.models ?? [file.model]).map(resolveModel),
    targets: (family.targets ?? [file.target]).map(resolveTarget),
    connections: family.connections ?? false,
    measure: family.measure ?? true,
  };
}
