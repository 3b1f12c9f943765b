import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { duration } from '../harness/markdown';
import type { Report } from '../harness/report';
import { median } from '../harness/statistics';

const LIMIT = 0.5;

/** Milliseconds after the press of the button: a line of ../workbench/firstPoint.mjs. */
interface Seen {
  /** Whether a panel had to be opened. */
  isNew: boolean;
  state: number;
  result: number;
}

/** What somebody waits for who presses Run in a served VS Code. */
export function panel(report: Report, quick: boolean): Promise<void> {
  report.section(
    'After a press of Run',
    'In a served VS Code, in Chromium without a screen, on this machine: from the press of the mouse button on the lens to the panel, and to the first point in its first chart. The first run opens everything for the first time; of those after it every other one has the panel that is there. An engine waits for each of them, as for somebody who looks at the file for three seconds.',
  );
  const script = path.join(process.env.BENCH_ROOT ?? 'bench', 'workbench', 'firstPoint.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, quick ? '3' : '16'], { encoding: 'utf8' });
  if (status !== 0) {
    report.note(`Left out: ${stderr.trim().split('\n').at(-1)}`);
    return Promise.resolve();
  }
  const [first, ...later] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Seen);
  const row = (name: string, runs: readonly Seen[], pick: (seen: Seen) => number) => {
    const times = runs.map((seen) => pick(seen) / 1000);
    return [name, ...[median(times), Math.min(...times), Math.max(...times)].map(duration)];
  };
  const points = ({ result }: Seen) => result;
  const [opening, open] = [true, false].map((isNew) => later.filter((seen) => seen.isNew === isNew));
  report.table(
    ['seen', 'median', 'best', 'worst'],
    [
      row('first run: first point', [first], points),
      row('new panel: state of the run', opening, ({ state }) => state),
      row('new panel: first point', opening, points),
      row('panel that is there: state of the run', open, ({ state }) => state),
      row('panel that is there: first point', open, points),
    ],
  );
  for (const [name, runs] of [
    ['first point, new panel', opening],
    ['first point, panel that is there', open],
  ] as const)
    report.goalBelow(name, median(runs.map(points)) / 1000, LIMIT, duration);
  return Promise.resolve();
}
