import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EngineEvent } from '../../src/protocol/events';
import { decodeEvent, LineDecoder } from '../../src/protocol/lines';

/** The built engine: these tests are about the program, not about its sources. */
export const ENGINE = path.resolve('dist/recovery.js');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts the engine; `ended` settles when it is gone and its pipes are empty. */
export function startEngine(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  if (!fs.existsSync(ENGINE)) throw new Error(`${ENGINE} is missing: run npm run build first`);
  const child = spawn(process.execPath, [ENGINE, ...args], { stdio: 'pipe', ...options });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function runEngine(...args: string[]): Promise<Ended> {
  const { child, ended } = startEngine(args);
  child.stdin?.end();
  return ended;
}

/** Every line of an event stream; throws on one that is no event. */
export function readEvents(text: string): EngineEvent[] {
  const decoder = new LineDecoder();
  return [...decoder.push(text), ...decoder.end()].map((line) => {
    const event = 'value' in line ? decodeEvent(line.value) : undefined;
    if (!event) throw new Error(`not an event: ${JSON.stringify(line).slice(0, 200)}`);
    return event;
  });
}

/** A folder that is removed at the end of a test. */
export function temporaryFolder(): { path: string; file(name: string, content: unknown): string; remove(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-engine-'));
  return {
    path: folder,
    file(name, content) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
      return file;
    },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** A recovery experiment of a second or less: a 3×3 matrix of rank 1, recovered from 5 entries on. */
export function quickExperiment(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    experiment: 'recovery',
    title: 'Quick',
    model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
    target: {
      kind: 'matrix',
      values: [
        [1, 2, -1],
        [2, 4, -2],
        [-1, -2, 1],
      ],
    },
    data: { sampleSizes: { from: 4, to: 6 }, inputs: { kind: 'entries', order: 'bestConditioned' } },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
      initialization: { kind: 'normal', scale: 1e-4 },
      stop: { trainLoss: 1e-9, steps: 100_000 },
      trials: 4,
      seed: 3,
    },
    analysis: { rank: true, hessian: 'full' },
    expect: { modelRank: 5, recoveredFrom: 5, notRecoveredBelow: 5 },
    ...changes,
  };
}

/** An experiment that would train for hours: its stop loss is out of reach. */
export function endlessExperiment(): Record<string, unknown> {
  const quick = quickExperiment();
  return { ...quick, training: { ...(quick['training'] as object), stop: { trainLoss: 0, steps: 1_000_000_000 }, trials: 1000 } };
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
