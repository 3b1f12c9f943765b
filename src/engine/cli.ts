import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { ShowOptions } from './commands/run';
import { USAGE } from './commands/usage';
import { EngineError, errorMessage, EXIT } from './errors';
import { ENGINE_VERSION } from './version';

/** Runs the command line and returns the exit code. What a command does not need is not loaded. */
async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'run': {
      const { values, positionals } = parse(rest, {
        events: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'no-report': { type: 'boolean', default: false },
        out: { type: 'string' },
        workers: { type: 'string' },
        watchdog: { type: 'string' },
        checkpoint: { type: 'string' },
        ...SLURM_OPTIONS,
      });
      const file = onlyOne('run', positionals, 'experiment file');
      if (values['events'] === true && values['json'] === true)
        throw usageError('--events and --json both claim standard output: choose one');
      const { runCommand } = await import('./commands/run');
      return runCommand({
        file,
        events: values['events'] === true,
        json: values['json'] === true,
        report: values['no-report'] !== true,
        out: typeof values['out'] === 'string' ? values['out'] : undefined,
        workers: readWorkers(values['workers']),
        workerFile: workerFile(),
        watchdogMinutes: readAmount('--watchdog', 'minutes', values['watchdog']),
        checkpointSeconds: readAmount('--checkpoint', 'seconds', values['checkpoint']),
        ...readExecutor(values),
        engineFile: __filename,
      });
    }
    case 'resume': {
      const { values, positionals } = parse(rest, {
        events: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        workers: { type: 'string' },
        watchdog: { type: 'string' },
        checkpoint: { type: 'string' },
        ...SLURM_OPTIONS,
      });
      const folder = onlyOne('resume', positionals, 'run folder');
      if (values['events'] === true && values['json'] === true)
        throw usageError('--events and --json both claim standard output: choose one');
      const { resumeCommand } = await import('./commands/resume');
      return resumeCommand({
        folder,
        events: values['events'] === true,
        json: values['json'] === true,
        workers: readWorkers(values['workers']),
        workerFile: workerFile(),
        watchdogMinutes: readAmount('--watchdog', 'minutes', values['watchdog']),
        checkpointSeconds: readAmount('--checkpoint', 'seconds', values['checkpoint']),
        ...readExecutor(values),
        engineFile: __filename,
      });
    }
    case 'check': {
      const { values, positionals } = parse(rest, { json: { type: 'boolean', default: false } });
      const file = onlyOne('check', positionals, 'experiment file');
      const { checkCommand } = await import('./commands/check');
      return checkCommand(file, values['json'] === true);
    }
    case 'verify': {
      const { values, positionals } = parse(rest, {
        json: { type: 'boolean', default: false },
        cells: { type: 'string' },
        seed: { type: 'string' },
        workers: { type: 'string' },
      });
      const folder = onlyOne('verify', positionals, 'run folder');
      const { verifyCommand } = await import('./commands/verify');
      return verifyCommand({
        folder,
        json: values['json'] === true,
        cells: readNumber('--cells', values['cells'], 1e9) ?? 5,
        seed: readNumber('--seed', values['seed'], 0x7fff_ffff),
        workers: readWorkers(values['workers']),
        workerFile: workerFile(),
      });
    }
    case 'gc': {
      const { values, positionals } = parse(rest, {
        'dry-run': { type: 'boolean', default: false },
        older: { type: 'string' },
        keep: { type: 'string' },
      });
      const folder = positionals.length === 0 ? '.' : onlyOne('gc', positionals, 'folder');
      if (values['keep'] !== undefined && values['older'] === undefined)
        throw usageError('--keep says which of the runs that --older asks for stay: give --older, too');
      const { gcCommand } = await import('./commands/gc');
      return gcCommand({
        folder,
        dryRun: values['dry-run'] === true,
        olderDays: readAmount('--older', 'days', values['older']),
        keep: readNumber('--keep', values['keep'], 1e9) ?? 0,
      });
    }
    case 'work': {
      const { values, positionals } = parse(rest, {
        chunk: { type: 'string' },
        attempt: { type: 'string' },
        scratch: { type: 'string' },
        checkpoint: { type: 'string' },
      });
      const planFolder = onlyOne('work', positionals, 'plan folder');
      const { workCommand } = await import('./commands/work');
      return workCommand({
        planFolder,
        chunk: readNumber('--chunk', values['chunk'], 0x7fff_ffff),
        attempt: typeof values['attempt'] === 'string' ? values['attempt'] : undefined,
        scratch: typeof values['scratch'] === 'string' ? values['scratch'] : undefined,
        checkpointSeconds: readAmount('--checkpoint', 'seconds', values['checkpoint']),
        workerFile: workerFile(),
      });
    }
    case 'merge': {
      const { values, positionals } = parse(rest, {
        fruitless: { type: 'string' },
        checkpoint: { type: 'string' },
        node: { type: 'string' },
        setup: { type: 'string', multiple: true },
      });
      const folder = onlyOne('merge', positionals, 'run folder');
      const { mergeCommand } = await import('./commands/merge');
      return mergeCommand({
        folder,
        fruitless: readNumber('--fruitless', values['fruitless'], 1000) ?? 0,
        checkpointSeconds: readAmount('--checkpoint', 'seconds', values['checkpoint']),
        setup: (values['setup'] as string[] | undefined) ?? [],
        node: typeof values['node'] === 'string' ? values['node'] : process.execPath,
        workerFile: workerFile(),
        engineFile: __filename,
      });
    }
    case 'native': {
      const { nativeBuildCommand, nativeStatusCommand } = await import('./commands/native');
      if (rest.length === 0) return nativeStatusCommand();
      if (rest.length === 1 && rest[0] === 'build') return nativeBuildCommand();
      throw usageError('native takes nothing, or build');
    }
    case 'tensorflow': {
      const { tensorFlowInstallCommand, tensorFlowStatusCommand } = await import('./commands/tensorflow');
      if (rest.length === 0) return tensorFlowStatusCommand();
      if (rest.length === 1 && rest[0] === 'install') return tensorFlowInstallCommand();
      throw usageError('tensorflow takes nothing, or install');
    }
    case 'schema': {
      noArguments('schema', rest);
      const { experimentJsonSchema } = await import('../experiment');
      process.stdout.write(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
      return EXIT.met;
    }
    case 'serve': {
      noArguments('serve', rest);
      const { serveCommand } = await import('./commands/serve');
      return serveCommand(workerFile(), __filename);
    }
    case '--version':
    case '-v':
      process.stdout.write(`${ENGINE_VERSION}\n`);
      return EXIT.met;
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(USAGE);
      return EXIT.met;
    case undefined:
      process.stderr.write(USAGE);
      return EXIT.invalid;
    default:
      throw usageError(`there is no command "${command}"`);
  }
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function parse(args: string[], options: NonNullable<Options>): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(
      errorMessage(error)
        .split('\n')[0]
        .replace(/\.? To specify.*$/, ''),
    );
  }
}

