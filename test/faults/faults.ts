import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { faultExperiment, readFolder, runEngine, temporary, type EngineEnd } from './engineRun';

/** What became of one try. */
export interface Outcome {
  /** Finished results that were not there afterwards. */
  lost: number;
  /** What was said or shown and was not true, or left a person without advice. */
  wrong: string[];
}

/** What a try works with. */
interface Bench {
  /** An empty folder. */
  folder: string;
  /** Path of the experiment file, and the summary that it leads to. */
  file: string;
  reference: string;
  /** Seconds that a whole run takes. */
  seconds: number;
}

export interface Fault {
  name: string;
  /** Why it cannot be tried here; undefined where it can. */
  unavailable?(): string | undefined | Promise<string | undefined>;
  attempt(bench: Bench): Promise<Outcome>;
  /** After the last try. */
  close?(): Promise<void>;
}

const FAULTS_FOLDER = path.resolve('test/faults');
const between = (from: number, to: number) => from + Math.random() * (to - from);

/** Runs a whole run, once, to know what it leads to and how long it takes. */
export async function makeReference(changes: Record<string, unknown> = {}): Promise<Omit<Bench, 'folder'> & { remove(): void }> {
  const folder = temporary();
  const file = path.join(folder, 'faults.recovery.json');
  fs.writeFileSync(file, JSON.stringify(faultExperiment(changes)));
  const run = path.join(folder, 'reference');
  const { code, stderr, seconds } = await runEngine(['run', file, '--out', run]);
  if (code !== 0) throw new Error(`the reference run failed: ${stderr}`);
  const reference = fs.readFileSync(path.join(run, 'summary.json'), 'utf8');
  return { file, reference, seconds, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** What is wrong with a run folder whose run was stopped, and how many told results are not kept. */
function examine(run: string, { reference }: Bench): Outcome {
  const wrong: string[] = [];
  const state = readFolder(run);
  if (state.summary !== undefined && state.summary !== reference) wrong.push('a summary that is not the one of this experiment');
  if (state.last?.type === 'finished' && state.summary === undefined) wrong.push('finished, but there is no summary');
  // Runs of less than half a second keep nothing; what they had told takes no longer to do again.
  const lost = state.journal ? [...state.told].filter((cell) => !state.kept.has(cell)).length : 0;
  return { lost, wrong };
}

/** Goes on with a run, which must come to the end that one without faults has, and keep what was kept. */
async function finish(run: string, bench: Bench, outcome: Outcome): Promise<Outcome> {
  const before = readFolder(run);
  const begun = fs.existsSync(path.join(run, 'experiment.json'));
  const { code, stderr } = await runEngine(begun ? ['resume', run] : ['run', bench.file, '--out', run]);
  const after = readFolder(run);
  const { lost, wrong } = outcome;
  if (code !== 0) wrong.push(`resume ended with ${code}: ${stderr.trim()}`);
  if (after.summary !== bench.reference) wrong.push('another summary after resuming');
  return { lost: lost + [...before.kept].filter((cell) => !after.kept.has(cell)).length, wrong };
}

function expectEnd(end: EngineEnd, code: number, words: RegExp, wrong: string[]): void {
  if (end.code !== code) wrong.push(`ended with ${end.code ?? end.signal}, not ${code}: ${end.stderr.trim()}`);
  if (!words.test(end.stderr)) wrong.push(`no advice: ${end.stderr.trim()}`);
}

/** Runs, and resumes, until it has been killed a few times at any moment of its life. */
async function killed(bench: Bench): Promise<Outcome> {
  const run = path.join(bench.folder, 'run');
  const total: Outcome = { lost: 0, wrong: [] };
  for (let kills = 0; kills < 3; kills++) {
    const at = between(20, 1000 * bench.seconds);
    const during = (kill: () => void, ms: number) => {
      if (ms >= at) kill();
      return ms < at;
    };
    const begun = fs.existsSync(path.join(run, 'experiment.json'));
    await runEngine(begun ? ['resume', run] : ['run', bench.file, '--out', run], { during });
    const { lost, wrong } = examine(run, bench);
    total.lost += lost;
    total.wrong.push(...wrong);
  }
  return finish(run, bench, total);
}

/** The engine with a worker that fails at a random job. */
function faultyWorker(name: string, fault: string, code: string, words: RegExp, options: string[] = [], nodeOptions = ''): Fault {
  return {
    name,
    async attempt(bench) {
      const engine = path.join(bench.folder, 'recovery.js');
      for (const name of ['recovery.js', 'engine.js']) fs.copyFileSync(path.join('dist', name), path.join(bench.folder, name));
      fs.copyFileSync(path.join(FAULTS_FOLDER, 'faultyWorker.cjs'), path.join(bench.folder, 'worker.js'));
      const run = path.join(bench.folder, 'run');
      const env = {
        FAULT: fault,
        FAULT_AFTER: String(Math.floor(between(1, 300))),
        FAULT_WORKER: path.resolve('dist/worker.js'),
        NODE_OPTIONS: nodeOptions,
      };
      const end = await runEngine(['run', bench.file, '--out', run, '--workers', '3', ...options], { engine, env });
      const outcome = examine(run, bench);
      const { last } = readFolder(run);
      // Another thread may have done all jobs before this one came to its fault.
      if (end.code !== 0) {
        expectEnd(end, 3, words, outcome.wrong);
        if (last?.type !== 'failed' || last.code !== code)
          outcome.wrong.push(`the last event is ${JSON.stringify(last)?.slice(0, 200)}`);
        return finish(run, bench, outcome);
      }
      if (readFolder(run).summary !== bench.reference) outcome.wrong.push('another summary');
      return outcome;
    },
  };
}

/** A small file system of its own, mounted for one try. */
async function onSmallDisk(bench: Bench, kilobytes: number, attempt: (disk: string) => Promise<Outcome>): Promise<Outcome> {
  const disk = path.join(bench.folder, 'disk');
  fs.mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${Math.round(kilobytes)}k`, 'tmpfs', disk]);
  try {
    return await attempt(disk);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

const remount = (disk: string, options: string) => execFileSync('mount', ['-o', `remount,${options}`, disk], { stdio: 'ignore' });

function noMounts(): string | undefined {
  const disk = temporary();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    execFileSync('umount', [disk]);
    return undefined;
  } catch {
    return 'mounting a small file system is not possible here';
  } finally {
    fs.rmSync(disk, { recursive: true, force: true });
  }
}

/** Takes from a run folder everything that was not brought to the disk, as a power cut may. */
function cutPower(run: string, log: string): void {
  const durable = new Map<string, number>();
  for (const line of fs.readFileSync(log, 'utf8').trim().split('\n')) {
    const { path: file, size, from, to } = JSON.parse(line) as { path?: string; size?: number; from?: string; to?: string };
    if (file !== undefined && size !== undefined) durable.set(file, Math.max(size, durable.get(file) ?? 0));
    else if (from !== undefined && to !== undefined && durable.has(from)) durable.set(to, durable.get(from)!);
  }
  for (const name of fs.readdirSync(run)) {
    const file = path.join(run, name);
    const size = durable.get(file) ?? 0;
    if (fs.statSync(file).isFile() && fs.statSync(file).size > size) fs.truncateSync(file, size);
  }
}

export const FAULTS: readonly Fault[] = [
  { name: 'engine killed (SIGKILL), three times a run', attempt: killed },
  faultyWorker('worker thread ends', 'exit', 'worker-crashed', /worker thread died.*recovery resume/),
  faultyWorker('worker thread throws what nobody expected', 'throw', 'internal', /recovery resume/),
  faultyWorker('worker thread hangs', 'hang', 'worker-hung', /no sign of life.*recovery resume/, ['--watchdog', '0.03']),
  faultyWorker(
    'worker thread out of memory',
    'memory',
    'worker-crashed',
    /worker thread died.*recovery resume/,
    [],
    '--max-old-space-size=120',
  ),
  {
    name: 'disk full, and full again while saying so',
    unavailable: noMounts,
    attempt: (bench) =>
      onSmallDisk(bench, between(40, 4000), async (disk) => {
        const run = path.join(disk, 'run');
        const end = await runEngine(['run', bench.file, '--out', run, '--no-report']);
        const outcome = examine(run, bench);
        if (end.code === 0) return outcome;
        expectEnd(end, 3, /The disk is full.*recovery resume/s, outcome.wrong);
        if (!fs.existsSync(path.join(run, 'experiment.json'))) return outcome;
        // Full still: it must say so again, and lose nothing.
        const again = await runEngine(['resume', run]);
        if (again.code !== 0) expectEnd(again, 3, /The disk is full.*recovery resume/s, outcome.wrong);
        const still = examine(run, bench);
        outcome.lost += still.lost;
        outcome.wrong.push(...still.wrong);
        remount(disk, 'size=64m');
        return again.code === 0 ? outcome : finish(run, bench, outcome);
      }),
  },
  {
    name: 'folder becomes read-only',
    unavailable: noMounts,
    attempt: (bench) =>
      onSmallDisk(bench, 64_000, async (disk) => {
        const run = path.join(disk, 'run');
        const at = between(100, 900 * bench.seconds);
        let undo = () => {};
        const during = (_: () => void, ms: number) => {
          if (ms < at) return true;
          try {
            remount(disk, 'ro');
            undo = () => remount(disk, 'rw');
          } catch {
            // Files that are open for writing forbid it: the folder goes away instead.
            execFileSync('mount', ['-o', 'bind,ro', disk, disk]);
            undo = () => execFileSync('umount', ['-l', disk]);
          }
          return false;
        };
        const end = await runEngine(['run', bench.file, '--out', run], { during });
        undo();
        const outcome = examine(run, bench);
        if (end.code === 0) return outcome;
        expectEnd(end, 3, /may not be written to.*recovery resume/s, outcome.wrong);
        return finish(run, bench, outcome);
      }),
  },
  {
    name: 'power cut: all that was not synced is gone',
    unavailable: () => (fs.existsSync('/proc/self/fd') ? undefined : 'this system has no /proc'),
    async attempt(bench) {
      const run = path.join(bench.folder, 'run');
      const log = path.join(bench.folder, 'sync.log');
      const at = between(600, 600 + 1500 * bench.seconds);
      const env = { NODE_OPTIONS: `--require ${path.join(FAULTS_FOLDER, 'syncLog.cjs')}`, SYNC_LOG: log };
      await runEngine(['run', bench.file, '--out', run], {
        env,
        during: (kill, ms) => {
          if (ms >= at) kill();
          return ms < at;
        },
      });
      if (!fs.existsSync(path.join(run, 'experiment.json'))) return { lost: 0, wrong: [] };
      cutPower(run, log);
      const { wrong } = examine(run, bench);
      return finish(run, bench, { lost: 0, wrong });
    },
  },
  {
    name: 'end of the journal torn or flipped after a kill',
    async attempt(bench) {
      const run = path.join(bench.folder, 'run');
      const at = between(500, 1000 * bench.seconds);
      await runEngine(['run', bench.file, '--out', run], {
        during: (kill, ms) => {
          if (ms >= at) kill();
          return ms < at;
        },
      });
      const { wrong } = examine(run, bench);
      const journal = path.join(run, 'journal.jsonl');
      if (fs.existsSync(journal) && !fs.existsSync(path.join(run, 'summary.json'))) {
        const bytes = fs.readFileSync(journal);
        const from = Math.max(0, bytes.length - 3000);
        const place = Math.floor(between(from, bytes.length));
        bytes[place] ^= 1 << Math.floor(between(0, 8));
        fs.writeFileSync(journal, Math.random() < 0.5 ? bytes : bytes.subarray(0, place));
      }
      return finish(run, bench, { lost: 0, wrong });
    },
  },
  {
    name: 'clock set back and ahead',
    async attempt(bench) {
      const run = path.join(bench.folder, 'run');
      const at = between(100, 1000 * bench.seconds);
      const env = { NODE_OPTIONS: `--require ${path.join(FAULTS_FOLDER, 'clock.cjs')}` };
      await runEngine(['run', bench.file, '--out', run], {
        env,
        during: (kill, ms) => {
          if (ms >= at) kill();
          return ms < at;
        },
      });
      return finish(run, bench, examine(run, bench));
    },
  },
  {
    name: 'trainings overflow (NaN) in their middle, engine killed',
    async attempt({ folder }) {
      const training = { ...(faultExperiment()['training'] as object), optimizer: { kind: 'gradientDescent', learningRate: 3 } };
      const own = await makeReference({ training });
      try {
        const outcome = await killed({ ...own, folder });
        if (!/"divergedTrials": [1-9]/.test(own.reference)) outcome.wrong.push('no training diverged');
        return outcome;
      } finally {
        own.remove();
      }
    },
  },
];

/** What `killedHost.mjs` has; loaded where it lies, since this file is bundled elsewhere. */
interface KilledHost {
  whyNot(): string | undefined;
  killHost(text: string, afterMs: number): Promise<{ run: string | undefined; wrong: string[] }>;
  closeHost(): Promise<void>;
}

const killedHost = (): Promise<KilledHost> =>
  import(pathToFileURL(path.join(FAULTS_FOLDER, 'killedHost.mjs')).href) as Promise<KilledHost>;

/** Those of an editor, which need a VS Code and a browser. */
export const EDITOR_FAULTS: readonly Fault[] = [
  {
    name: "editor's extension host killed (SIGKILL)",
    unavailable: async () => (await killedHost()).whyNot(),
    async attempt(bench) {
      // One worker thread, as the settings of the test say, takes longer than all cores.
      const after = between(0, 1500 * bench.seconds);
      const { run, wrong } = await (await killedHost()).killHost(fs.readFileSync(bench.file, 'utf8'), after);
      if (run === undefined) return { lost: 0, wrong };
      const outcome = examine(run, bench);
      outcome.wrong.push(...wrong);
      return fs.existsSync(path.join(run, 'summary.json')) ? outcome : finish(run, bench, outcome);
    },
    close: async () => (await killedHost()).closeHost(),
  },
];
