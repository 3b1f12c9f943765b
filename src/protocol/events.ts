import type { JsonPath, Problem } from '../experiment/problem';
import type { ResolvedExperiment } from '../experiment/resolved';
import type { ExecutionConfig } from '../experiment/schema/execution';
import type { ResultFigure } from './figure';
import type { ResultsByKind, SampleSizeResult, SolutionSpectra } from './results';
import type { ResultTable } from './table';

export type * from './results';

/** Version of this protocol. A host that meets another one stops with words. */
export const PROTOCOL_VERSION = 1;

/** What the theory says before anything runs. */
export interface Prediction {
  /**
   * rank_f(f*), or an upper bound of it when `exact` is false; null when no result covers this model and target, or when the
   * experiment is about something else.
   */
  optimisticSampleSize: number | null;
  /** What is predicted where that is no optimistic sample size, in a few words: `52 branches, separated from n = 16`. */
  headline?: string;
  /** Of geometry experiments: sample sizes from which the first and the last branches, and then all zeros of the loss, are separated. */
  thresholds?: { firstSeparated: number; lastSeparated: number; everything: number };
  exact: boolean;
  /** The formula with its numbers, for instance `r(d1 + d2 − r) = 1·(4 + 4 − 1) = 7`. */
  formula: string;
  /** Paper and theorem, or why there is no prediction. */
  source: string;
  /** Number of parameters M of the model; null for experiments without one. */
  parameters: number | null;
}

/** What became of proving a rank, at exactly the float64 parameters and inputs that it was measured at. */
export interface CertifiedBounds {
  /** certified: both bounds agree. certifiedLowerBound: rank ≥ `rank` is proven. inconclusive: nothing is. */
  status: 'certified' | 'certifiedLowerBound' | 'inconclusive';
  /** Proven: the rank is at least this. */
  rank: number;
  /** The rank is at most this, because of `upperBoundSource`. */
  upperBound: number;
  upperBoundSource: string;
  /** Fractional bits of the numbers that the proof was made in; 0 for elimination over the integers, or no proof. */
  bits: number;
  /** Number of singular values above the tolerance, before anything was proven. */
  float64Rank: number;
  /** In words: what was proven, or why nothing was. */
  reasons: string[];
  /** Name of the file in the folder `certificates` of the run that proves it. */
  certificate?: string;
}

/** A rank never travels without what makes it trustworthy. */
export interface RankMeasurement {
  /** Number of singular values above the tolerance; where it is certified, the proven rank. */
  rank: number;
  /** Cut, relative to the largest singular value. */
  tolerance: number;
  /** σ_rank / σ_{rank+1}, with σ_{rank+1} not below rounding: how clear the cut is. */
  gap: number;
  /** False when the gap is below 100 or values lie between rounding and the cut: the rank is then a guess, unless it is certified. */
  conclusive: boolean;
  /** All singular values of the (column-normalised) tangent matrix, largest first. */
  singularValues: number[];
  /** Shape of the matrix. */
  rows: number;
  columns: number;
  /** Where a proof was tried. Tolerance, gap and singular values stay those of float64. */
  certified?: CertifiedBounds;
}

/** A number from random vectors, with the standard deviation that their spread gives it. */
export interface StochasticValue {
  value: number;
  standardError: number;
}

/** A smoothed density of eigenvalues, of integral 1, on a grid. */
export interface SpectrumDensity {
  /** Ascending; the lists have the same length. */
  eigenvalues: number[];
  values: number[];
  /** From the spread over the probes. */
  standardErrors: number[];
  /** Difference to the same with three quarters of the Lanczos steps: what the steps leave open. */
  quadratureErrors: number[];
  /** Standard deviation of the Gaussian that smooths it. */
  width: number;
  probes: number;
  steps: number;
}

/** Eigenvalues with the error bound that makes them trustworthy. */
export interface SpectrumMeasurement {
  /** Which eigenvalues were taken; all of them (`full`) when absent. */
  kind?: 'full' | 'extremal' | 'density';
  /** Ascending; all, or those of both ends. */
  eigenvalues: number[];
  /** Largest ‖Hv − λv‖ over all eigenpairs, divided by the largest |λ|. */
  residual: number;
  converged: boolean;
  /** Number of rows of the matrix, where not all eigenvalues were taken. */
  size?: number;
  /** How many of `eigenvalues` are of the lower end, where not all were taken. */
  lower?: number;
  /** ‖Hv − λv‖ of each, where not all were taken. */
  residuals?: number[];
  /** Whether each converged, where not all were taken. */
  convergedEach?: boolean[];
  /** Products with the Hessian that all of it took. */
  products?: number;
  density?: SpectrumDensity;
  trace?: StochasticValue;
}

