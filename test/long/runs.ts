import { groupRuns, matches, resultNames, verdictState, type RunEntry, type RunGroup } from '../../src/extension/tree/runEntry';
import { readStoredRun } from '../../src/extension/tree/storedRun';

/** What the view of runs makes of so many run folders, of twenty files: entries, groups by file, a filter. */
export function listRuns(count: number): { entries: RunEntry[]; groups: RunGroup[]; filtered: RunEntry[]; results: string[] } {
  const entries = Array.from({ length: count }, (_, i): RunEntry => {
    const name = `file-${i % 20}-0123abcd-20260101-${String(Math.floor(i / 3600) % 24).padStart(2, '0')}${String(Math.floor(i / 60) % 60).padStart(2, '0')}${String(i % 60).padStart(2, '0')}`;
    const run = readStoredRun({
      name,
      experiment: {
        hash: '0123abcd',
        engine: '1',
        experiment: { experiment: 'recovery', title: `Run ${i}`, training: { seed: i } },
      },
      summary: {
        results: { modelRank: 7, recoveredFrom: i % 50, cells: [] },
        verdicts: [{ result: i % 3 === 0 ? 'failed' : 'met' }],
      },
      lastEvent: undefined,
      writtenAt: i,
    });
    if (!run) throw new Error('A run folder was not read.');
    const folder = `file:///w/recovery-runs/${name}`;
    return {
      ...run,
      id: folder,
      folder,
      state: verdictState(run.verdicts),
      file: `file:///w/file-${i % 20}.recovery.json`,
      hasReport: true,
      pinned: i % 100 === 0,
      stale: false,
      progress: undefined,
    };
  });
  return {
    entries,
    groups: groupRuns(entries, 'result:recoveredFrom'),
    filtered: entries.filter((entry) => matches(entry, 'failed recoveredFrom=7')),
    results: resultNames(entries),
  };
}
