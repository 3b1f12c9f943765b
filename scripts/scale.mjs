// node scripts/scale.mjs [CELLS] [SECONDS] [TASKS AT A TIME]: what a sweep of short trainings costs a cluster, by a simulation of
// its array tasks, with what docs/scale.md assumes and measures.
const [cells = 1_000_000, seconds = 0.5, slots = 100] = process.argv.slice(2).map(Number);

/** Measured with `npm run test:slurm scale` (docs/scale.md). */
const BYTES_PER_CELL = { journal: 572, events: 275 };
/** Assumed: what a cluster allows, how fast it starts tasks, how often it loses a node under a task. */
const LIMITS = { maxArraySize: 1001, maxJobCount: 10_000 };
const STARTS_PER_SECOND = 7;
const START_SECONDS = 5;
const LOSSES_PER_TASK_HOUR = 1 / 1000;
const REQUEUE_SECONDS = 120;
const FLUSH_SECONDS = 10;

/** A small generator (mulberry32): every table can be had again. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chunks as src/engine/slurm/chunks.ts cuts them. */
function chunksOf(minutes, mostChunks) {
  const size = Math.min(cells, Math.max(1, Math.floor((minutes * 60) / seconds), Math.ceil(cells / mostChunks)));
  return { size, count: Math.ceil(cells / size) };
}

/** Runs all tasks on the slots, each started when a slot is free and the scheduler gets to it. */
function simulate({ size, count }) {
  const random = randomNumbers(1);
  const free = new Float64Array(slots);
  let scheduler = 0;
  let losses = 0;
  let again = 0;
  let end = 0;
  const begun = [];
  for (let chunk = 0; chunk < count; chunk++) {
    let slot = 0;
    for (let i = 1; i < slots; i++) if (free[i] < free[slot]) slot = i;
    let left = Math.min(size, cells - chunk * size) * seconds;
    let start = Math.max(free[slot], scheduler);
    scheduler = start + 1 / STARTS_PER_SECOND;
    begun.push(start);
    for (;;) {
      const untilLoss = (-Math.log(1 - random()) / LOSSES_PER_TASK_HOUR) * 3600;
      if (untilLoss >= left) {
        free[slot] = start + START_SECONDS + left;
        break;
      }
      losses++;
      // What was not brought to the file is done again.
      const lost = Math.min(untilLoss, FLUSH_SECONDS * random());
      again += lost;
      left -= untilLoss - lost;
      start += START_SECONDS + untilLoss + REQUEUE_SECONDS;
    }
    end = Math.max(end, free[slot]);
  }
  // In steady state: not the first round, when all slots are free.
  const steady = begun.filter((start) => start > 60);
  return { end, losses, again, perMinute: steady.length / Math.max(1, (scheduler - 60) / 60) };
}

const hours = (time) => `${(time / 3600).toFixed(time < 36_000 ? 2 : 0)} h`;
console.log(
  `${cells} cells of ${seconds} s, ${slots} tasks at a time: ${hours((cells * seconds) / slots)} if starting cost nothing\n`,
);
console.log('minutes  tasks  arrays  most files  starts/min   time     lost nodes  done again');
for (const minutes of [seconds / 60, 1, 10, 60]) {
  const perCell = minutes * 60 === seconds;
  const chunks = chunksOf(minutes, perCell ? cells : Math.floor(LIMITS.maxJobCount / 4));
  const { end, losses, again, perMinute } = simulate(chunks);
  const arrays = Math.ceil(chunks.count / LIMITS.maxArraySize);
  // Published chunks and logs, live files of running tasks, three files an array, and those of run and plan.
  const files = 2 * chunks.count + slots + 3 * arrays + 7;
  const tooMany = chunks.count > LIMITS.maxJobCount ? ' (above MaxJobCount)' : '';
  console.log(
    [
      (perCell ? 'one cell' : String(minutes)).padEnd(8),
      String(chunks.count).padStart(6),
      String(arrays).padStart(6),
      String(files).padStart(11),
      perMinute.toFixed(1).padStart(11),
      hours(end).padStart(9),
      String(losses).padStart(11),
      `${again.toFixed(0)} s`.padStart(11),
    ].join(' ') + tooMany,
  );
}
const gigabytes = (bytes) => `${((bytes * cells) / 1e9).toFixed(2)} GB`;
console.log(
  `\nbytes: journal ${gigabytes(BYTES_PER_CELL.journal)}, events ${gigabytes(BYTES_PER_CELL.events)}; published chunks as much as the journal, until the run ends`,
);
