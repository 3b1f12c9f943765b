import type { ExperimentKindName, ExperimentOf } from './kinds';
import type {
  BackendName,
  ActivationConfig,
  CertifyConfig,
  DiagonalConfig,
  FormulaConfig,
  HessianEveryConfig,
  InitializationConfig,
  InputsConfig,
  OptimizerConfig,
  PerturbationConfig,
  PointConfig,
  PublishedConfig,
  RankExpectationsConfig,
  RecoveryExpectationsConfig,
  TargetConfig,
  VaryConfig,
} from './schema';

/**
 * An experiment with every default filled in and every range written out. It is what the engine runs, what
 * `experiment.json` holds and what the hash is taken of, so two files that mean the same have the same hash.
 */
export type ResolvedExperiment = ExperimentOf<ExperimentKindName>;

/** An experiment about a model, a target function and samples. Other kinds may have some of these, or none. */
export type ModelExperiment = ResolvedRecoveryExperiment | ResolvedRankExperiment;

export function isModelExperiment(experiment: ResolvedExperiment): experiment is ModelExperiment {
  return experiment.experiment === 'recovery' || experiment.experiment === 'rank';
}

/** The model of an experiment that has one. */
export function modelOf(experiment: ResolvedExperiment): ResolvedModel | undefined {
  return 'model' in experiment ? experiment.model : undefined;
}

export interface ResolvedMatrixFactorization {
  kind: 'matrixFactorization';
  rows: number;
  columns: number;
  inner: number;
}

/** W_L … W_1 of three factors or more; two factors are always rows, columns and inner. */
export interface ResolvedDeepFactorization {
  kind: 'matrixFactorization';
  /** d0, d1, …, dL. */
  dimensions: number[];
}

export interface ResolvedTwoLayer {
  kind: 'twoLayer';
  activation: ActivationConfig;
  inputs: number;
  width: number;
  hiddenBias: boolean;
  outputBias: boolean;
}

export interface ResolvedDeepNetwork {
  kind: 'deepNetwork';
  activation: ActivationConfig;
  inputs: number;
  widths: number[];
  outputs: number;
  bias: boolean;
}

export interface ResolvedConvolution {
  kind: 'convolution';
  activation: ActivationConfig;
  inputs: number | [number, number];
  kernel: number;
  kernels: number;
  sharing: boolean;
  hiddenBias: boolean;
}

export type ResolvedModel =
  | ResolvedMatrixFactorization
  | ResolvedDeepFactorization
  | ResolvedTwoLayer
  | FormulaConfig
  | DiagonalConfig
  | ResolvedDeepNetwork
  | ResolvedConvolution;

export interface ResolvedStop {
  trainLoss: number;
  steps: number;
  gradientNorm: number;
}

export interface ResolvedTraining {
  optimizer: OptimizerConfig;
  initialization: InitializationConfig;
  stop: ResolvedStop;
  /** Absent where nothing is dropped. */
  dropout?: number;
  /** Absent where neurons are dropped to the end. */
  dropoutSteps?: number;
  trials: number;
  /** Absent for 0. */
  firstTrial?: number;
  seed: number;
  /** Absent for `auto`, which changes no number and so must change no hash. */
  backend?: Exclude<BackendName, 'auto'>;
  /** Absent for `float64`. */
  precision?: 'float32';
}

/** What is measured without forming the Hessian; `count` eigenvalues at each end. */
export type ResolvedLargeHessian =
  { kind: 'extremal'; count: number } | { kind: 'density'; probes: number; steps: number; count: number };

export type ResolvedHessian = 'none' | 'full' | ResolvedLargeHessian;

export interface ResolvedRecoveryExperiment {
  experiment: 'recovery';
  title: string;
  description: string;
  published?: PublishedConfig[];
  model: ResolvedModel;
  target: TargetConfig;
  /** Where local recovery is taken besides the minimal representation; absent where there are none. */
  points?: ResolvedPoint[];
  data: {
    sampleSizes: number[];
    /** Absent where the whole grid is trained. */
    search?: { confidence: number };
    inputs: InputsConfig;
    testSamples: number;
  };
  training: ResolvedTraining;
  /** Absent where there is one experiment. */
  vary?: VaryConfig;
  analysis: {
    rank: boolean;
    hessian: ResolvedHessian;
    /** Absent: spectra at the solutions alone. */
    hessianEvery?: HessianEveryConfig;
    /** Absent where they are not asked for. */
    solutionSingularValues?: true;
    /** Absent where they are not asked for. */
    solutionParameters?: true;
    /** Absent where it is not asked for. */
    localRecovery?: ResolvedLocalRecovery;
    rankTolerance: number;
    certify: CertifyConfig;
    recoveryTolerance: number;
  };
  expect: RecoveryExpectationsConfig;
}

/** n*(X) over draws of the inputs, and fits from near the points. */
export interface ResolvedLocalRecovery {
  draws: number;
  perturbation?: Required<PerturbationConfig>;
}

/** Every model is taken with every target. */
export interface ResolvedRankFamily {
  models: ResolvedModel[];
  targets: TargetConfig[];
  connections: boolean;
  measure: boolean;
}

/** A point from a file. */
export interface ResolvedFilePoint {
  kind: 'file';
  name?: string;
  file: string;
  /** All parameters, in the order of the model; absent until the engine has read the file. */
  parameters?: number[];
  /** Of the file, in hexadecimal; comes with the parameters. */
  sha256?: string;
}

/** A point whose parameters stand in the experiment. */
export interface ResolvedGivenPoint {
  kind: 'given';
  name?: string;
  parameters: number[];
}

export type ResolvedPoint =
  Exclude<PointConfig, { file: string } | { parameters: number[] }> | ResolvedGivenPoint | ResolvedFilePoint;

export interface ResolvedRankExperiment {
  experiment: 'rank';
  title: string;
  description: string;
  published?: PublishedConfig[];
  model: ResolvedModel;
  target: TargetConfig;
  points: ResolvedPoint[];
  /** Absent in files without a family, so that they keep their hash. */
  family?: ResolvedRankFamily;
  /** `sampleSizes` is empty when no empirical ranks are asked for; `seed` drives random inputs. */
  data: { sampleSizes: number[]; inputs: InputsConfig };
  analysis: {
    rankTolerance: number;
    certify: CertifyConfig;
    localRecovery?: ResolvedLocalRecovery;
  };
  expect: RankExpectationsConfig;
}
