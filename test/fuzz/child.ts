import fs from 'node:fs';
import { TARGETS } from './targets';
import { tryInput, type Finding } from './tryInput';

/** What a child is to try: places `from` up to `to`. */
export interface Task {
  target: string;
  seed: number;
  from: number;
  to: number;
  /** A file where the place that is being tried always stands: a process that hangs or dies cannot say it. */
  mark: string;
}

/** What a child says: where it is, what it found, and at the end how much memory is left in use. */
export type Report =
  | { type: 'at'; place: number; slowest: number }
  | { type: 'finding'; finding: Finding }
  | { type: 'done'; place: number; slowest: number; grownMegabytes: number };

/** How often the parent hears. */
const BATCH_MS = 250;

/** Inputs after which caches and compiled code are warm: memory that grows from here on is not given back. */
const WARM = 500;

function heapMegabytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

export function work({ target: name, seed, from, to, mark }: Task, report: (report: Report) => void): void {
  const target = TARGETS.map((each) => each.target).find((each) => each.name === name);
  if (!target) throw new Error(`There is no target ${name}.`);
  let slowest = 0;
  let warm: number | undefined;
  let place = from;
  const marked = fs.openSync(mark, 'w');
  const place8 = Buffer.alloc(8);
  // In pieces: messages leave only between them.
  const piece = (): void => {
    const until = Date.now() + BATCH_MS;
    while (place < to && Date.now() < until) {
      place8.writeDoubleLE(place);
      fs.writeSync(marked, place8, 0, 8, 0);
      const { finding, seconds } = tryInput(target, seed, place);
      slowest = Math.max(slowest, seconds);
      if (finding) report({ type: 'finding', finding: { target: name, seed, place, ...finding } });
      place++;
      if (place - from === WARM) warm = heapMegabytes();
    }
    if (place >= to)
      return report({ type: 'done', place, slowest, grownMegabytes: warm === undefined ? 0 : heapMegabytes() - warm });
    report({ type: 'at', place, slowest });
    setImmediate(piece);
  };
  piece();
}

if (process.send) {
  process.on('message', (task: Task) => work(task, (report) => process.send?.(report)));
}
