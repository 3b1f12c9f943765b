import type { EngineEvent } from '../../protocol/events';
import type { ResultFigure } from '../../protocol/figure';
import type { ResultTable } from '../../protocol/table';

/**
 * Tables and figures of a study that fill in while it runs. Whoever changes what they show says so; they are made and told
 * when it is time for news, so that a thousand changes between two news cost one event.
 */
export class LiveResults {
  private readonly changed = new Map</* id of the table or figure */ string, () => EngineEvent | null>();

  constructor(private readonly emit: (event: EngineEvent) => void) {}

  /** Says that a table has changed; `make` builds all of it as it then stands, or null when there is nothing to show. */
  table(id: string, make: () => Omit<ResultTable, 'id'> | null): void {
    this.changed.set(`table ${id}`, () => {
      const table = make();
      return table && { type: 'table', table: { id, ...table } };
    });
  }

  /** Says that a figure has changed; `make` builds all of it as it then stands, or null when there is nothing to draw. */
  figure(id: string, make: () => Omit<ResultFigure, 'id'> | null): void {
    this.changed.set(`figure ${id}`, () => {
      const figure = make();
      return figure && { type: 'figure', figure: { id, ...figure } };
    });
  }

  /** Tells what has changed since the last time. */
  tell(): void {
    const events = [...this.changed.values()];
    this.changed.clear();
    for (const make of events) {
      const event = make();
      if (event) this.emit(event);
    }
  }
}
