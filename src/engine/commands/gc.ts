import fs from 'node:fs';
import path from 'node:path';
import { EngineError, EXIT } from '../errors';
import { findGarbage, removeGarbage, type Garbage, type GarbageReason, type LeftAlone } from '../store/garbage';
import { printable } from '../terminal/colors';

const DAY_MS = 24 * 3600 * 1000;

const TITLES: Record<GarbageReason, (olderDays: number) => string> = {
  leftover: () => 'Left behind in run folders by processes that were stopped',
  trashed: () => 'Runs deleted in the editor',
  unfinished: (days) => `Runs without an end, nothing written for ${days} ${days === 1 ? 'day' : 'days'}`,
};

export interface GcOptions {
  folder: string;
  dryRun: boolean;
  /** Undefined: runs without an end stay. */
  olderDays: number | undefined;
  keep: number;
}

/** `recovery gc`: lists what can go, with sizes, and removes it. */
export function gcCommand({ folder, dryRun, olderDays, keep }: GcOptions): number {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new EngineError('no-folder', `There is no folder ${folder}.`, EXIT.invalid);
  const root = fs.realpathSync(folder);
  const before = olderDays === undefined ? undefined : Date.now() - olderDays * DAY_MS;
  const { garbage, left } = findGarbage(root, { before, keep });
  const nameOf = (each: { folder: string }) => printable(path.relative(root, each.folder) || '.');
  for (const reason of ['leftover', 'trashed', 'unfinished'] as const) {
    const some = garbage.filter((each) => each.reason === reason);
    if (some.length === 0) continue;
    say(`${TITLES[reason](olderDays ?? 0)}:`);
    for (const each of some) say(`  ${megabytes(each.bytes).padStart(10)}  ${nameOf(each)}: ${countFiles(each)}`);
  }
  tellLeft(left, nameOf);
  if (garbage.length === 0) {
    say('There is nothing to remove.');
    return EXIT.met;
  }
  say(`Together ${megabytes(sum(garbage))}.`);
  if (dryRun) {
    say('Nothing was removed: this was a dry run.');
    return EXIT.met;
  }
  const kept: LeftAlone[] = [];
  const removed = garbage.filter((each) => {
    const why = removeGarbage(each);
    if (why !== undefined) kept.push({ folder: each.folder, why });
    return why === undefined;
  });
  tellLeft(kept, nameOf);
  say(`${megabytes(sum(removed))} removed.`);
  return EXIT.met;
}

function tellLeft(left: readonly LeftAlone[], nameOf: (each: LeftAlone) => string): void {
  if (left.length === 0) return;
  say('Left alone:');
  for (const each of left) say(`  ${nameOf(each)}: ${printable(each.why)}`);
}

function countFiles({ files }: Garbage): string {
  return files.length === 1 ? printable(files[0]) : `${files.length} files`;
}

function sum(garbage: readonly Garbage[]): number {
  return garbage.reduce((total, { bytes }) => total + bytes, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 3 : 1)} MB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