/** What is told of a spectrum where there is no room for all of it. */
export interface SpectrumFacts {
  smallest: number;
  largest: number;
  residual: number;
  converged: boolean;
}

/** time and stalled are of gradient flows alone; a flow that stalled could not meet its tolerances any more. */
export type StopReason = 'trainLoss' | 'gradientNorm' | 'steps' | 'time' | 'stalled' | 'diverged' | 'cancelled';

/** Coordinates of a cell in the grid of a recovery experiment. */
export interface CellKey {
  sampleSize: number;
  /** From 0. */
  trial: number;
}

/** What integrating a gradient flow took, and how well it kept what the exact flow keeps. */
export interface FlowMeasurement {
  /** Where the flow ended; k steps of gradient descent at rate η correspond to time k·η. */
  time: number;
  /** Evaluations of the gradient. */
  gradients: number;
  /** Forward passes besides. */
  losses: number;
  /** Hessians; for large models, points at which Hessian-vector products were taken. */
  hessians: number;
  hessianProducts: number;
  /** LU or Cholesky factorizations of dense matrices; for large models, preparations of the iterative solver. */
  factorizations: number;
  /** Steps that the error test refused. */
  rejections: number;
  newtonFailures: number;
  /** Whether the loss never rose by more than the tolerances account for. */
  monotone: boolean;
  /** Largest rise of the loss in one step; 0 when it never rose, null when it overflowed. */
  largestRise: number | null;
  /** Quantities that the exact flow conserves, with their largest change. */
  conserved: { name: string; largestDrift: number | null }[];
  /** Why the integrator could not go on, when it stalled. */
  failure?: string;
  /** Levenberg–Marquardt after the flow: loss and solution of the cell are then no longer those of the flow. */
  polish?: {
    /** Loss at the end of the flow. */
    flowLoss: number;
    iterations: number;
    /** Euclidean distance from the end of the flow. */
    distance: number;
  };
}

/** One training. Numbers depend on the experiment, the cell and the engine version alone. */
export interface CellResult extends CellKey {
  /** Null when training diverged: a number that happens to be large is not a result. */
  trainLoss: number | null;
  testError: number | null;
  steps: number;
  stopReason: StopReason;
  recovered: boolean;
  gradientNorm: number | null;
  /** Rank of the training-input tangent matrix at the target's minimal representation, where there is one. */
  empiricalRank?: RankMeasurement;
  /** Whether it equals the model rank there; null when either rank is inconclusive. */
  linearlyStable?: boolean | null;
  /** Rank at the solution that training found, over probe inputs. */
  solutionRank?: RankMeasurement;
  /** Of matrix factorizations, where it is asked for. */
  solutionSpectra?: SolutionSpectra;
  /** Hessian of the training loss at the solution. */
  hessian?: SpectrumMeasurement;
  /** In its place where eigenvalues are left out. */
  hessianFacts?: SpectrumFacts;
  /** Only of gradient flows, whose steps are those of the integrator. */
  flow?: FlowMeasurement;
}

export interface Verdict {
  /** Which expectation: `modelRank`, `recoveredFrom`, `medianTestError[0]`, … */
  id: string;
  result: 'met' | 'failed' | 'inconclusive';
  /** What came out; lists and objects as text. */
  value: number | string | boolean | null;
  expected: number | string | boolean;
  reasons: string[];
  /** Where the expectation stands in the experiment. */
  at: JsonPath;
}

/** Experiment and results belong together: who knows the kind knows the results. */
export type Summary = { [K in keyof ResultsByKind]: SummaryOf<K> }[keyof ResultsByKind];

export interface SummaryOf<K extends keyof ResultsByKind> {
  experiment: K;
  title: string;
  hash: string;
  engine: string;
  /** What trained, only where its numbers are not reproducible to the last bit; else speed is all that it decides. */
  backend?: string;
  predictions: Prediction;
  results: ResultsByKind[K];
  verdicts: Verdict[];
}

export type Phase = 'preparing' | 'training' | 'measuring' | 'judging' | 'writing';

export interface HelloEvent {
  type: 'hello';
  protocol: number;
  engine: string;
  pid: number;
}

export interface AcceptedEvent {
  type: 'accepted';
  config: ResolvedExperiment;
  hash: string;
  seed: number;
  /** Number of trainings. */
  cells: number;
  workers: number;
  /** What takes the steps of trainings, such as `native (AVX2)`; absent where nothing takes steps. */
  backend?: string;
  predictions: Prediction;
  /** Absolute path of the run folder; null when nothing is written. */
  runFolder: string | null;
  /**
   * Of a run that goes on: jobs that earlier sessions finished, lines of its journal that are not what was written, and jobs that were saved
   * on their way, where there are some.
   */
  resumed?: { jobs: number; damaged: number; checkpoints?: number };
}

