import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faultExperiment } from '../faults/engineRun';
import { dropoutExperiment } from '../fixtures/dropoutExperiment';
import { Cluster, eventually, missingSlurm } from './cluster';

const ENGINE = path.resolve('dist/recovery.js');
const PATIENCE_MS = 480_000;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** A cluster, an experiment, and what it gives without a cluster. */
class Bench {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-slurm-runs-'));
  private runs = 0;
  private latest = '';

  constructor(readonly cluster: Cluster) {}

  experiment(changes: Record<string, unknown> = {}): string {
    const file = path.join(this.folder, `experiment-${this.runs++}.recovery.json`);
    fs.writeFileSync(file, JSON.stringify(faultExperiment(changes)));
    return file;
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
    const child = spawn(process.execPath, [ENGINE, ...args], { env: { ...this.cluster.environment, ...env }, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const ended = new Promise<Ended>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`no end in ${PATIENCE_MS / 1000} s: ${args.join(' ')}\n${stderr}`));
      }, PATIENCE_MS);
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve({ code, stdout, stderr });
      });
    });
    ended.catch(() => undefined);
    return { child, ended };
  }

  /** Starts a run on the cluster; a folder of its own. */
  onCluster(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started & { run: string } {
    const run = (this.latest = path.join(this.folder, `run-${this.runs++}`));
    return { run, ...this.start(['run', file, '--out', run, '--executor', 'slurm', '--poll', '1', '--json', ...args], env) };
  }

  /** Folder of the run that was started last on the cluster. */
  last(): string {
    return this.latest;
  }

  /** The same without a cluster. */
  async locally(file: string): Promise<string> {
    const run = path.join(this.folder, `local-${this.runs++}`);
    const { code, stderr } = await this.start(['run', file, '--out', run, '--json']).ended;
    if (code !== 0) throw new Error(`the local run ended with ${String(code)}: ${stderr}`);
    return run;
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** The summary byte for byte; cells too, whose lines come in any order. */
function sameResults(a: string, b: string, least = 1000): void {
  const read = (run: string, name: string) => fs.readFileSync(path.join(run, name), 'utf8');
  check(read(a, 'summary.json') === read(b, 'summary.json'), 'summary.json differs');
  const cells = (run: string) =>
    read(run, 'events.jsonl')
      .split('\n')
      .filter((line) => line.includes('"type":"cell"'))
      .sort()
      .join('\n');
  check(cells(a).length > least, 'there are no cells');
  check(cells(a) === cells(b), 'cells differ');
}

function ended(end: Ended, code = 0): void {
  check(end.code === code, `exit code ${String(end.code)} instead of ${code}: ${end.stderr}`);
}

/** The only plan of a run. */
function planOf(run: string): string {
  const plans = fs.readdirSync(path.join(run, 'slurm')).filter((name) => /^[0-9a-f]{16}$/.test(name));
  check(plans.length === 1, `${plans.length} plans`);
  return path.join(run, 'slurm', plans[0]);
}

function attemptsOf(run: string): { chunks: number[] }[] {
  const folder = path.join(planOf(run), 'attempts');
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as { chunks: number[] });
}

function count(folder: string): number {
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length : 0;
}

/** Waits until some chunks are published and others are not. */
async function midway(run: string, published = 2): Promise<void> {
  await eventually('some chunks are published', 90_000, () => count(path.join(planOf(run), 'done')) >= published);
}

/** Waits until nobody but the cluster has brought a run to its end. */
async function complete(bench: Bench, run: string): Promise<void> {
  await eventually('the run is complete', 180_000, () => fs.existsSync(path.join(run, 'summary.json')));
  await eventually('the queue is empty', 60_000, () => bench.cluster.ask('squeue', '-h') === '');
}

/** Steps that the trainings of a plan were saved at. */
function savedSteps(folder: string): Map<string, number> {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const steps = new Map<string, number>();
  for (const name of names) {
    // It may be gone by now.
    const text = fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), 'utf8') : '';
    const step = /"training":\{"step":(\d+)/.exec(text);
    if (step) steps.set(name, Number(step[1]));
  }
  return steps;
}

