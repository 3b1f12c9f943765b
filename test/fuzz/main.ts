import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Report, Task } from './child';
import { TARGETS } from './targets';
import { makeInput, tryInput, type Finding, type FindingKind } from './tryInput';

/** Time of the processor, or where that cannot be told of the clock, without a word from a child after which its input hangs. */
const SILENCE_MS = 10_000;
/** Memory that a child may have; more is a crash. */
const HEAP_MB = 1024;
/** Inputs of one child: what it keeps shows as growth over so many. */
const PER_CHILD = 50_000;
/** Growth over one child's inputs that is called growth: compiled code and caches are smaller. */
const GROWTH_MB = 64;
const KEPT = path.resolve('test-results/fuzz');

interface Tally {
  tried: number;
  slowest: number;
  grown: number;
  findings: Record<FindingKind, number>;
}

function keep(finding: Finding): void {
  const { target, seed, place, kind, message } = finding;
  fs.mkdirSync(KEPT, { recursive: true });
  const file = path.join(KEPT, `${target.replace(/ /g, '-')}-${seed}-${place}.json`);
  const found = TARGETS.find((each) => each.target.name === target)!.target;
  fs.writeFileSync(file, JSON.stringify({ ...finding, input: makeInput(found, seed, place) }));
  console.error(
    `${target}, seed ${seed}, place ${place}: ${kind}\n${message}\nThe input is kept in ${path.relative('.', file)}.`,
  );
}

/** Seconds of the processor that a process has taken; undefined where the system does not tell. */
function processorSeconds(pid: number): number | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** Tries some inputs in a child of its own. Resolves to the place after the last one that was tried. */
function tryInChild(task: Task, tally: Tally): Promise<number> {
  return new Promise((resolve) => {
    const child = fork(path.join(__dirname, 'child.cjs'), [], {
      execArgv: ['--expose-gc', `--max-old-space-size=${HEAP_MB}`],
    });
    let at = task.from;
    let isOver = false;
    let isHanging = false;
    let heard = { wall: Date.now(), processor: 0 };
    const count = (finding: Finding): void => {
      tally.findings[finding.kind]++;
      keep(finding);
    };
    const watchdog = setInterval(() => {
      const processor = processorSeconds(child.pid!);
      const silent = processor === undefined ? Date.now() - heard.wall : (processor - heard.processor) * 1000;
      if (silent < SILENCE_MS) return;
      isHanging = true;
      child.kill('SIGKILL');
    }, 500);
    child.on('message', (report: Report) => {
      heard = { wall: Date.now(), processor: processorSeconds(child.pid!) ?? 0 };
      if (report.type === 'finding') return count(report.finding);
      tally.tried += report.place - at;
      at = report.place;
      tally.slowest = Math.max(tally.slowest, report.slowest);
      if (report.type !== 'done') return;
      isOver = true;
      tally.grown = Math.max(tally.grown, report.grownMegabytes);
      if (report.grownMegabytes > GROWTH_MB) tally.findings.memory++;
      child.disconnect();
    });
    child.on('exit', (code, signal) => {
      clearInterval(watchdog);
      if (isOver) return resolve(at);
      const { target, seed, mark } = task;
      const marked = fs.existsSync(mark) ? fs.readFileSync(mark) : Buffer.alloc(0);
      const place = marked.length === 8 ? marked.readDoubleLE(0) : at;
      const message = isHanging ? `no end after ${SILENCE_MS / 1000} s` : `the process ended with ${signal ?? code}`;
      count({ target, seed, place, kind: isHanging ? 'hang' : 'crash', message });
      tally.tried += place + 1 - at;
      resolve(place + 1);
    });
    child.send(task);
  });
}

async function tryAll(task: Task, tally: Tally): Promise<void> {
  for (let at = task.from; at < task.to;) {
    at = await tryInChild({ ...task, from: at, to: Math.min(task.to, at + PER_CHILD) }, tally);
    fs.rmSync(task.mark, { force: true });
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string', default: '' },
      place: { type: 'string' },
    },
  });
  const chosen = TARGETS.filter(({ target }) => target.name.includes(values.target));
  const seed = Number(values.seed);
  const share = chosen.reduce((sum, each) => sum + each.share, 0);
  if (values.place !== undefined) {
    for (const { target } of chosen) console.log(target.name, tryInput(target, seed, Number(values.place)));
    return 0;
  }
  let bad = 0;
  const rows: string[] = [];
  for (const { target, share: own } of chosen) {
    const tally: Tally = { tried: 0, slowest: 0, grown: 0, findings: { crash: 0, hang: 0, memory: 0, escape: 0 } };
    const to = Math.max(1, Math.round((Number(values.runs) * own) / share));
    await tryAll({ target: target.name, seed, from: 0, to, mark: path.join(__dirname, 'mark') }, tally);
    const { crash, hang, memory, escape } = tally.findings;
    bad += crash + hang + memory + escape;
    const row = [
      target.name,
      tally.tried,
      crash,
      hang,
      memory,
      escape,
      `${tally.slowest.toFixed(2)} s`,
      `${tally.grown.toFixed(1)} MB`,
    ];
    rows.push(`| ${row.join(' | ')} |`);
    console.error(rows[rows.length - 1]);
  }
  console.log('| target | inputs tried | crashes | hangs over 2 s | memory growth | escapes | slowest | heap grown by |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const row of rows) console.log(row);
  return bad === 0 ? 0 : 1;
}

void main().then((code) => process.exit(code));
