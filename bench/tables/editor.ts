import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseExperiment } from '../../src/experiment';
import { factsOf } from '../../src/extension/experiments/facts';
import { askTheory } from '../../src/extension/theory/theoryAnswer';
import { duration } from '../harness/markdown';
import type { Report } from '../harness/report';
import { median } from '../harness/statistics';

/** What follows a key stroke may take this long. */
const LIMIT = 0.1;
/** The extension may take this much of the processor to be loaded and to activate. */
const ACTIVATION_LIMIT = 0.05;
/** Examples that are listed one by one. */
const LISTED = 10;

/** What the extension takes of the extension host: to start, and after every key stroke in an experiment file. */
export function editor(report: Report, quick: boolean): Promise<void> {
  activation(report, quick ? 2 : 9);
  keyStrokes(report, quick);
  return Promise.resolve();
}

interface Times {
  clock: number;
  cpu: number;
}

/** In a served VS Code, each time a new one. */
function activation(report: Report, rounds: number): void {
  report.section(
    'Activation',
    'Own time of the extension in a served VS Code with an experiment open: its code is loaded, then `activate` runs; files that are open are read after it. `processor` is the time of all threads of the extension host meanwhile, `clock` has whatever else the machine does in it. Medians, and the least of each.',
  );
  const script = path.join(process.env.BENCH_ROOT ?? 'bench', 'harness/activation.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, String(rounds)], { encoding: 'utf8' });
  if (status !== 0) return report.note(`Not measured: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  const times = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { load: Times; activate: Times }[];
  const parts = { load: times.map(({ load }) => load), activate: times.map(({ activate }) => activate) };
  const both = times.map(({ load, activate }) => ({ clock: load.clock + activate.clock, cpu: load.cpu + activate.cpu }));
  const row = (name: string, all: Times[]) => [
    name,
    ...[all.map(({ cpu }) => cpu), all.map(({ clock }) => clock)].flatMap((values) => [
      duration(median(values)),
      duration(Math.min(...values)),
    ]),
  ];
  report.table(
    ['part', 'processor', 'least', 'clock', 'least'],
    [...Object.entries(parts).map(([name, all]) => row(name, all)), row('both', both)],
  );
  report.note(`${rounds} starts.`);
  report.goalBelow('activation, of the processor', median(both.map(({ cpu }) => cpu)), ACTIVATION_LIMIT, duration);
}

function keyStrokes(report: Report, quick: boolean): void {
  report.section(
    'After a key stroke',
    'Reading the text, what the theory says, and the facts that stand in the file, for every example, on the thread of the extension host. `first` is the first time in a process, before anything is compiled; others are the median of repetitions.',
  );
  const folder = path.join(process.env.BENCH_ROOT ?? 'bench', '..', 'examples');
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.recovery.json'));
  const measured = files.map((file) => {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    const all = Array.from({ length: quick ? 3 : 21 }, () => measure(text));
    const [first, ...rest] = all;
    const part = (index: number) => median(rest.map((times) => times[index]));
    return {
      name: file.replace('.recovery.json', ''),
      first: sum(first),
      parts: [0, 1, 2].map(part),
      total: median(rest.map(sum)),
    };
  });
  const slowest = [...measured].sort((a, b) => b.total - a.total);
  report.table(
    ['example', 'parse', 'theory', 'facts', 'all', 'first'],
    slowest.slice(0, LISTED).map(({ name, parts, total, first }) => [name, ...[...parts, total, first].map(duration)]),
  );
  report.note(
    `${files.length} examples; the ${LISTED} slowest are listed. Median of all: ${duration(median(measured.map(({ total }) => total)))}.`,
  );
  report.goalBelow('slowest example', slowest[0].total, LIMIT, duration);
}

/** Seconds of parsing, theory and facts. */
function measure(text: string): number[] {
  const marks = [performance.now()];
  const parsed = parseExperiment(text);
  marks.push(performance.now());
  const answer = parsed.resolved && askTheory(parsed.resolved);
  marks.push(performance.now());
  factsOf({ text, parsed, inexpressible: answer?.obstacles ?? [], prediction: answer?.prediction, isPending: false });
  marks.push(performance.now());
  return marks.slice(1).map((mark, index) => (mark - marks[index]) / 1000);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
