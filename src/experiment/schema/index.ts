import type { RankExperimentFile } from './rank';
import type { RecoveryExperimentFile } from './recovery';

/** A file about a model, a target function and samples. */
export type ModelExperimentFile = RecoveryExperimentFile | RankExperimentFile;

export * from './analysis';
export { LIMITS } from './common';
export * from './data';
export * from './hessian';
export * from './model';
export * from './point';
export * from './published';
export * from './rank';
export * from './recovery';
export * from './target';
export * from './training';
export * from './vary';
