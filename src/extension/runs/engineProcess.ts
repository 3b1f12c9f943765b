import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import os from 'node:os';
import type { EngineCommand } from '../../protocol/events';
import { LineDecoder, encodeLine } from '../../protocol/lines';
import type { EngineExit, Stoppable } from './stopLadder';

/** How to start an engine: a Node program that speaks the protocol on stdio. */
export interface EngineProgram {
  executable: string;
  arguments: readonly string[];
  cwd: string;
  /** Besides that of the editor, which goes before. */
  environment: Readonly<Record<string, string>>;
}

export interface EngineListener {
  /** One line of stdout that is JSON. */
  onValue(value: unknown): void;
  /** One line of stdout that is not. */
  onUnreadable(line: string): void;
  /** One line of stderr. */
  onStderr(line: string): void;
}

/** Time in which the pipes of an engine that is gone must have run dry; a process that inherited them could hold them open. */
const DRAIN_MS = 1000;

/** Longer lines of stderr are passed on in parts. */
const STDERR_LINE_LENGTH = 4096;

/** What an engine that is started now finds in its environment. */
export function engineEnvironment({ environment }: EngineProgram): NodeJS.ProcessEnv {
  return { ...environment, ...process.env, ELECTRON_RUN_AS_NODE: '1' };
}

/** Trainings take every core that there is; an editor that has to be drawn meanwhile goes before them. */
function yieldToEditor(pid: number | undefined): void {
  try {
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already, which its end tells, or this system has no priorities.
  }
}

/** An engine as a child process. What it says waits for a listener. It is gone at the latest when it is disposed. */
export class EngineProcess implements Stoppable {
  readonly stopped: Promise<EngineExit>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(readonly program: EngineProgram) {
    this.child = spawn(program.executable, program.arguments, {
      cwd: program.cwd,
      env: engineEnvironment(program),
      stdio: 'pipe',
      windowsHide: true,
    });
    yieldToEditor(this.child.pid);
    this.stopped = new Promise((resolve) => {
      this.child.once('error', (error) => {
        // An error after the start (a signal that could not be sent) is no end.
        if (this.child.pid === undefined) resolve({ code: null, signal: null, error });
      });
      this.child.once('close', (code, signal) => resolve({ code, signal }));
      this.child.once('exit', (code, signal) => setTimeout(() => resolve({ code, signal }), DRAIN_MS).unref());
    });
    // Writing to an engine that has just died is no news: `stopped` tells.
    this.child.stdin.on('error', () => undefined);
  }

  /** Hears what the engine has said, and will say; call it once. */
  listen(listener: EngineListener): void {
    this.readStdout(listener);
    this.readStderr(listener);
  }

  /** Whether it started and has not ended. */
  get isThere(): boolean {
    const { pid, exitCode, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(command: EngineCommand): void {
    if (this.child.stdin.writable) this.child.stdin.write(encodeLine(command));
  }

  cancel(): void {
    this.send({ type: 'cancel' });
  }

  /** Says that no more commands come; an engine that has nothing left to do ends then. */
  closeInput(): void {
    this.child.stdin.end();
  }

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(name);
  }

  dispose(): void {
    this.signal('SIGKILL');
  }

  private readStdout(listener: EngineListener): void {
    const decoder = new LineDecoder();
    const take = (lines: ReturnType<LineDecoder['push']>) => {
      for (const line of lines) {
        if ('unreadable' in line) listener.onUnreadable(line.unreadable);
        else listener.onValue(line.value);
      }
    };
    this.child.stdout.setEncoding('utf8');
    this.child.stdout.on('data', (chunk: string) => take(decoder.push(chunk)));
    this.child.stdout.on('end', () => take(decoder.end()));
  }

  private readStderr(listener: EngineListener): void {
    let rest = '';
    this.child.stderr.setEncoding('utf8');
    this.child.stderr.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      if (rest.length > STDERR_LINE_LENGTH) {
        lines.push(rest);
        rest = '';
      }
      lines.forEach((line) => listener.onStderr(line));
    });
    this.child.stderr.on('end', () => {
      if (rest) listener.onStderr(rest);
    });
  }
}
