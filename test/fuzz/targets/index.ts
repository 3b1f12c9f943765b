import type { FuzzTarget } from '../target';
import { checkpointTarget } from './checkpoints';
import { eventStreamTarget } from './events';
import { experimentTextTarget, experimentValueTarget } from './experiments';
import { expressionTarget } from './expressions';
import { fromPanelTarget, toPanelTarget } from './panels';
import { runFolderTarget } from './runFolders';
import { weightsTarget } from './weights';

/** Everything that reads what others wrote, with its share of the inputs of a run. */
export const TARGETS: readonly { target: FuzzTarget; share: number }[] = [
  { target: experimentTextTarget as FuzzTarget, share: 0.12 },
  { target: experimentValueTarget as FuzzTarget, share: 0.12 },
  { target: eventStreamTarget as FuzzTarget, share: 0.16 },
  { target: fromPanelTarget, share: 0.16 },
  { target: toPanelTarget, share: 0.12 },
  { target: weightsTarget as FuzzTarget, share: 0.13 },
  { target: expressionTarget as FuzzTarget, share: 0.13 },
  { target: checkpointTarget as FuzzTarget, share: 0.02 },
  { target: runFolderTarget as FuzzTarget, share: 0.04 },
];
