import { checkModelExperiment } from '../checks';
import { withDefaults } from '../defaults';
import { filled, resolveInputs, resolveModel, resolvePoint, resolveTarget } from '../resolve';
import type { ResolvedRankExperiment } from '../resolved';
import { RankAnalysis, RankExpectations, RankExperimentSchema, type RankExperimentFile } from '../schema';
import { listSampleSizes } from '../sizes';
import { headOf, type ExperimentKind } from './kind';

export const rankKind: ExperimentKind<RankExperimentFile, ResolvedRankExperiment> = {
  schema: RankExperimentSchema,
  check: checkModelExperiment,
  resolve(file) {
    const sizes = file.data?.sampleSizes;
    return {
      experiment: 'rank',
      ...headOf(file),
      model: resolveModel(file.model),
      target: resolveTarget(file.target),
      points: (file.points ?? []).map(resolvePoint),
      data: {
        sampleSizes: sizes === undefined ? [] : listSampleSizes(sizes),
        inputs: resolveInputs(file.model, file.data?.inputs),
      },
      analysis: filled(RankAnalysis, file.analysis ?? {}),
      expect: withDefaults(RankExpectations, file.expect ?? {}) as ResolvedRankExperiment['expect'],
    };
  },
};
