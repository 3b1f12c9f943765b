import type { EngineEvent } from '../../protocol/events';
import { publishedTable, type PublishedWords } from '../../protocol/publishedTable';
import { applyEvent, emptyRecord } from '../../protocol/reduce';
import type { ResultTable } from '../../protocol/table';

const WORDS: PublishedWords = {
  title: 'Published and measured',
  source: 'Published in',
  quantity: 'Quantity',
  at: 'At',
  published: 'Published',
  measured: 'Measured',
  unknown: (paths) => `The run has no result ${paths.map((path) => `“${path}”`).join(', ')}.`,
};

/** Of a run's events, what published numbers are compared with. */
const TOLD: readonly EngineEvent['type'][] = ['accepted', 'sampleSize', 'figure', 'finished'];

/** Keeps what a run measures of the numbers that its file says were published. */
export class PublishedTally {
  private readonly record = emptyRecord({ id: '', fileName: '', startedAt: 0 });

  add(event: EngineEvent): void {
    if (TOLD.includes(event.type)) applyEvent(this.record, event);
  }

  /** Published against measured; none where nothing was published. */
  tables(): ResultTable[] {
    return publishedTable(this.record, WORDS);
  }
}
