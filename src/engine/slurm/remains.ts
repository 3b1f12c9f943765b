import fs from 'node:fs';
import path from 'node:path';
import { CHECKPOINTS } from '../store/checkpoint';
import { readMerges } from './mergeJob';
import { SLURM_FOLDER } from './settings';

const PLAN = /^[0-9a-f]{16}$/;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Files of a plan that are ours, by folder. */
const PLAN_FILES: Readonly<Record<string, RegExp>> = {
  '': /^plan\.jsonl(\.partial)?$/,
  attempts: /^(\d{4,}\.(json|sh|id)|merge\.sh)$/,
  live: new RegExp(`^(\\d+\\.[\\w-]+\\.\\d+\\.jsonl|partial-${UUID})$`),
  done: new RegExp(`^(\\d+\\.jsonl(\\.${UUID}\\.partial)?|partial-${UUID})$`),
  failed: /^\d+\.json(\.[\w-]+)?$/,
  stalled: /^[\w-]+$/,
  logs: /^\d+_\d+\.out$/,
  [CHECKPOINTS]: new RegExp(`^(\\d+-\\d+\\.json((\\.[\\w-]{1,64})?\\.partial)?|partial-${UUID})$`),
};

/** Files beside the plans. Settings stay: they say how the run was done. */
const OTHERS = /^(merge-\d+\.out|merges\.json|attended\.json|STOP)$/;
const ENGINE = /^engine-[0-9a-f]{16}$/;
const ENGINE_FILES = new RegExp(`^(engine|worker)\\.js(\\.${UUID}\\.partial)?$`);

/** Files that work on a cluster left in the folder of a run, which nobody needs once it has come to its end: paths within it. */
export function clusterRemains(runFolder: string): string[] {
  const own = path.join(runFolder, SLURM_FOLDER);
  const inner = (folder: string, name: RegExp) => filesIn(path.join(own, folder), name).map((file) => path.join(folder, file));
  const plans = plansOf(own);
  return [
    ...filesIn(own, OTHERS),
    ...foldersIn(own, ENGINE).flatMap((folder) => inner(folder, ENGINE_FILES)),
    ...plans.flatMap((plan) => Object.entries(PLAN_FILES).flatMap(([folder, name]) => inner(path.join(plan, folder), name))),
  ].map((file) => path.join(SLURM_FOLDER, file));
}

/** Removes folders of ours in which nothing is left. */
export function removeEmptyRemains(runFolder: string): void {
  const own = path.join(runFolder, SLURM_FOLDER);
  const folders = plansOf(own).flatMap((plan) => [...Object.keys(PLAN_FILES)].reverse().map((name) => path.join(plan, name)));
  for (const folder of [...folders, ...foldersIn(own, ENGINE), '']) {
    try {
      fs.rmdirSync(path.join(own, folder));
    } catch {
      // It is not there, or somebody keeps other files in it.
    }
  }
}

/** Ids of all that was submitted for a run; undefined in place of one that nobody knows. */
export function submittedJobs(runFolder: string): (number | undefined)[] {
  const own = path.join(runFolder, SLURM_FOLDER);
  const merges = filesIn(own, /^merges\.json$/).length > 0 ? readMerges(own) : [];
  const arrays = plansOf(own).flatMap((plan) => {
    const attempts = path.join(own, plan, 'attempts');
    const known = new Set(filesIn(attempts, /^\d{4,}\.id$/));
    return filesIn(attempts, /^\d{4,}\.json$/).map((name) => {
      const file = name.replace('json', 'id');
      const id = known.has(file) ? Number(fs.readFileSync(path.join(attempts, file), 'utf8')) : NaN;
      return Number.isSafeInteger(id) && id > 0 ? id : undefined;
    });
  });
  return [...merges, ...arrays];
}

function plansOf(own: string): string[] {
  return foldersIn(own, PLAN);
}

function entriesOf(folder: string): fs.Dirent[] {
  // A link to a folder is followed nowhere.
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return fs.readdirSync(folder, { withFileTypes: true });
}

function foldersIn(folder: string, name: RegExp): string[] {
  return entriesOf(folder).flatMap((entry) => (entry.isDirectory() && name.test(entry.name) ? [entry.name] : []));
}

function filesIn(folder: string, name: RegExp): string[] {
  return entriesOf(folder).flatMap((entry) => (entry.isFile() && name.test(entry.name) ? [entry.name] : []));
}
