// A test in an endless loop blocks its process, so that vitest's own time limits never strike: this reporter does.
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';

/** No test has more than eight minutes. */
const LIMIT_MS = 10 * 60_000;

/** Vitest reporter that calls `onHung` with the files of tests that are on their way, once nothing has ended for longer than the limit. */
export class HungTests {
  #running = new Map();
  #news = Date.now();

  constructor(onHung, limitMs = LIMIT_MS) {
    const look = () => {
      if (Date.now() - this.#news < limitMs) return;
      clearInterval(timer);
      const files = [...this.#running].map(([file, last]) => `  ${relative('.', file)}, after ${last ?? 'no test'}`);
      onHung(`No test has ended for ${Math.round(limitMs / 1000)} s. On their way:\n${files.join('\n')}`);
    };
    const timer = setInterval(look, Math.min(10_000, limitMs)).unref();
  }

  onTestModuleQueued({ moduleId }) {
    this.#set(moduleId);
  }

  onTestCaseResult({ module, fullName }) {
    this.#set(module.moduleId, fullName);
  }

  onTestModuleEnd({ moduleId }) {
    this.#news = Date.now();
    this.#running.delete(moduleId);
  }

  #set(file, last) {
    this.#news = Date.now();
    this.#running.set(file, last);
  }
}

/** Ends the processes that this one started. */
export function endChildren() {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  for (const pid of children.split('\n').map(Number).filter(Boolean)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had ended.
    }
  }
}