export interface PhaseEvent {
  type: 'phase';
  phase: Phase;
}

export interface ProgressEvent {
  type: 'progress';
  /** Cells finished. */
  done: number;
  total: number;
  /** Optimizer steps taken so far, over all cells. */
  steps: number;
  elapsedMs: number;
  /** Null until it can be told. */
  remainingMs: number | null;
  /** Points of loss curves that came too fast and are lost; absent when there are none. */
  droppedPoints?: number;
}

/** New points of one training's loss curve. A cell's curve is its points in order of arrival. */
export interface CurveEvent extends CellKey {
  type: 'curve';
  /** Step numbers, logarithmically thinned; same length as losses. */
  steps: number[];
  losses: number[];
  /** Flow times of the points, of gradient flows alone. */
  times?: number[];
}

/** A rank that belongs to the experiment and not to a cell: at the minimal representation, at a point, for a sample size. */
export interface RankEvent {
  type: 'rank';
  name: string;
  measurement: RankMeasurement;
}

/** Hessian spectrum of a cell: at its solution, or with `step` before that step of its training. */
export interface SpectrumEvent extends CellKey {
  type: 'spectrum';
  measurement: SpectrumMeasurement;
  step?: number;
  /** Flow time there, of gradient flows alone. */
  time?: number;
}

export interface CellEvent {
  type: 'cell';
  cell: CellResult;
}

/** Aggregate of a sample size, sent again whenever one of its cells has finished. */
export interface SampleSizeEvent {
  type: 'sampleSize';
  result: SampleSizeResult;
}

/** A table of a study's results, replacing the one with the same id. */
export interface TableEvent {
  type: 'table';
  table: ResultTable;
}

/** A picture of a study's results, replacing the one with the same id. */
export interface FigureEvent {
  type: 'figure';
  figure: ResultFigure;
}

export interface VerdictEvent {
  type: 'verdict';
  verdict: Verdict;
}

export interface FinishedEvent {
  type: 'finished';
  exitCode: number;
  elapsedMs: number;
  summary: Summary;
  /** Absolute path of the HTML report; null when none was written. */
  report: string | null;
}

export interface FailedEvent {
  type: 'failed';
  /** Stable: `invalid-experiment`, `cancelled`, `run-folder`, `disk-full`, `internal`, … */
  code: string;
  message: string;
  exitCode: number;
  at?: { path: JsonPath; line?: number; column?: number };
  /** All that is wrong with an invalid experiment, errors first. */
  problems?: Problem[];
}

/** Everything the engine says, one JSON object a line. The stream is also the file `events.jsonl` of a run. */
export type EngineEvent =
  | HelloEvent
  | AcceptedEvent
  | PhaseEvent
  | ProgressEvent
  | CurveEvent
  | RankEvent
  | SpectrumEvent
  | CellEvent
  | SampleSizeEvent
  | TableEvent
  | FigureEvent
  | VerdictEvent
  | FinishedEvent
  | FailedEvent;

/** How a cluster is to be used, as far as somebody said so: what a file may say, and what only a person may. */
export interface ClusterChoice extends ExecutionConfig {
  /** Jobs of a task, instead of as many as take `chunkMinutes`. */
  chunkJobs?: number;
  /** Shell lines before the engine starts in a task. They are never taken from an experiment file or a run folder. */
  setup?: readonly string[];
  /** The Node.js that tasks run; default: the one that runs the engine. */
  node?: string;
  /** Seconds between two questions to Slurm. */
  pollSeconds?: number;
  /** Folder on the nodes for `scratch`, instead of the one that a node says; not taken from a file or a run folder either. */
  scratchFolder?: string;
}

/** Where jobs run: here, on a cluster, or undefined where a run was begun, and a new one here. */
export interface ExecutorChoice {
  executor?: 'local' | 'slurm';
  slurm?: ClusterChoice;
}

/** Everything a host says to the engine on stdin, one JSON object a line. A closed stdin means cancel, but for tasks of a cluster. */
export type EngineCommand =
  | ({
      type: 'start';
      text: string;
      fileName: string;
      workers?: number;
      checkpointSeconds?: number;
      outFolder?: string | null;
    } & ExecutorChoice)
  | ({ type: 'resume'; runFolder: string; workers?: number; checkpointSeconds?: number } & ExecutorChoice)
  | { type: 'cancel' };

/** Whether an event is what charts and tables of results are drawn from. */
export function isResult({ type }: EngineEvent): boolean {
  return type === 'sampleSize' || type === 'table' || type === 'figure';
}