/** Trainings that take a while, so that something can happen in between. */
const LONG = {
  training: { ...(faultExperiment()['training'] as object), trials: 150, stop: { trainLoss: 1e-28, steps: 60_000 } },
};

/** Six trainings of many seconds each. */
const DROPOUT = { ...dropoutExperiment({ width: 6, samples: 9, steps: 1_500_000, trials: 6 }), expect: {} };

/** Two of them, so long that what is kept on a node is copied from there some times before they end: half a minute or more. */
const LONGER = { ...dropoutExperiment({ width: 6, samples: 9, steps: 12_000_000, trials: 2 }), expect: {} };

type Case = (bench: Bench) => Promise<string>;

const CASES: Record<string, Case> = {
  'same results as here': async (bench) => {
    const file = bench.experiment();
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '100']);
    ended(await end);
    sameResults(run, await bench.locally(file));
    return `${attemptsOf(run)[0].chunks.length} tasks`;
  },

  'curves, two cores, settings of the file': async (bench) => {
    const file = bench.experiment({ execution: { partition: 'main', minutes: 5, cpus: 2, memory: '100M', concurrent: 2 } });
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '200']);
    ended(await end);
    const script = fs.readFileSync(path.join(planOf(run), 'attempts/0001.sh'), 'utf8');
    check(script.startsWith('#!/bin/bash\nexec '), 'the script does not exec');
    sameResults(run, await bench.locally(bench.experiment()));
    return 'hash and results are the same';
  },

  'chunks by measured cost': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, ended: end } = bench.onCluster(file, ['--chunk-minutes', '0.1']);
    const { stderr, code } = await end;
    check(code === 0, stderr);
    sameResults(run, await bench.locally(file));
    const said = /(\d+) jobs, each about ([^ ]+) s, make (\d+) tasks of (\d+)/.exec(stderr);
    return said ? said[0] : 'too short for tasks';
  },

  'arrays beyond MaxArraySize': async () => {
    const cluster = await Cluster.up({ maxArray: 11 });
    const bench = new Bench(cluster);
    try {
      const file = bench.experiment();
      const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '40']);
      ended(await end);
      const sizes = attemptsOf(run).map(({ chunks }) => chunks.length);
      check(sizes.join() === '11,11,2', `arrays of ${sizes.join(', ')}`);
      sameResults(run, await bench.locally(file));
      return `24 tasks as arrays of ${sizes.join(', ')}`;
    } finally {
      await cluster.down();
      bench.remove();
    }
  },

  'cancel and resume': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, child, ended: end } = bench.onCluster(file, ['--chunk-jobs', '150']);
    await midway(run);
    const asked = Date.now();
    child.kill('SIGINT');
    ended(await end, 130);
    await eventually('the queue is empty', 30_000, () => bench.cluster.ask('squeue', '-h') === '');
    const left = ((Date.now() - asked) / 1000).toFixed(1);
    const published = count(path.join(planOf(run), 'done'));
    ended(await bench.start(['resume', run, '--poll', '1', '--json']).ended);
    const [first, second] = attemptsOf(run);
    check(second.chunks.length <= first.chunks.length - published, 'finished chunks were submitted again');
    sameResults(run, await bench.locally(file));
    return `queue empty after ${left} s; ${first.chunks.length} tasks, then the ${second.chunks.length} that were left`;
  },

  'long trainings go on in other tasks': async (bench) => {
    const file = bench.experiment(DROPOUT);
    const told: string[] = [];
    for (const scratch of [[], ['--scratch', os.tmpdir()]]) {
      const args = ['--chunk-jobs', '1', '--checkpoint', '1', ...scratch];
      const { run, child, ended: end } = bench.onCluster(file, args);
      const checkpoints = () => path.join(planOf(run), 'checkpoints');
      const logs = () => path.join(planOf(run), 'logs');
      if (scratch.length === 0) await eventually('all are saved', 90_000, () => savedSteps(checkpoints()).size === 6);
      else {
        await eventually('all run', 90_000, () => fs.existsSync(logs()) && fs.readdirSync(logs()).length === 6);
        await new Promise((resolve) => setTimeout(resolve, 6000));
      }
      child.kill('SIGINT');
      ended(await end, 130);
      await eventually('the queue is empty', 30_000, () => bench.cluster.ask('squeue', '-h') === '');
      const before = savedSteps(checkpoints());
      check(before.size > 0, 'nothing was saved');
      const resumed = bench.start(['resume', run, '--poll', '1', '--json', ...args.slice(2)]);
      // Every state that comes is further than the one before.
      const reached = new Map(before);
      let behind = 0;
      const timer = setInterval(() => {
        for (const [job, step] of savedSteps(checkpoints())) {
          if (step < (reached.get(job) ?? 0)) behind++;
          reached.set(job, step);
        }
      }, 200);
      ended(await resumed.ended);
      clearInterval(timer);
      check(behind === 0, 'a training began anew');
      sameResults(run, await bench.locally(file), 500);
      check(!fs.existsSync(checkpoints()), 'checkpoints were left');
      const least = Math.min(...before.values());
      told.push(`${before.size} of 6 from step ${least} or later${scratch.length > 0 ? ' of a node that was left' : ''}`);
    }
    return told.join(', ');
  },

  'login process killed, tasks go on': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, child, ended: end } = bench.onCluster(file, ['--chunk-jobs', '150']);
    await midway(run);
    child.kill('SIGKILL');
    await end;
    const before = count(path.join(planOf(run), 'done'));
    ended(await bench.start(['resume', run, '--poll', '1', '--json']).ended);
    const attempts = attemptsOf(run);
    check(attempts.length === 1, `${attempts.length} submissions, though all tasks were queued`);
    sameResults(run, await bench.locally(file));
    return `killed with ${before} of ${attempts[0].chunks.length} chunks published; nothing submitted twice`;
  },

  'login process killed, nobody comes back': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, child, ended: end } = bench.onCluster(file, ['--chunk-jobs', '150']);
    await midway(run);
    child.kill('SIGKILL');
    await end;
    await complete(bench, run);
    check(attemptsOf(run).length === 1, 'something was submitted twice');
    sameResults(run, await bench.locally(file));
    return 'the job that depends on the tasks wrote the summary';
  },

  detached: async (bench) => {
    const file = bench.experiment(LONG);
    const started = Date.now();
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '150', '--detach', '--scratch', 'node']);
    const { code, stdout, stderr } = await end;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    check(
      code === 0 && stdout === '' && /16 tasks are in the queue.*recovery resume/.test(stderr),
      `exit ${String(code)}: ${stderr}`,
    );
    check(!fs.existsSync(path.join(run, 'summary.json')), 'it waited for the end');
    await complete(bench, run);
    sameResults(run, await bench.locally(file));
    return `let go after ${seconds} s`;
  },

  'detached, followed and cancelled, resumed detached': async (bench) => {
    const file = bench.experiment(LONG);
    ended(await bench.onCluster(file, ['--chunk-jobs', '150', '--detach']).ended);
    const run = bench.last();
    await midway(run);
    const follower = bench.start(['resume', run, '--poll', '1', '--json']);
    await eventually('the follower holds the run', 30_000, () => fs.existsSync(path.join(run, 'slurm/attended.json')));
    follower.child.kill('SIGINT');
    ended(await follower.ended, 130);
    await eventually('the queue is empty', 30_000, () => bench.cluster.ask('squeue', '-h') === '');
    check(!fs.existsSync(path.join(run, 'summary.json')), 'it came to an end though it was cancelled');
    ended(await bench.start(['resume', run, '--detach', '--poll', '1']).ended);
    await complete(bench, run);
    sameResults(run, await bench.locally(file));
    return 'no job was left in the queue by the cancelling';
  },

  'detached, tasks that always vanish': async (bench) => {
    const file = bench.experiment();
    const vanish = '[ -z "$SLURM_ARRAY_TASK_ID" ] || exit 1';
    ended(await bench.onCluster(file, ['--chunk-jobs', '480', '--detach', '--setup', vanish]).ended);
    const run = bench.last();
    const last = () => fs.readFileSync(path.join(run, 'events.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!;
    await eventually('it is given up', 90_000, () => last().includes('"type":"failed"'));
    check(last().includes('slurm-lost') && last().includes('recovery resume'), last());
    await eventually('the queue is empty', 30_000, () => bench.cluster.ask('squeue', '-h') === '');
    return `given up after ${attemptsOf(run).length} submissions, with words`;
  },

  'scratch of the nodes': async (bench) => {
    const file = bench.experiment(LONG);
    const scratch = path.join(bench.folder, 'fast');
    fs.mkdirSync(scratch);
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '400', '--scratch', scratch]);
    const jobsOf = (name: string) => fs.readFileSync(path.join(scratch, name, 'live.jsonl'), 'utf8').split('\n').length - 2;
    await eventually(
      'all tasks have jobs there',
      60_000,
      () => fs.readdirSync(scratch).filter((name) => jobsOf(name) > 5).length === 6,
    );
    check(count(path.join(planOf(run), 'live')) === 0, 'tasks write into the run folder');
    const array = bench.cluster.ask('squeue', '-h', '-t', 'RUNNING', '-o', '%F').trim().split('\n')[0];
    bench.cluster.ask('scancel', '--batch', '--signal=USR1', `${array}_2`);
    await eventually('what that task had is moved over', 30_000, () => count(path.join(planOf(run), 'live')) === 1);
    const moved = fs.readdirSync(path.join(planOf(run), 'live'))[0];
    check(moved.startsWith('2.'), `${moved} is of another task`);
    const jobs = fs.readFileSync(path.join(planOf(run), 'live', moved), 'utf8').split('\n').length - 2;
    check(jobs > 0, 'nothing was in it');
    ended(await end);
    check(fs.readdirSync(scratch).length === 0, 'something was left on the node');
    sameResults(run, await bench.locally(file));
    return `${jobs} of 400 jobs went on from a node that was left`;
  },

  'node killed in the middle': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '150']);
    await midway(run, 1);
    bench.cluster.killNode('n1');
    const { code, stderr } = await end;
    bench.cluster.startNode('n1');
    check(code === 0, stderr);
    await bench.cluster.allIdle();
    sameResults(run, await bench.locally(file));
    return `${attemptsOf(run).length} submission(s)`;
  },

  'node killed in the middle of a training': async (bench) => {
    const file = bench.experiment(LONGER);
    const told: string[] = [];
    for (const onNode of [false, true]) {
      const scratch = path.join(bench.folder, `node-${String(onNode)}`);
      fs.mkdirSync(scratch);
      const args = ['--chunk-jobs', '1', '--checkpoint', '1', ...(onNode ? ['--scratch', scratch] : [])];
      const { run, ended: end } = bench.onCluster(file, args);
      const shared = () => path.join(planOf(run), 'checkpoints');
      const onNodes = () => fs.readdirSync(scratch).map((each) => path.join(scratch, each, 'checkpoints'));
      const steps = () => [...savedSteps(shared()).values()];
      await eventually('all have come some way', 300_000, () => steps().length === 2 && Math.min(...steps()) > 300_000);
      // Index of a task, which is its chunk and its job here, and its node.
      const running = bench.cluster.ask('squeue', '-h', '-t', 'RUNNING', '-o', '%K %N').trim().split('\n');
      const [, node] = running[0].split(' ');
      const lost = running.filter((each) => each.endsWith(` ${node}`)).map((each) => `0-${each.split(' ')[0]}.json`);
      bench.cluster.killNode(node);
      const before = savedSteps(shared());
      for (const folder of onNodes()) {
        const there = savedSteps(folder);
        if (!lost.some((job) => there.has(job))) continue;
        for (const [job, step] of there) told.push(`the node had step ${step}, the run folder ${String(before.get(job))}`);
        // The disk of the node is gone with it.
        fs.rmSync(path.dirname(folder), { recursive: true, force: true });
      }
      const reached = new Map(before);
      const first = new Map<string, number>();
      let behind = 0;
      const timer = setInterval(() => {
        for (const folder of onNode ? onNodes() : [shared()]) {
          for (const [job, step] of savedSteps(folder)) {
            if (step < (reached.get(job) ?? 0)) behind++;
            if (step > (before.get(job) ?? 0) && !first.has(job)) first.set(job, step);
            reached.set(job, step);
          }
        }
      }, 200);
      const { code, stderr } = await end;
      clearInterval(timer);
      bench.cluster.startNode(node);
      check(code === 0, stderr);
      await bench.cluster.allIdle();
      check(behind === 0, 'a training began anew');
      check(attemptsOf(run).length === 1, 'tasks were submitted twice');
      sameResults(run, await bench.locally(file), 100);
      for (const job of lost) {
        check(first.has(job), `${job} was not seen to go on`);
        told.push(
          `${onNode ? 'with' : 'without'} scratch from step ${String(before.get(job))} on, next seen at ${String(first.get(job))}`,
        );
      }
    }
    return told.join('; ');
  },

  'node cut off, its tasks live on': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '150']);
    await midway(run, 1);
    bench.cluster.partNode('n2');
    const { code, stderr } = await end;
    bench.cluster.startNode('n2');
    check(code === 0, stderr);
    await bench.cluster.allIdle();
    sameResults(run, await bench.locally(file));
    return `${attemptsOf(run).length} submission(s)`;
  },

  'signal before the time limit': async (bench) => {
    const file = bench.experiment(LONG);
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '400']);
    const running = () => bench.cluster.ask('squeue', '-h', '-t', 'RUNNING', '-o', '%F %K').trim().split('\n');
    await eventually('all tasks run', 60_000, () => running().length === 6);
    await eventually('every task has jobs', 60_000, () => count(path.join(planOf(run), 'live')) === 6);
    // The last task of an array has the id of the array for its own.
    const array = running()[0].split(' ')[0];
    bench.cluster.ask('scancel', '--batch', '--signal=USR1', `${array}_5`);
    ended(await end);
    const restarts = bench.cluster
      .ask('scontrol', 'show', 'job', array)
      .split('\n\n')
      .flatMap((job) => [...job.matchAll(/ArrayTaskId=(\d+)|Restarts=(\d+)/g)].map(([, task, times]) => task ?? `${times}`));
    const times = new Map<string, string>();
    for (let i = 0; i + 1 < restarts.length; i += 2) times.set(restarts[i], restarts[i + 1]);
    check(times.get('5') === '1', `task 5 was restarted ${String(times.get('5'))} times`);
    for (const task of '01234') check(times.get(task) === '0', `task ${task} was restarted too`);
    sameResults(run, await bench.locally(file));
    return 'that task alone was queued again';
  },

  'poisoned environment': async (bench) => {
    const file = bench.experiment();
    const poison = {
      SBATCH_PARTITION: 'nowhere',
      SLURM_CPU_BIND: 'cores',
      ELECTRON_RUN_AS_NODE: '1',
      SBATCH_TIMELIMIT: '0:01',
      SLURM_MEM_PER_CPU: '100',
    };
    const seen = path.join(bench.folder, 'environment');
    const { run, ended: end } = bench.onCluster(file, ['--chunk-jobs', '480', '--setup', `env > '${seen}'`], {
      ...poison,
      NODE_OPTIONS: '--max-old-space-size=512',
    });
    ended(await end);
    const environment = fs.readFileSync(seen, 'utf8');
    for (const name of [
      'SBATCH_PARTITION',
      'SLURM_CPU_BIND=',
      'ELECTRON_RUN_AS_NODE',
      'NODE_OPTIONS',
      'SBATCH_TIMELIMIT',
      'SLURM_MEM_PER_CPU',
    ])
      check(!new RegExp(`^${name}`, 'm').test(environment), `${name} reached the task`);
    sameResults(run, await bench.locally(file));
    return 'none of 6 variables reached the task';
  },

  'controller dead': async (bench) => {
    const file = bench.experiment(LONG);
    bench.cluster.killController();
    const started = Date.now();
    const { code, stderr } = await bench.onCluster(file, ['--chunk-jobs', '150']).ended;
    const seconds = (Date.now() - started) / 1000;
    bench.cluster.startController();
    check(code === 3 && stderr.includes('Slurm cannot be asked'), `exit ${String(code)}: ${stderr}`);
    check(seconds < 40, `${seconds} s`);
    await bench.cluster.allIdle();
    return `told after ${seconds.toFixed(0)} s`;
  },
};

