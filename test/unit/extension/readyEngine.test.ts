import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineProcess } from '../../../src/extension/runs/engineProcess';
import { type EngineProgram } from '../../../src/extension/runs/engineProcess';
import { ReadyEngine } from '../../../src/extension/runs/readyEngine';

/** Says its first argument and its process id as lines of JSON, then what it is sent. */
const ECHO = `process.stdout.write(JSON.stringify(process.argv[1]) + '\\n' + process.pid + '\\n'); process.stdin.pipe(process.stdout)`;

const program = (word: string, cwd = '/'): EngineProgram => ({
  executable: process.execPath,
  arguments: ['-e', ECHO, word],
  cwd,
  environment: {},
});

const taken: EngineProcess[] = [];
let ready = new ReadyEngine();

function take(given: EngineProgram): { engine: EngineProcess; heard: unknown[] } {
  const engine = ready.take(given);
  taken.push(engine);
  const heard: unknown[] = [];
  engine.listen({ onValue: (value) => heard.push(value), onUnreadable: () => undefined, onStderr: () => undefined });
  return { engine, heard };
}

afterEach(() => {
  ready.dispose();
  taken.splice(0).forEach((engine) => engine.dispose());
  ready = new ReadyEngine();
});

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('an engine that is ready', () => {
  test('is handed over with what it said before, once', async () => {
    ready.prepare(program('a'));
    const { pid } = ready;
    ready.prepare(program('a'));
    expect(ready.pid).toBe(pid);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { engine, heard } = take(program('a'));
    expect(engine.pid).toBe(pid);
    engine.cancel();
    await vi.waitFor(() => expect(heard).toEqual(['a', pid, { type: 'cancel' }]), 10_000);
    expect(ready.pid).toBeUndefined();
    expect(take(program('a')).engine.pid).not.toBe(pid);
  });

  test.each([
    ['program', { ...program('b') }],
    ['folder', { ...program('a', '/usr') }],
    ['environment', { ...program('a'), environment: { A: 'b' } }],
  ])('goes for one of another %s', async (_, other) => {
    ready.prepare(program('a'));
    const pid = ready.pid!;
    expect(take(other).engine.pid).not.toBe(pid);
    await vi.waitFor(() => expect(isThere(pid)).toBe(false), 10_000);
  });

  test('has the environment that a new one would have', () => {
    ready.prepare(program('a'));
    const { pid } = ready;
    vi.stubEnv('RECOVERY_TENSORFLOW', 'off');
    expect(take(program('a')).engine.pid).not.toBe(pid);
    vi.unstubAllEnvs();
  });

  test('is replaced by that of another program, and by a new one once it is gone', async () => {
    ready.prepare(program('a'));
    const first = ready.pid!;
    ready.prepare(program('b'));
    const second = ready.pid!;
    await vi.waitFor(() => expect(isThere(first)).toBe(false), 10_000);
    process.kill(second, 'SIGKILL');
    await vi.waitFor(() => expect(isThere(second)).toBe(false), 10_000);
    const { engine, heard } = take(program('b'));
    expect(engine.pid).not.toBe(second);
    await vi.waitFor(() => expect(heard).toEqual(['b', engine.pid]), 10_000);
  });

  test('goes when nobody asks for it, and with the window', async () => {
    ready = new ReadyEngine(100);
    ready.prepare(program('a'));
    const idle = ready.pid!;
    await vi.waitFor(() => expect(isThere(idle)).toBe(false), 10_000);
    expect(ready.pid).toBeUndefined();
    ready = new ReadyEngine();
    ready.prepare(program('a'));
    const { pid } = ready;
    ready.dispose();
    await vi.waitFor(() => expect(isThere(pid!)).toBe(false), 10_000);
  });

  test('that cannot start tells so to whoever takes it, and leaves no error behind', async () => {
    const missing = { ...program('a'), executable: '/nowhere/node' };
    ready.prepare(missing);
    expect(ready.pid).toBeUndefined();
    const exit = await take(missing).engine.stopped;
    expect(exit.error).toMatchObject({ code: 'ENOENT' });
  });
});
