// A test in an endless loop blocks its process, so that vitest's own time limits never strike: this reporter does.
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';

/** A file of tests takes at most some two minutes on a busy machine. */
const LIMIT_MS = 15 * 60_000;

/** Vitest reporter that calls `onHung` with what it is about, once a file of tests has run for longer than the limit. */
export class HungTests {
  #running = new Map();
  #limitMs;
  #onHung;
  #timer;

  constructor(onHung, limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
    this.#onHung = onHung;
  }

  onTestRunStart() {
    this.#timer = setInterval(() => this.#look(), Math.min(10_000, this.#limitMs)).unref();
  }

  onTestModuleQueued(module) {
    this.#running.set(module.moduleId, { startedAt: Date.now(), ended: [] });
  }

  onTestModuleStart(module) {
    this.#running.set(module.moduleId, { startedAt: Date.now(), ended: [] });
  }

  onTestCaseResult(test) {
    this.#running.get(test.module.moduleId)?.ended.push(test.fullName);
  }

  onTestModuleEnd(module) {
    this.#running.delete(module.moduleId);
  }

  onTestRunEnd() {
    clearInterval(this.#timer);
  }

  #look() {
    for (const [file, { startedAt, ended }] of this.#running) {
      if (Date.now() - startedAt < this.#limitMs) continue;
      clearInterval(this.#timer);
      const last = ended.length > 0 ? `the last test that ended there: ${ended.at(-1)}` : 'no test has ended there';
      this.#onHung(`${relative('.', file)} has not ended after ${Math.round(this.#limitMs / 1000)} s; ${last}`);
      return;
    }
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
