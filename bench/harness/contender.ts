import { median, smallest } from './statistics';

/** Somebody who does the work that a table is about. */
export interface Contender {
  readonly name: string;
  /** Seconds for one unit of work; several, when one call measures more than once. */
  sample(): Promise<readonly number[]>;
  /** How its result compares; filled in by the table. */
  result?: string;
}

export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly best: number;
  readonly samples: number;
  readonly result: string;
  /** Why there are no samples. */
  readonly failure: string | null;
}

export interface Rounds {
  rounds: number;
  /** A contender that has used this much time takes no part in further rounds. */
  secondsEach: number;
}

/** Lets the contenders take turns, in the same order in every round, so that what else happens on the machine hits all alike. */
export async function interleave(contenders: readonly Contender[], { rounds, secondsEach }: Rounds): Promise<Timing[]> {
  const records = contenders.map((contender) => ({
    contender,
    samples: [] as number[],
    used: 0,
    failure: null as string | null,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const record of records) {
      if (record.failure !== null || record.used >= secondsEach) continue;
      const started = performance.now();
      try {
        record.samples.push(...(await record.contender.sample()));
      } catch (error) {
        record.failure = error instanceof Error ? error.message : String(error);
      }
      record.used += (performance.now() - started) / 1000;
    }
  }
  return records.map(({ contender, samples, failure }) => ({
    name: contender.name,
    median: median(samples),
    best: smallest(samples),
    samples: samples.length,
    result: contender.result ?? '',
    failure,
  }));
}

/** Wraps work that is measured from outside. */
export function timed(name: string, work: () => unknown): Contender {
  return {
    name,
    async sample() {
      const started = performance.now();
      await work();
      return [(performance.now() - started) / 1000];
    },
  };
}

/** The one with the smallest median among those whose name begins like this. */
export function fastest(timings: readonly Timing[], prefix: string): Timing | undefined {
  const measured = timings.filter(({ name, median: middle }) => name.startsWith(prefix) && Number.isFinite(middle));
  return measured.sort((a, b) => a.median - b.median).at(0);
}
