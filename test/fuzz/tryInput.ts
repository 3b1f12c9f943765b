import { FuzzRandom } from './random';
import { pollution, strangePrototype, type FuzzTarget } from './target';

export type FindingKind = 'crash' | 'hang' | 'memory' | 'escape';

export interface Finding {
  target: string;
  seed: number;
  place: number;
  kind: FindingKind;
  message: string;
}

export interface Attempt {
  finding: Omit<Finding, 'target' | 'seed' | 'place'> | undefined;
  /** Of the processor, in seconds. */
  seconds: number;
}

/** An input may take this much of the processor, and this much more memory than all before it. */
export const MOST_SECONDS = 2;
export const MOST_MEGABYTES = 256;

export function makeInput(target: FuzzTarget, seed: number, place: number): unknown {
  return target.make(new FuzzRandom(seed, target.name, place));
}

/** Makes the input and has it read. Time is that of the processor: a machine with other work to do is no hang. */
export function tryInput(target: FuzzTarget, seed: number, place: number): Attempt {
  const input = makeInput(target, seed, place);
  const before = process.resourceUsage();
  let crash: unknown;
  let escaped: string | undefined;
  try {
    const read = target.read(input);
    escaped = strangePrototype(read);
  } catch (error) {
    crash = error ?? new Error('nothing was thrown');
  }
  escaped ??= pollution();
  const after = process.resourceUsage();
  const seconds = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1e6;
  const megabytes = (after.maxRSS - before.maxRSS) / 1024;
  const finding = (kind: FindingKind, message: string): Attempt => ({ finding: { kind, message }, seconds });
  if (escaped !== undefined) return finding('escape', escaped);
  if (crash instanceof Error && crash.name === 'Escape') return finding('escape', crash.message);
  if (crash !== undefined) return finding('crash', crash instanceof Error ? String(crash.stack).slice(0, 2000) : String(crash));
  if (seconds > MOST_SECONDS) return finding('hang', `${seconds.toFixed(1)} s of the processor`);
  if (megabytes > MOST_MEGABYTES) return finding('memory', `${megabytes.toFixed(0)} MB more than any input before`);
  return { finding: undefined, seconds };
}
