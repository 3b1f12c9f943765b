import type { GeometryResults } from './geometry';
import type { IndependenceResults } from './independence';
import type { OverlapResults } from './overlap';
import type { LiftingResults } from './lifting';
import type { RankResults } from './rank';
import type { RecoveryResults } from './recovery';
import type { RepopulationResults } from './repopulation';

/** What a summary holds as `results`, by the kind of its experiment. */
export interface ResultsByKind {
  recovery: RecoveryResults;
  rank: RankResults;
  geometry: GeometryResults;
  independence: IndependenceResults;
  overlap: OverlapResults;
  lifting: LiftingResults;
  repopulation: RepopulationResults;
}

export type ExperimentResults = ResultsByKind[keyof ResultsByKind];

export type * from './geometry';
export type * from './independence';
export type * from './overlap';
export type * from './lifting';
export type * from './rank';
export type * from './rankTable';
export type * from './recovery';
export type * from './parameters';
export type * from './solutions';
export type * from './variants';
export type * from './repopulation';
