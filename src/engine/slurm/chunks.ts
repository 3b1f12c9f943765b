/** How jobs of a list are cut into chunks of neighbours, each the work of one task. */
export interface Chunks {
  /** Jobs of the whole list. */
  readonly jobs: number;
  /** Jobs of every chunk but the last. */
  readonly size: number;
}

export function chunkCount({ jobs, size }: Chunks): number {
  return Math.ceil(jobs / size);
}

export function chunkOf({ size }: Chunks, job: number): number {
  return Math.floor(job / size);
}

/** Places of the jobs of a chunk. */
export function placesOf({ jobs, size }: Chunks, chunk: number): number[] {
  const from = chunk * size;
  return Array.from({ length: Math.max(0, Math.min(size, jobs - from)) }, (_, index) => from + index);
}

export interface Cost {
  jobs: number;
  /** Of one job on one core; undefined where it is longer than anybody waited. */
  secondsPerJob: number | undefined;
  cores: number;
  /** How long a task should take. */
  minutes: number;
  mostChunks: number;
}

/** Chunks that last about as long as they should, and are no more than there may be. */
export function cutByCost({ jobs, secondsPerJob, cores, minutes, mostChunks }: Cost): Chunks {
  const wanted = secondsPerJob === undefined ? 1 : Math.floor((minutes * 60 * cores) / secondsPerJob);
  return { jobs, size: Math.min(jobs, Math.max(1, wanted, Math.ceil(jobs / mostChunks))) };
}
