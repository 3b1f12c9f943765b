import { checkGeometry } from '../checks/geometry';
import { withDefaults } from '../defaults';
import { filled, resolveInputs, resolveModel, resolveTarget, type Filled } from '../resolve';
import type { ResolvedTwoLayer } from '../resolved';
import {
  DecayAnalysis,
  FractionAnalysis,
  GeometryAnalysis,
  GeometryData,
  GeometryExpectations,
  GeometryExperimentSchema,
  ImbalanceStudy,
  SeparationAnalysis,
  type DecayConfig,
  type FractionConfig,
  type GeometryExpectationsConfig,
  type GeometryExperimentFile,
  type SeparationConfig,
} from '../schema/geometry';
import type { InputsConfig, TargetConfig } from '../schema';
import { listSampleSizes } from '../sizes';
import { headOf, type ExperimentKind, type ResolvedHead } from './kind';

/** Where small starts begin: at given ratios of their growth coefficients, or anywhere. */
export type ResolvedStarts = { kind: 'ratios'; from: number; to: number; count: number } | { kind: 'random'; count: number };

export interface ResolvedImbalance {
  starts: ResolvedStarts;
  scales: number[];
  dataSets: number;
  trainLoss: number;
  time: number;
  recoveryTolerance: number;
  condensation: number;
}

export interface ResolvedGeometryExperiment extends ResolvedHead {
  experiment: 'geometry';
  model: ResolvedTwoLayer;
  target: TargetConfig;
  points: { name: string; parameters: number[] }[];
  /** `sampleSizes` is empty where the file leaves them to the thresholds. */
  data: { sampleSizes: number[]; inputs: InputsConfig; testSamples: number };
  /** Parts that are null are not asked for. */
  analysis: {
    ranks: boolean;
    rankTolerance: number;
    split: 'positive' | 'mixed';
    separation: Filled<SeparationConfig> | null;
    separatedFraction: Filled<FractionConfig> | null;
    /** `sampleSize` 0 stands for the threshold of each branch. */
    decay: Filled<DecayConfig> | null;
  };
  imbalance: ResolvedImbalance | null;
  seed: number;
  expect: GeometryExpectationsConfig;
}

export const geometryKind: ExperimentKind<GeometryExperimentFile, ResolvedGeometryExperiment> = {
  schema: GeometryExperimentSchema,
  check: checkGeometry,
  resolve(file) {
    const { ranks, rankTolerance, split } = filled(GeometryAnalysis, file.analysis ?? {});
    const { separation, separatedFraction, decay } = file.analysis ?? {};
    const sizes = file.data?.sampleSizes;
    return {
      experiment: 'geometry',
      ...headOf(file),
      // The check has refused every other model.
      model: resolveModel(file.model) as ResolvedTwoLayer,
      target: resolveTarget(file.target),
      points: (file.points ?? []).map(({ name, parameters }, index) => ({ name: name ?? `point ${index + 1}`, parameters })),
      data: {
        sampleSizes: sizes === undefined ? [] : listSampleSizes(sizes),
        inputs: resolveInputs(file.model, file.data?.inputs),
        testSamples: filled(GeometryData, file.data ?? {}).testSamples,
      },
      analysis: {
        ranks,
        rankTolerance,
        split,
        separation: separation ? filled(SeparationAnalysis, separation) : null,
        separatedFraction: separatedFraction ? filled(FractionAnalysis, separatedFraction) : null,
        decay: decay ? { ...filled(DecayAnalysis, decay), sampleSize: decay.sampleSize ?? 0 } : null,
      },
      imbalance: file.imbalance ? resolveImbalance(file.imbalance) : null,
      seed: file.seed ?? 1,
      expect: withDefaults(GeometryExpectations, file.expect ?? {}) as GeometryExpectationsConfig,
    };
  },
};

function resolveImbalance(study: NonNullable<GeometryExperimentFile['imbalance']>): ResolvedImbalance {
  const { scales, dataSets, trainLoss, time, recoveryTolerance, condensation } = filled(ImbalanceStudy, study);
  const starts: ResolvedStarts =
    study.randomStarts === undefined
      ? { kind: 'ratios', ...filled(ImbalanceStudy.properties.ratios, study.ratios ?? {}) }
      : { kind: 'random', count: study.randomStarts };
  return { starts, scales, dataSets, trainLoss, time, recoveryTolerance, condensation };
}
