import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EngineEvent } from '../../src/protocol/events';
import { readCheckedLine } from '../../src/engine/store/checkedLine';

/** The built engine. */
const ENGINE = path.resolve('dist/recovery.js');

const PATIENCE_MS = 120_000;

/** Some hundred short trainings, enough for a second or two. */
export function faultExperiment(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    experiment: 'recovery',
    title: 'Faults',
    model: { kind: 'matrixFactorization', rows: 4, columns: 4 },
    target: { kind: 'lowRank', rank: 1 },
    data: { sampleSizes: { from: 1, to: 16 }, inputs: { kind: 'entries', order: 'random' } },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
      initialization: { kind: 'normal', scale: 1e-4 },
      stop: { trainLoss: 1e-9, steps: 40_000 },
      trials: 60,
      seed: 5,
    },
    analysis: { rank: true, hessian: 'none' },
    ...changes,
  };
}

export interface EngineEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  seconds: number;
}

/** Runs the engine until it ends; `during` may interfere, and is called again and again with the time since the start. */
export async function runEngine(
  args: readonly string[],
  {
    engine = ENGINE,
    env = {},
    during,
  }: { engine?: string; env?: NodeJS.ProcessEnv; during?: (kill: () => void, ms: number) => boolean } = {},
): Promise<EngineEnd> {
  const started = Date.now();
  const child = spawn(process.execPath, [engine, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, RECOVERY_NATIVE: 'off', ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  let interfering = during !== undefined;
  // No run takes nearly so long: one that does hangs, which is told by its signal.
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const timer = setInterval(() => {
    if (interfering && during) interfering = during(() => child.kill('SIGKILL'), Date.now() - started);
  }, 5);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(timer);
      clearTimeout(patience);
      resolve({ code, signal, stderr, seconds: (Date.now() - started) / 1000 });
    });
  });
}

/** What a run folder says. */
export interface FolderState {
  /** Finished cells that somebody was told of: `sample size/trial`. */
  told: Set<string>;
  /** Those of the journal. */
  kept: Set<string>;
  /** Whether there is a journal; runs of less than half a second have none. */
  journal: boolean;
  last: EngineEvent | undefined;
  summary: string | undefined;
}

export function readFolder(run: string): FolderState {
  const state: FolderState = { told: new Set(), kept: new Set(), journal: false, last: undefined, summary: undefined };
  for (const line of wholeLines(path.join(run, 'events.jsonl'))) {
    const event = JSON.parse(line.toString()) as EngineEvent;
    state.last = event;
    if (event.type === 'cell') state.told.add(`${event.cell.sampleSize}/${event.cell.trial}`);
  }
  const journal = path.join(run, 'journal.jsonl');
  for (const line of wholeLines(journal)) {
    const text = readCheckedLine(line);
    const entry = text === undefined ? undefined : (JSON.parse(text) as { run?: number; output?: [string, ...unknown[]] });
    if (entry?.run === undefined) continue;
    state.journal = true;
    if (entry.run !== 1 || !entry.output) continue;
    for (const told of entry.output[0].split('\n').filter((each) => each.startsWith('{"type":"cell"'))) {
      const { cell } = JSON.parse(told) as { cell: { sampleSize: number; trial: number } };
      state.kept.add(`${cell.sampleSize}/${cell.trial}`);
    }
  }
  const summary = path.join(run, 'summary.json');
  if (fs.existsSync(summary)) state.summary = fs.readFileSync(summary, 'utf8');
  return state;
}

function wholeLines(file: string): Buffer[] {
  if (!fs.existsSync(file)) return [];
  const bytes = fs.readFileSync(file);
  const lines: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start))
    lines.push(bytes.subarray(start, end));
  return lines;
}

export function temporary(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-fault-'));
}
