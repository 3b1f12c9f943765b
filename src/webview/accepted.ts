import type { AcceptedEvent } from '../protocol/events';
import type { RunRecord } from '../protocol/record';

/** The resolved experiment and its parts, as they come with the `accepted` event. */
export type Experiment = AcceptedEvent['config'];
export type RecoveryExperiment = Extract<Experiment, { experiment: 'recovery' }>;
/** An experiment about a model, a target function and samples. */
export type ModelExperiment = Extract<Experiment, { experiment: 'recovery' | 'rank' }>;
export type Model = ModelExperiment['model'];
export type Target = ModelExperiment['target'];
export type Inputs = ModelExperiment['data']['inputs'];

/** The experiment of a run, where it is about a model, a target function and samples. */
export function modelExperiment({ accepted }: Pick<RunRecord, 'accepted'>): ModelExperiment | undefined {
  const config = accepted?.config;
  return config?.experiment === 'recovery' || config?.experiment === 'rank' ? config : undefined;
}

/**
 * Whether a run is known to be told by its tables and figures alone: it is about something else, or about many models or
 * targets, so that it has neither ranks by sample size nor single trainings to show.
 */
export function isToldByTables(record: Pick<RunRecord, 'accepted'>): boolean {
  if (record.accepted === null) return false;
  const experiment = modelExperiment(record);
  return experiment === undefined || ('vary' in experiment && experiment.vary !== undefined);
}
