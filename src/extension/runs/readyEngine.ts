import { engineEnvironment, EngineProcess, type EngineProgram } from './engineProcess';

/** An engine that nobody asks for takes memory for nothing; so long it waits. */
const IDLE_MS = 10 * 60_000;

interface Waiting {
  key: string;
  engine: EngineProcess;
  release: NodeJS.Timeout;
}

/** An engine that is there before it is asked for, at most one: to start one takes as long as the first trainings of a run. */
export class ReadyEngine {
  private waiting: Waiting | undefined;

  constructor(private readonly idleMs = IDLE_MS) {}

  /** Process id of the engine that waits. */
  get pid(): number | undefined {
    return this.waiting?.engine.pid;
  }

  /** Starts an engine, unless one waits that was started in the same way. */
  prepare(program: EngineProgram): void {
    const key = keyOf(program);
    if (this.waiting?.key === key && this.waiting.engine.isThere) {
      this.waiting.release.refresh();
      return;
    }
    this.release();
    const release = setTimeout(() => this.release(), this.idleMs);
    release.unref();
    this.waiting = { key, engine: new EngineProcess(program), release };
  }

  /** The engine that waits, if it is one of this program; else a new one, which has the machine to itself. */
  take(program: EngineProgram): EngineProcess {
    const { waiting } = this;
    if (waiting?.key !== keyOf(program) || !waiting.engine.isThere) {
      this.release();
      return new EngineProcess(program);
    }
    clearTimeout(waiting.release);
    this.waiting = undefined;
    return waiting.engine;
  }

  /** Ends the engine that waits. It has nothing to keep. */
  release(): void {
    if (!this.waiting) return;
    clearTimeout(this.waiting.release);
    this.waiting.engine.dispose();
    this.waiting = undefined;
  }

  dispose(): void {
    this.release();
  }
}

/** Two engines with the same are alike. */
function keyOf(program: EngineProgram): string {
  const { executable, arguments: args, cwd } = program;
  return JSON.stringify([executable, args, cwd, engineEnvironment(program)]);
}
