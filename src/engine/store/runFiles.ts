import { TRIALS_FILE } from '../../protocol/trials';

/** Files of a run folder. `summary.json` is there only when the run came to its end. */
export const RUN_FILES = {
  experiment: 'experiment.json',
  events: 'events.jsonl',
  summary: 'summary.json',
  report: 'report.html',
  journal: 'journal.jsonl',
  trials: TRIALS_FILE,
} as const;

/** Empty; there while a run is pinned in the editor. */
export const PIN_FILE = 'pinned';

/** Folder of a run folder with the proofs of its ranks. */
export const CERTIFICATES = 'certificates';
