/** Files of a run folder. `summary.json` is there only when the run came to its end. */
export const RUN_FILES = {
  experiment: 'experiment.json',
  events: 'events.jsonl',
  summary: 'summary.json',
  report: 'report.html',
  journal: 'journal.jsonl',
} as const;

/** Folder of a run folder with the proofs of its ranks. */
export const CERTIFICATES = 'certificates';
