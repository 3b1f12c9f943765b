import { execFileSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION, type EngineCommand } from '../../src/protocol/events';
import { encodeLine } from '../../src/protocol/lines';
import {
  endlessExperiment,
  isAlive,
  quickExperiment,
  readEvents,
  runEngine,
  startEngine,
  temporaryFolder,
  until,
} from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** An engine in host mode, with what it has said so far. */
function host() {
  const { child, ended } = startEngine(['serve']);
  let said = '';
  child.stdout!.on('data', (chunk: string) => (said += chunk));
  return { child, ended, said: () => said, send: (command: EngineCommand | object) => child.stdin!.write(encodeLine(command)) };
}

function start(experiment: unknown, outFolder: string | null): EngineCommand {
  return {
    type: 'start',
    text: JSON.stringify(experiment),
    fileName: path.join(folder.path, 'x.recovery.json'),
    workers: 2,
    outFolder,
  };
}

/** Process ids of everything below a process. */
function descendants(pid: number): number[] {
  try {
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number);
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

async function expectGone(child: ChildProcess, milliseconds: number, act: () => void): Promise<void> {
  const pids = [child.pid!, ...descendants(child.pid!)];
  act();
  expect(await until(() => !pids.some(isAlive), milliseconds)).toBe(true);
}

describe('recovery serve', () => {
  it.each([
    ['at once', 0],
    ['after it has waited, and warmed up', 1500],
  ])('greets, runs what it is given %s, and leaves when stdin closes', async (_, waitMs) => {
    const { child, ended, said, send } = host();
    expect(await until(() => said().includes('"hello"'), 5000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    expect(readEvents(said())).toEqual([expect.objectContaining({ type: 'hello', protocol: PROTOCOL_VERSION, pid: child.pid })]);
    const out = path.join(folder.path, 'out');
    send(start(quickExperiment(), out));
    expect(await until(() => said().includes('"finished"'), 20_000)).toBe(true);
    child.stdin!.end();
    expect((await ended).code).toBe(0);

    const file = folder.file('x.recovery.json', quickExperiment());
    const terminal = path.join(folder.path, 'terminal');
    await runEngine('run', file, '--out', terminal, '--workers', '1');
    expect(fs.readFileSync(path.join(out, 'summary.json'), 'utf8')).toBe(
      fs.readFileSync(path.join(terminal, 'summary.json'), 'utf8'),
    );
  });

  it('cancels on command and takes the next run', async () => {
    const { child, ended, said, send } = host();
    send(start(endlessExperiment(), null));
    expect(await until(() => said().includes('"curve"'), 10_000)).toBe(true);
    const asked = Date.now();
    send({ type: 'cancel' });
    expect(await until(() => said().includes('"cancelled"'), 2000)).toBe(true);
    expect(Date.now() - asked).toBeLessThan(1000);
    send(start(quickExperiment(), null));
    expect(await until(() => said().includes('"finished"'), 20_000)).toBe(true);
    child.stdin!.end();
    expect((await ended).code).toBe(0);
  });

  it('is gone within 2 s of its stdin closing, with all workers busy', async () => {
    const { child, ended, said, send } = host();
    send(start(endlessExperiment(), path.join(folder.path, 'out')));
    expect(await until(() => said().includes('"curve"'), 10_000)).toBe(true);
    await expectGone(child, 2000, () => child.stdin!.end());
    expect((await ended).code).toBe(130);
    expect(fs.existsSync(path.join(folder.path, 'out', 'summary.json'))).toBe(false);
  });

  it('is gone when its host is killed', async () => {
    // A host of its own, so that it can be killed: it starts an engine, waits for curves and prints the engine's pid.
    const script = folder.file(
      'host.mjs',
      `import { spawn } from 'node:child_process';
       const engine = spawn(process.execPath, [${JSON.stringify(path.resolve('dist/recovery.js'))}, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
       let said = '';
       engine.stdout.on('data', (chunk) => {
         said += chunk;
         if (said.includes('"curve"')) { process.stdout.write(String(engine.pid)); said = ''; engine.stdout.removeAllListeners('data'); engine.stdout.resume(); }
       });
       engine.stdin.write(${JSON.stringify(encodeLine(start(endlessExperiment(), null)))});`,
    );
    const { spawn } = await import('node:child_process');
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let pid = '';
    parent.stdout.setEncoding('utf8').on('data', (chunk: string) => (pid += chunk));
    expect(await until(() => pid !== '', 10_000)).toBe(true);
    expect(isAlive(Number(pid))).toBe(true);
    parent.kill('SIGKILL');
    expect(await until(() => !isAlive(Number(pid)), 5000)).toBe(true);
  });

  it('survives what it cannot read, and says what is wrong with an experiment', async () => {
    const { child, ended, said, send } = host();
    child.stdin!.write('not json\n');
    send({ type: 'dance' });
    send({ type: 'start', text: 1 });
    send({ type: 'cancel' });
    send(start({ experiment: 'recovery' }, null));
    expect(await until(() => said().includes('"failed"'), 5000)).toBe(true);
    expect(readEvents(said()).at(-1)).toMatchObject({ type: 'failed', code: 'invalid-experiment', exitCode: 2 });
    child.stdin!.end();
    const { stderr } = await ended;
    expect(stderr.match(/could not be read/g)).toHaveLength(3);
  });
});