/** Only when asked for by name. */
const MEASUREMENTS: Record<string, Case> = {
  'scale: files, bytes, time': async (bench) => {
    const cells = 16 * 1250;
    const file = bench.experiment({
      training: { ...(faultExperiment()['training'] as object), trials: 1250, stop: { trainLoss: 1e-9, steps: 400 } },
      analysis: { rank: false, hessian: 'none' },
    });
    const { run, child, ended: end } = bench.onCluster(file, ['--chunk-jobs', '500']);
    const started = Date.now();
    let most = { files: 0, bytes: 0 };
    const timer = setInterval(() => {
      const now = size(run);
      if (now.files > most.files) most = now;
    }, 500);
    ended(await end);
    clearInterval(timer);
    const seconds = (Date.now() - started) / 1000;
    check(child.exitCode === 0, 'it failed');
    sameResults(run, await bench.locally(file));
    const after = size(run);
    const journal = fs.statSync(path.join(run, 'journal.jsonl')).size;
    const events = fs.statSync(path.join(run, 'events.jsonl')).size;
    return [
      `${cells} cells as ${cells / 500} tasks in ${seconds.toFixed(0)} s`,
      `most files ${most.files}, ${(most.bytes / 1e6).toFixed(1)} MB; at the end ${after.files} files, ${(after.bytes / 1e6).toFixed(1)} MB`,
      `journal ${(journal / cells).toFixed(0)} B a cell, events ${(events / cells).toFixed(0)} B a cell`,
    ].join('; ');
  },
};

