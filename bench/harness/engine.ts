import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The engine as it is shipped. */
export function engineFile(): string {
  return path.join(process.env.BENCH_ROOT ?? '.', '..', 'dist', 'recovery.js');
}

/** What its worker threads load. */
export function workerFile(): string {
  return path.join(path.dirname(engineFile()), 'worker.js');
}

export interface EngineRun {
  seconds: number;
  exitCode: number | null;
  /** Seconds to the first output; NaN without any. */
  firstOutput: number;
  /** Largest resident memory that was seen, in bytes; NaN where /proc is absent. */
  peakMemory: number;
}

export interface EngineRunOptions {
  /** Ends the engine's input, and so the engine, at its first output. */
  untilFirstOutput?: boolean;
  /** Looks at the memory while it runs. */
  watchMemory?: boolean;
  /** Node alone, without the engine. */
  bare?: boolean;
  /** Added to the environment. */
  env?: NodeJS.ProcessEnv;
}

/** Runs `recovery WORDS` to its end and throws its output away. */
export function runEngine(words: readonly string[], options: EngineRunOptions = {}): Promise<EngineRun> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const since = () => (performance.now() - started) / 1000;
    const child = spawn(process.execPath, options.bare ? words : [engineFile(), ...words], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...options.env },
    });
    let firstOutput = NaN;
    let peakMemory = NaN;
    const look = () => (peakMemory = peakResidentMemory(child.pid) ?? peakMemory);
    const watch = options.watchMemory ? setInterval(look, 20) : undefined;
    child.stdout.on('data', () => {
      if (Number.isNaN(firstOutput)) firstOutput = since();
      if (options.untilFirstOutput) child.stdin.end();
    });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearInterval(watch);
      resolve({ seconds: since(), exitCode, firstOutput, peakMemory });
    });
  });
}

/** VmHWM of a process: the most that it has held so far. */
function peakResidentMemory(pid: number | undefined): number | undefined {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? 1024 * Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}
