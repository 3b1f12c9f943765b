import { EXIT } from '../errors';

/** Time in which a cancelled run must have ended by itself. */
const GRACE_MS = 1500;

/** Cancels on the first SIGINT or SIGTERM, or when nobody reads stdout any more; ends the process if that does not help. */
export function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  const cancel = () => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    controller.abort();
    endSoon();
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  onClosedOutput(() => {
    if (!controller.signal.aborted) cancel();
  });
  return controller.signal;
}

/** Makes sure that the process is gone shortly, whatever is still going on. */
export function endSoon(): void {
  setTimeout(() => process.exit(EXIT.cancelled), GRACE_MS).unref();
}

/** A reader that went away (EPIPE) is no bug; any other failure of stdout cannot be told to anybody either. */
export function onClosedOutput(listener: () => void): void {
  process.stdout.on('error', listener);
  process.stderr.on('error', () => undefined);
}