function size(folder: string): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const name of fs.existsSync(folder) ? (fs.readdirSync(folder, { recursive: true }) as string[]) : []) {
    const stat = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    files++;
    bytes += stat.size;
  }
  return { files, bytes };
}

async function main(): Promise<number> {
  const word = process.argv[2] ?? '';
  const missing = missingSlurm();
  if (missing !== undefined) {
    console.log(`SKIPPED: no Slurm here (${missing}). Nothing was tested.`);
    return 0;
  }
  const all = word === '' ? CASES : { ...CASES, ...MEASUREMENTS };
  const chosen = Object.entries(all).filter(([name]) => name.includes(word));
  const began = Date.now();
  const bench = new Bench(await Cluster.up());
  console.log(
    `${bench.cluster.ask('sinfo', '-V').trim()}: 3 nodes of 2 cores, up in ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  let failed = 0;
  try {
    for (const [name, conduct] of chosen) {
      const started = Date.now();
      let told: string;
      try {
        told = `ok      ${name}: ${await conduct(bench)}`;
      } catch (error) {
        failed++;
        told = `FAILED  ${name}: ${(error as Error).message}`;
      }
      console.log(`${told} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
    }
  } finally {
    await bench.cluster.down();
    bench.remove();
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed, 0 skipped`);
  return failed > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
