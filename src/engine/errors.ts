import type { JsonPath } from '../experiment/problem';

/** Exit codes of the `recovery` command. */
export const EXIT = { met: 0, notMet: 1, invalid: 2, failure: 3, cancelled: 130 } as const;

/**
 * A failure that is told to a person: what is wrong and what to do. Everything else that is thrown is a bug and shows
 * its stack.
 */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';

  constructor(
    /** Stable, as in `FailedEvent.code`. */
    readonly code: string,
    message: string,
    readonly exitCode: number = EXIT.failure,
    readonly at?: { path: JsonPath; line?: number; column?: number },
  ) {
    super(message);
  }
}

/** Somebody asked the run to stop. */
export class CancelledError extends EngineError {
  override readonly name = 'CancelledError';

  constructor() {
    super('cancelled', 'The run was cancelled.', EXIT.cancelled);
  }
}

/** The run goes on without this process: tasks of a cluster do what is left, and a job that depends on them goes on from there. */
export class DetachedError extends EngineError {
  override readonly name = 'DetachedError';

  constructor(message: string) {
    super('detached', message, EXIT.met);
  }
}

/** Reason of a signal when nobody asked for an end, only whoever listened is gone: tasks on a cluster live on. */
export const HOST_GONE = Symbol('the host is gone');

/** The `code` of an error of the operating system, such as `ENOSPC`. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether a number went wrong in a way that only concerns the measurement at hand, such as a NaN in a tangent matrix. */
export function isNumericalError(error: unknown): boolean {
  return error instanceof Error && error.name === 'NumericalError';
}

/** A value from a file, as a message says it: a word, whatever it is. */
export function fileValue(value: unknown): string {
  if (typeof value === 'string') return value.length > 80 ? `${value.slice(0, 80)}…` : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined || value === null ? 'none' : 'an object';
}
