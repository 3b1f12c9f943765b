import type { AcceptedEvent } from '../protocol/events';

/** The resolved experiment and its parts, as they come with the `accepted` event. */
export type Experiment = AcceptedEvent['config'];
export type RecoveryExperiment = Extract<Experiment, { experiment: 'recovery' }>;
export type Model = Experiment['model'];
export type Target = Experiment['target'];