function onlyOne(command: string, positionals: string[], noun: string): string {
  if (positionals.length === 1) return positionals[0];
  const article = noun.startsWith('e') ? 'an' : 'a';
  throw usageError(
    positionals.length === 0 ? `${command} needs ${article} ${noun}` : `${command} takes one ${noun}, not ${positionals.length}`,
  );
}

function noArguments(command: string, args: string[]): void {
  if (args.length > 0) throw usageError(`${command} takes no arguments`);
}

function readWorkers(value: unknown): number | undefined {
  return readNumber('--workers', value, 1024);
}

/** How a cluster is used; what is not given is of the experiment file. */
const SLURM_OPTIONS = {
  executor: { type: 'string' },
  partition: { type: 'string' },
  account: { type: 'string' },
  qos: { type: 'string' },
  minutes: { type: 'string' },
  memory: { type: 'string' },
  cpus: { type: 'string' },
  concurrent: { type: 'string' },
  'chunk-minutes': { type: 'string' },
  'chunk-jobs': { type: 'string' },
  setup: { type: 'string', multiple: true },
  node: { type: 'string' },
  poll: { type: 'string' },
  scratch: { type: 'string' },
  detach: { type: 'boolean', default: false },
} as const;

function readExecutor(values: Record<string, unknown>): Pick<ShowOptions, 'executor' | 'slurm' | 'detach'> {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const executor = text('executor');
  if (executor !== undefined && executor !== 'local' && executor !== 'slurm')
    throw usageError(`--executor takes local or slurm, not "${executor}"`);
  const setup = values['setup'] as string[] | undefined;
  return {
    ...(executor === undefined ? {} : { executor }),
    detach: values['detach'] === true,
    slurm: withoutUndefined({
      partition: text('partition'),
      account: text('account'),
      qos: text('qos'),
      memory: text('memory'),
      minutes: readNumber('--minutes', values['minutes'], 100_000),
      cpus: readNumber('--cpus', values['cpus'], 1024),
      concurrent: readNumber('--concurrent', values['concurrent'], 100_000),
      chunkMinutes: readAmount('--chunk-minutes', 'minutes', values['chunk-minutes']),
      chunkJobs: readNumber('--chunk-jobs', values['chunk-jobs'], 1_000_000),
      setup,
      node: text('node'),
      pollSeconds: readNumber('--poll', values['poll'], 3600),
      scratchFolder: text('scratch'),
    }),
  };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Also parts of a minute, or a second. */
function readAmount(option: string, unit: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const amount = Number(value);
  if (value === '' || !(amount >= 0 && amount < 1e6)) throw usageError(`${option} takes ${unit}, not "${String(value)}"`);
  return amount;
}

/** A whole number from 0. */
function readNumber(option: string, value: unknown, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < 0 || number > most)
    throw usageError(`${option} takes a whole number from 0 to ${most}, not "${String(value)}"`);
  return number;
}

/** What worker threads load: less than this file, which serves where it stands alone. */
function workerFile(): string {
  const beside = path.join(__dirname, 'worker.js');
  return fs.existsSync(beside) ? beside : __filename;
}

function usageError(message: string): EngineError {
  return new EngineError('usage', `${message}; see recovery --help`, EXIT.invalid);
}

function report(error: unknown): number {
  if (error instanceof EngineError) {
    process.stderr.write(`recovery: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`recovery: internal error, please report it\n${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.failure;
}

/** Leaves once everything has been written, also where pipes are asynchronous. */
function leave(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

/** Launched by launch.ts, this is the main thread: to load what tells takes 2 ms. */
declare const module: { launched?: boolean };

// The same file is the program and, where there is no dist/worker.js, the worker.
if (module.launched || isMainThread) {
  main(process.argv.slice(2)).then(leave, (error: unknown) => leave(report(error)));
} else if (parentPort) {
  const port = parentPort;
  void import('./schedule/worker').then(({ isWorkerStart, serveJobs }) => {
    if (isWorkerStart(workerData)) serveJobs(port, workerData);
  });
}
