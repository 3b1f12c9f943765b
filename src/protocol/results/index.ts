import type { GeometryResults } from './geometry';
import type { RankResults } from './rank';
import type { RecoveryResults } from './recovery';

/** What a summary holds as `results`, by the kind of its experiment. */
export interface ResultsByKind {
  recovery: RecoveryResults;
  rank: RankResults;
  geometry: GeometryResults;
}

export type ExperimentResults = ResultsByKind[keyof ResultsByKind];

export type * from './geometry';
export type * from './rank';
export type * from './recovery';
