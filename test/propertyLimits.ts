// To look for the smallest example of a failure can take hours where each try takes long; the first one found, with its seed, says enough.
import fc from 'fast-check';

/** More than any property takes as a whole on a busy machine. */
const LONGEST_MS = 110_000;

fc.configureGlobal({ interruptAfterTimeLimit: LONGEST_MS, markInterruptAsFailure: true });
