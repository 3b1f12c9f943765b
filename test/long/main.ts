import { performance } from 'node:perf_hooks';
import { listRuns } from './runs';
import { streamRun } from './stream';

function heapMegabytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

/** `main.ts [HOURS]`: eight simulated hours and a thousand runs, with what they take. */
async function main([hours = '8']: string[]): Promise<void> {
  const before = heapMegabytes();
  const heaps: number[] = [];
  const startedAt = performance.now();
  const { said, shown, cellsShown } = await streamRun({
    hours: Number(hours),
    cells: 10_000,
    sample: () => heaps.push(heapMegabytes() - before),
  });
  const took = (performance.now() - startedAt) / 1000;
  console.log(
    `${hours} simulated hours, 10000 trainings: ${said} events in ${took.toFixed(1)} s, ${shown} shown, ${cellsShown} trainings in the panel.`,
  );
  console.log(`Heap of host and panel after each tenth, in MB: ${heaps.map((each) => each.toFixed(1)).join(', ')}`);
  for (const count of [1000, 10_000]) {
    const empty = heapMegabytes();
    const from = performance.now();
    const list = listRuns(count);
    const ms = performance.now() - from;
    console.log(
      `${count} runs: ${list.groups.length} groups in ${ms.toFixed(0)} ms, ${(heapMegabytes() - empty).toFixed(1)} MB.`,
    );
  }
}

void main(process.argv.slice(2));
