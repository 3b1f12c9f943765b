import { EventBatch } from '../../src/extension/panels/eventBatch';
import { DetailLimit } from '../../src/extension/runs/detailLimit';
import type { EngineEvent } from '../../src/protocol/events';
import { decodeEvent, encodeLine, LineDecoder } from '../../src/protocol/lines';
import { applyEvent, emptyRecord } from '../../src/protocol/reduce';

const SIZES = 100;

export interface LongRun {
  /** Simulated. */
  hours: number;
  cells: number;
  /** Ten times each of them, in equal parts of the run. */
  sample(part: number): void;
}

/** Events of one second of a run: ten times progress and points of two curves, now and then a finished training. */
function* second(at: number, seconds: number, cells: number): Generator<EngineEvent> {
  for (let tenth = 0; tenth < 10; tenth++) {
    const step = 10 * at + tenth;
    yield {
      type: 'progress',
      done: Math.floor((at * cells) / seconds),
      total: cells,
      steps: step,
      elapsedMs: 100 * step,
      remainingMs: null,
    };
    for (let one = 0; one < 2; one++) {
      const cell = Math.floor((at * cells) / seconds) + one;
      const steps = [2 * step, 2 * step + 1];
      yield {
        type: 'curve',
        sampleSize: cell % SIZES,
        trial: Math.floor(cell / SIZES),
        steps,
        losses: [1 / (step + 1), 1 / (step + 2)],
      };
    }
  }
  for (let cell = Math.floor((at * cells) / seconds); cell < Math.floor(((at + 1) * cells) / seconds); cell++) {
    const place = { sampleSize: cell % SIZES, trial: Math.floor(cell / SIZES) };
    const eigenvalues = Array.from({ length: 64 }, (_, i) => i + cell / 7);
    const measurement = { eigenvalues, residual: 1e-14, converged: true };
    yield {
      type: 'cell',
      cell: {
        ...place,
        trainLoss: 1e-9,
        testError: 0.1,
        steps: at,
        stopReason: 'trainLoss',
        recovered: true,
        gradientNorm: 1e-9,
        hessian: measurement,
      },
    };
    yield { type: 'spectrum', ...place, measurement };
    const rows = Array.from({ length: SIZES }, (_, i) => [i, cell]);
    yield {
      type: 'table',
      table: {
        id: 'cells',
        title: 'Cells',
        columns: [
          { title: 'n', kind: 'integer' },
          { title: 'cell', kind: 'integer' },
        ],
        rows,
      },
    };
  }
}

/**
 * Streams the events of a long run, time compressed, the way they take: lines of the engine, the host's record, the panel's
 * batches, the panel's record. Returns how many events were said and how many reached the panel.
 */
export async function streamRun({ hours, cells, sample }: LongRun): Promise<{ said: number; shown: number; cellsShown: number }> {
  const identity = { id: 'run', fileName: 'a.recovery.json', startedAt: 0 };
  const host = emptyRecord(identity);
  const panel = emptyRecord(identity);
  const decoder = new LineDecoder();
  const details = new DetailLimit();
  let shown = 0;
  const batch = new EventBatch(
    (events) => {
      // A message to a page is a copy.
      for (const event of structuredClone(events)) applyEvent(panel, event);
      shown += events.length;
      return Promise.resolve();
    },
    () => Promise.reject(new Error('The panel was too slow.')),
  );
  const seconds = Math.round(hours * 3600);
  let said = 0;
  for (let at = 0; at < seconds; at++) {
    for (const event of second(at, seconds, cells)) {
      said++;
      for (const line of decoder.push(encodeLine(event))) {
        const decoded = 'value' in line ? decodeEvent(line.value) : undefined;
        if (!decoded) throw new Error('An event of the engine was not understood.');
        const kept = details.limit(decoded);
        if (!kept) continue;
        applyEvent(host, kept);
        batch.add(kept);
      }
    }
    batch.flush();
    // The answer of the page.
    await Promise.resolve();
    if ((at + 1) % Math.ceil(seconds / 10) === 0 || at === seconds - 1) sample(Math.round((10 * (at + 1)) / seconds));
  }
  batch.dispose();
  return { said, shown, cellsShown: Object.keys(panel.cells).length };
}
