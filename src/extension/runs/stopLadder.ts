/** How a process ended. */
export interface EngineExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it never started. */
  error?: Error;
}

/** What the ladder needs of a process. */
export interface Stoppable {
  /** Settles once the process is gone; never rejects. */
  readonly stopped: Promise<EngineExit>;
  /** Asks it to end by itself. */
  cancel(): void;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Time between two rungs. */
export const GRACE_MS = 2000;

/** Ends a process, kindly first: cancel, then SIGTERM, then SIGKILL, with a grace time between them. */
export async function stopByLadder(process: Stoppable, graceMs = GRACE_MS): Promise<EngineExit> {
  process.cancel();
  if (await endsWithin(process.stopped, graceMs)) return process.stopped;
  process.signal('SIGTERM');
  if (await endsWithin(process.stopped, graceMs)) return process.stopped;
  process.signal('SIGKILL');
  return process.stopped;
}

export async function endsWithin(stopped: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  const ended = await Promise.race([stopped.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}
