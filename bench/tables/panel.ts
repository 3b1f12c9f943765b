import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { duration } from '../harness/markdown';
import type { Report } from '../harness/report';
import { median } from '../harness/statistics';

const LIMIT = 0.5;

/** Milliseconds after the press of the button: a line of ../workbench/firstPoint.mjs. */
interface Seen {
  state: number;
  result: number;
}

/** What somebody waits for who presses Run in a served VS Code. */
export function panel(report: Report, quick: boolean): Promise<void> {
  report.section(
    'After a press of Run',
    'In a served VS Code, in Chromium without a screen, on this machine: from the press of the mouse button on the lens to the panel, and to the first point in its first chart. The first run opens everything for the first time; `others` are those after it, each in a new panel, with a new engine.',
  );
  const script = path.join(process.env.BENCH_ROOT ?? 'bench', 'workbench', 'firstPoint.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, quick ? '3' : '16'], { encoding: 'utf8' });
  if (status !== 0) {
    report.note(`Left out: ${stderr.trim().split('\n').at(-1)}`);
    return Promise.resolve();
  }
  const [first, ...others] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Seen);
  const row = (name: string, pick: (seen: Seen) => number) => {
    const times = others.map((seen) => pick(seen) / 1000);
    return [name, ...[pick(first) / 1000, median(times), Math.min(...times), Math.max(...times)].map(duration)];
  };
  report.table(
    ['seen', 'first run', 'median of others', 'best', 'worst'],
    [row('panel with the state of the run', ({ state }) => state), row('first point', ({ result }) => result)],
  );
  report.goalBelow('first point', median(others.map(({ result }) => result / 1000)), LIMIT, duration);
  return Promise.resolve();
}
