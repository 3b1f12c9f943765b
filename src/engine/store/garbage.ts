import fs from 'node:fs';
import path from 'node:path';
import { EngineError, systemErrorCode } from '../errors';
import { clusterRemains, removeEmptyRemains } from '../slurm/remains';
import { SETTINGS_FILE, SLURM_FOLDER } from '../slurm/settings';
import { CHECKPOINTS, listCheckpoints, removeEmptyFolder } from './checkpoint';
import { requireOwnFiles } from './ownFiles';
import { CERTIFICATES, PIN_FILE, RUN_FILES } from './runFiles';
import { certificateNames, isComplete } from './runFolder';
import { isRunInUse, LOCK_FILE, RunLock } from './runLock';
import { readSavedRun } from './savedRun';

/** Why files of a run can go. */
export type GarbageReason = 'leftover' | 'trashed' | 'unfinished';

/** Files of one run that can go. */
export interface Garbage {
  /** Of the run, absolute. */
  readonly folder: string;
  readonly reason: GarbageReason;
  /** Paths within the folder. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** A run that is left as it is, and why. */
export interface LeftAlone {
  readonly folder: string;
  readonly why: string;
}

export interface GarbageOptions {
  /** Unfinished runs that nothing was written to since then go, too; undefined: none do. Milliseconds since 1970. */
  before?: number | undefined;
  /** But not the newest so many unfinished ones of each experiment file. */
  keep: number;
  /** Why files of work on a cluster stay in a run that has come to its end, or was deleted; undefined where they can go. */
  onCluster(folder: string): string | undefined;
}

/** Runs below a folder that have come to their ends, or were deleted, with files of work on a cluster. */
export function runsWithRemains(root: string): string[] {
  return findRuns(root).flatMap(({ folder, trashed }) =>
    (trashed || isComplete(folder)) && clusterRemains(folder).length > 0 ? [folder] : [],
  );
}

/** Where the extension keeps deleted runs until it starts the next time; beside runs. */
const TRASH = '.trash';
const RUNS_FOLDER = 'recovery-runs';
const NOT_SEARCHED = new Set(['node_modules', '.git']);
const DEEPEST = 16;

/** A lock while it is taken, and one that was moved away: of a process that was killed in that moment. */
const LOCK_REMAINS = /^lock\.json\.(stale-)?[0-9a-f]{8}-[0-9a-f-]{27}$/;

interface FoundRun {
  folder: string;
  trashed: boolean;
}

/** All that can go below a folder; looks, and changes nothing. Symbolic links are not followed. */
export function findGarbage(
  root: string,
  { before, keep, onCluster }: GarbageOptions,
): { garbage: Garbage[]; left: LeftAlone[] } {
  const garbage: Garbage[] = [];
  const left: LeftAlone[] = [];
  const unfinished = new Map</* experiment file */ string, { folder: string; writtenAt: number }[]>();
  for (const { folder, trashed } of findRuns(root)) {
    try {
      const { origin } = readSavedRun(folder);
      if (isRunInUse(folder)) left.push({ folder, why: 'a process is writing to it' });
      else if (isThere(path.join(folder, PIN_FILE))) left.push({ folder, why: 'it is pinned' });
      else {
        const remains = trashed || isComplete(folder) ? clusterRemains(folder) : [];
        const why = remains.length > 0 ? onCluster(folder) : undefined;
        if (why !== undefined) left.push({ folder, why });
        if (trashed) {
          const settings = path.join(SLURM_FOLDER, SETTINGS_FILE);
          if (why === undefined) garbage.push(garbageOf(folder, 'trashed', [...allFiles(folder), ...remains, settings]));
          continue;
        }
        addSome(garbage, garbageOf(folder, 'leftover', [...leftovers(folder), ...(why === undefined ? remains : [])]));
        if (isComplete(folder)) continue;
        const file = origin?.fileName ?? '';
        unfinished.set(file, [...(unfinished.get(file) ?? []), { folder, writtenAt: lastWritten(folder) }]);
      }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      left.push({ folder, why: error.message });
    }
  }
  if (before === undefined) return { garbage, left };
  for (const runs of unfinished.values())
    for (const { folder, writtenAt } of runs.sort((a, b) => b.writtenAt - a.writtenAt).slice(keep)) {
      if (writtenAt >= before) continue;
      if (isThere(path.join(folder, SLURM_FOLDER))) {
        left.push({ folder, why: 'it may have tasks on a cluster' });
        continue;
      }
      const at = garbage.findIndex((each) => each.folder === folder);
      if (at >= 0) garbage.splice(at, 1);
      garbage.push(garbageOf(folder, 'unfinished', allFiles(folder)));
    }
  return { garbage, left };
}

/**
 * Removes what can go of one run, under its lock. What has changed since it was found stays.
 *
 * @returns undefined, or why it was left alone
 */
export function removeGarbage({ folder, reason, files }: Garbage): string | undefined {
  let lock: RunLock | undefined;
  try {
    requireOwnFiles(folder);
    lock = RunLock.take(folder);
    if (reason === 'unfinished' && isComplete(folder)) return 'it has come to its end';
    if (isThere(path.join(folder, PIN_FILE))) return 'it is pinned';
    for (const file of files) if (file !== LOCK_FILE) fs.rmSync(path.join(folder, file), { force: true });
    for (const inner of [CHECKPOINTS, CERTIFICATES]) removeEmptyFolder(path.join(folder, inner));
    removeEmptyRemains(folder);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    if (systemErrorCode(error) === undefined) throw error;
    return (error as Error).message;
  } finally {
    lock?.release();
    if (reason !== 'leftover') removeEmptyFolder(folder);
    if (reason === 'trashed') removeEmptyFolder(path.dirname(folder));
  }
}

/** Folders with an experiment.json, and those in the trash. */
function findRuns(root: string): FoundRun[] {
  const found: FoundRun[] = [];
  const pending = [{ folder: path.resolve(root), depth: 0, trashed: path.basename(root) === TRASH }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { folder, depth, trashed } = next;
    const entries = readFolder(folder);
    if (entries.some((entry) => entry.name === RUN_FILES.experiment && entry.isFile())) {
      found.push({ folder, trashed });
      continue;
    }
    if (depth === DEEPEST) continue;
    for (const entry of entries) {
      const isTrash = entry.name === TRASH && path.basename(folder) === RUNS_FOLDER;
      if (!entry.isDirectory() || NOT_SEARCHED.has(entry.name) || (entry.name.startsWith('.') && !isTrash)) continue;
      pending.push({ folder: path.join(folder, entry.name), depth: depth + 1, trashed: trashed || isTrash });
    }
  }
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** What cannot be read is left alone. */
function readFolder(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What a process that was killed left behind; of a run that came to its end, its checkpoints too. */
function leftovers(folder: string): string[] {
  const complete = isComplete(folder);
  const names = fs.readdirSync(folder);
  return [
    ...Object.values(RUN_FILES).map((name) => `${name}.partial`),
    // Of a process that is gone: else the run is in use.
    ...(complete ? [LOCK_FILE] : []),
    ...names.filter((name) => LOCK_REMAINS.test(name)),
    ...partialCertificates(folder),
    ...listCheckpoints(folder)
      .filter(({ partial }) => complete || partial)
      .map(({ name }) => path.join(CHECKPOINTS, name)),
  ];
}

/** All files of a run that are ours. */
function allFiles(folder: string): string[] {
  return [
    ...Object.values(RUN_FILES),
    ...Object.values(RUN_FILES).map((name) => `${name}.partial`),
    LOCK_FILE,
    ...fs.readdirSync(folder).filter((name) => LOCK_REMAINS.test(name)),
    ...certificateNames(path.join(folder, CERTIFICATES)).map((name) => path.join(CERTIFICATES, name)),
    ...partialCertificates(folder),
    ...listCheckpoints(folder).map(({ name }) => path.join(CHECKPOINTS, name)),
  ];
}

function partialCertificates(folder: string): string[] {
  return certificateNames(path.join(folder, CERTIFICATES), '.partial').map((name) => path.join(CERTIFICATES, name));
}

function garbageOf(folder: string, reason: GarbageReason, names: readonly string[]): Garbage {
  let bytes = 0;
  const files = names.filter((name) => {
    const status = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
    if (!status?.isFile()) return false;
    bytes += status.size;
    return true;
  });
  return { folder, reason, files, bytes };
}

function addSome(garbage: Garbage[], each: Garbage): void {
  if (each.files.length > 0) garbage.push(each);
}

function lastWritten(folder: string): number {
  const times = allFiles(folder).map((name) => fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...times);
}

/** Also a link that leads nowhere. */
function isThere(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
