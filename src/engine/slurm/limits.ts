/** What a cluster allows. */
export interface ClusterLimits {
  /** One more than the highest index of an array task. */
  maxArraySize: number;
  /** Jobs that the controller knows at a time, those of others too; every array task is one. */
  maxJobCount: number;
}

/** Reads `scontrol show config`; what is not told has Slurm's own default. */
export function parseLimits(text: string): ClusterLimits {
  const read = (name: string, byDefault: number) => {
    const match = new RegExp(`^\\s*${name}\\s*=\\s*(\\d+)`, 'm').exec(text);
    return match && Number(match[1]) > 0 ? Number(match[1]) : byDefault;
  };
  return { maxArraySize: read('MaxArraySize', 1001), maxJobCount: read('MaxJobCount', 10_000) };
}

/** Most tasks that one run should have in the queue: a quarter of what the controller can hold. */
export function mostTasks({ maxJobCount }: ClusterLimits): number {
  return Math.max(1, Math.floor(maxJobCount / 4));
}

/** Cuts tasks into arrays whose dense indices from 0 stay within the limit. */
export function splitIntoArrays<T>(tasks: readonly T[], { maxArraySize }: Pick<ClusterLimits, 'maxArraySize'>): T[][] {
  const arrays: T[][] = [];
  for (let from = 0; from < tasks.length; from += maxArraySize) arrays.push(tasks.slice(from, from + maxArraySize));
  return arrays;
}
