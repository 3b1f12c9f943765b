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
  type ImbalanceConfig,
  type SeparationConfig,
} from '../schema/geometry';
import type { CertifyConfig, InputsConfig, TargetConfig } from '../schema';
import { listSampleSizes } from '../sizes';
import { headOf, type ExperimentKind, type ResolvedHead } from './kind';

/** Starts at given ratios, or as many random ones. */
export interface ResolvedImbalance extends Omit<Filled<ImbalanceConfig>, 'ratios' | 'randomStarts'> {
  ratios?: { from: number; to: number; count: number };
  randomStarts?: number;
}

export interface ResolvedGeometryExperiment extends ResolvedHead {
  experiment: 'geometry';
  model: ResolvedTwoLayer;
  target: TargetConfig;
  points: { name: string; parameters: number[] }[];
  /** `sampleSizes` is empty where the file leaves them to the thresholds. */
  data: { sampleSizes: number[]; inputs: InputsConfig; testSamples: number };
  /** Parts that are absent are not asked for. */
  analysis: {
    ranks: boolean;
    rankTolerance: number;
    certify: CertifyConfig;
    split: 'positive' | 'mixed';
    separation?: Filled<SeparationConfig>;
    separatedFraction?: Filled<FractionConfig>;
    /** Without a sample size every branch has its own threshold. */
    decay?: Omit<Filled<DecayConfig>, 'sampleSize'> & { sampleSize?: number };
  };
  imbalance?: ResolvedImbalance;
  seed: number;
  expect: GeometryExpectationsConfig;
}

export const geometryKind: ExperimentKind<GeometryExperimentFile, ResolvedGeometryExperiment> = {
  schema: GeometryExperimentSchema,
  check: checkGeometry,
  resolve(file) {
    const { ranks, rankTolerance, certify, split } = filled(GeometryAnalysis, file.analysis ?? {});
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
        certify,
        split,
        ...(separation ? { separation: filled(SeparationAnalysis, separation) } : {}),
        ...(separatedFraction ? { separatedFraction: filled(FractionAnalysis, separatedFraction) } : {}),
        ...(decay ? { decay: filled(DecayAnalysis, decay) } : {}),
      },
      ...(file.imbalance ? { imbalance: resolveImbalance(file.imbalance) } : {}),
      seed: file.seed ?? 1,
      expect: withDefaults(GeometryExpectations, file.expect ?? {}) as GeometryExpectationsConfig,
    };
  },
};

function resolveImbalance(study: ImbalanceConfig): ResolvedImbalance {
  // What has no default is filled in below, or stays away.
  const full = filled(ImbalanceStudy, study) as ResolvedImbalance;
  return study.randomStarts === undefined
    ? { ...full, ratios: filled(ImbalanceStudy.properties.ratios, study.ratios ?? {}) }
    : full;
}
