import { EngineError, errorMessage } from '../errors';

/** An error crosses threads and processes as plain data: `message` and `stack` are not enumerable and would be lost. */
export interface WorkerError {
  name: string;
  message: string;
  stack: string | undefined;
  code?: string;
  exitCode?: number;
}

export function describeError(error: unknown): WorkerError {
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: errorMessage(error),
    stack: error instanceof Error ? error.stack : undefined,
    ...(error instanceof EngineError ? { code: error.code, exitCode: error.exitCode } : {}),
  };
}

export function reviveError(error: WorkerError): Error {
  if (error.code !== undefined) return new EngineError(error.code, error.message, error.exitCode);
  const revived = new Error(error.message);
  revived.name = error.name;
  if (error.stack !== undefined) revived.stack = error.stack;
  return revived;
}
