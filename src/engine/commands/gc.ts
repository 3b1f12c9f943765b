import fs from 'node:fs';
import path from 'node:path';
import { EngineError, EXIT } from '../errors';
import { askLive } from '../slurm/queue';
import { submittedJobs } from '../slurm/remains';
import { findGarbage, removeGarbage, runsWithRemains, type Garbage, type GarbageReason, type LeftAlone } from '../store/garbage';
import { printable } from '../terminal/colors';

const SQUEUE_MS = 20_000;

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
export async function gcCommand({ folder, dryRun, olderDays, keep }: GcOptions): Promise<number> {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new EngineError('no-folder', `There is no folder ${folder}.`, EXIT.invalid);
  const root = fs.realpathSync(folder);
  const before = olderDays === undefined ? undefined : Date.now() - olderDays * DAY_MS;
  const onCluster = await askCluster(runsWithRemains(root));
  const { garbage, left } = findGarbage(root, { before, keep, onCluster });
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

/** What Slurm says of the tasks of some runs: why their files on it stay. */
async function askCluster(folders: readonly string[]): Promise<(folder: string) => string | undefined> {
  const jobs = new Map(folders.map((folder) => [folder, submittedJobs(folder)]));
  const known = [...jobs.values()].flat().filter((job) => job !== undefined);
  const answer = await askLive([...new Set(known)], SQUEUE_MS);
  return (folder) => {
    const own = jobs.get(folder);
    // Submitted by a process that died before it could note the id.
    if (!own || own.includes(undefined)) return 'it may have tasks on a cluster';
    if (own.length === 0) return undefined;
    if ('unknown' in answer) return `whether it has tasks on a cluster is not known: ${answer.unknown}`;
    return own.some((job) => answer.live.has(job!)) ? 'it has tasks on a cluster' : undefined;
  };
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
