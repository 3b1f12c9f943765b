import fs from 'node:fs';
import path from 'node:path';
import type { ResolvedExperiment } from '../../experiment/resolved';
import { EngineError, fileValue } from '../errors';
import { countJobs, type WholeJobList } from '../schedule/executor';
import { syncFolder } from '../store/appendFile';
import { checkedLine, readCheckedLine } from '../store/checkedLine';
import { decodeExact, encodeExact } from '../store/exactJson';
import { hashValue } from '../store/hashValue';
import type { Chunks } from './chunks';

export const PLAN_FILE = 'plan.jsonl';
const FORMAT = 1;

/** What all tasks of one list of jobs agree on; never changed once it is there. */
export interface PlanHead extends Chunks {
  plan: number;
  /** Of the experiment. */
  hash: string;
  engine: string;
  /** Hash of the list and of what was shared. */
  list: string;
  /** Whether curves and spectra are wanted. */
  curves: boolean;
  spectra: boolean;
}

export interface Plan extends PlanHead {
  experiment: ResolvedExperiment;
  shared: unknown;
  wholeList: WholeJobList<unknown>;
}

/** Hash by which a list of jobs, with what was shared, is known in a journal too. */
export function listHash(jobs: WholeJobList<unknown>, shared: unknown): string {
  return hashValue(jobs, shared).slice(0, 32);
}

/** Writes a plan and its folders; the plan has its name when all of it is on the disk. */
export function writePlan(folder: string, plan: Omit<Plan, 'plan'>): PlanHead {
  const { experiment, shared, wholeList, ...rest } = plan;
  const head: PlanHead = { plan: FORMAT, ...rest };
  for (const each of ['', 'attempts', 'live', 'done', 'failed', 'logs'])
    fs.mkdirSync(path.join(folder, each), { recursive: true });
  const file = path.join(folder, PLAN_FILE);
  const lines = [
    JSON.stringify(head),
    ...[experiment, shared, wholeList].map((part) => JSON.stringify({ data: encodeExact(part) })),
  ];
  fs.writeFileSync(`${file}.partial`, Buffer.concat(lines.map(checkedLine)), { flush: true });
  fs.renameSync(`${file}.partial`, file);
  syncFolder(folder);
  return head;
}

/** @returns undefined where there is no plan */
export function readPlanHead(folder: string): PlanHead | undefined {
  const lines = readLines(folder);
  return lines && headOf(folder, lines[0]);
}

/** @throws EngineError when it is not what was written */
export function readPlan(folder: string): Plan {
  const lines = readLines(folder);
  if (!lines) throw damaged(folder, 'is not there');
  const head = headOf(folder, lines[0]);
  const [experiment, shared, wholeList] = lines.slice(1).map((line) => decodeExact((JSON.parse(line) as { data: string }).data));
  const plan = { ...head, experiment, shared, wholeList } as Plan;
  if (listHash(plan.wholeList, shared) !== head.list || countJobs(plan.wholeList) !== head.jobs)
    throw damaged(folder, 'does not hold the jobs that it was made for');
  return plan;
}

function headOf(folder: string, line: string): PlanHead {
  let head: Partial<PlanHead>;
  try {
    head = Object(JSON.parse(line)) as Partial<PlanHead>;
  } catch {
    throw damaged(folder, 'is damaged');
  }
  if (head.plan !== FORMAT) throw damaged(folder, `has version ${fileValue(head.plan)}, which this engine does not know`);
  const { jobs, size } = head;
  if (!Number.isSafeInteger(jobs) || !Number.isSafeInteger(size) || jobs! < 1 || size! < 1)
    throw damaged(folder, 'does not say how its jobs are cut');
  return head as PlanHead;
}

function readLines(folder: string): string[] | undefined {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(path.join(folder, PLAN_FILE));
  } catch {
    return undefined;
  }
  const lines: string[] = [];
  for (let start = 0, end = bytes.indexOf(0x0a); end >= 0; start = end + 1, end = bytes.indexOf(0x0a, start)) {
    const text = readCheckedLine(bytes.subarray(start, end));
    if (text === undefined) throw damaged(folder, 'is damaged');
    lines.push(text);
  }
  if (lines.length !== 4) throw damaged(folder, 'is not whole');
  return lines;
}

function damaged(folder: string, what: string): EngineError {
  return new EngineError('slurm-plan', `The plan in ${folder} ${what}. Remove that folder and go on with recovery resume.`);
}
