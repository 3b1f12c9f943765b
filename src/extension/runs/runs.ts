import type { RunManager } from './runManager';

/** The runs of a window, as everything but the manager itself sees them. */
export type Runs = Pick<RunManager, keyof RunManager>;
