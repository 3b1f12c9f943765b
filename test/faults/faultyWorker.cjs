// Stands for dist/worker.js: the same worker, with something going wrong in the middle of its work.
const { isMainThread, threadId } = require('node:worker_threads');

const [fault, after, worker] = [process.env.FAULT, Number(process.env.FAULT_AFTER), process.env.FAULT_WORKER];
// Every slice of a job begins with this; one thread alone fails.
const store = Atomics.store;
let slices = 0;
Atomics.store = (...args) => {
  const stored = store(...args);
  if (!isMainThread && threadId === 1 && args[2] === 1 && ++slices === after) fail();
  return stored;
};

function fail() {
  if (fault === 'exit') process.exit(9);
  if (fault === 'throw') throw new RangeError('a fault that nobody expected');
  if (fault === 'hang') for (;;);
  const hoard = [];
  for (;;) hoard.push(Array.from({ length: 100_000 }, () => ({ more: 1 })));
}

require(worker);
