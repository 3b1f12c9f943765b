import type { CellResult, EngineEvent } from '../../protocol/events';

/** Number of trainings of a run whose curve, ranks and spectrum are kept in memory. */
export const DETAILED_CELLS = 2000;

/**
 * Keeps a run of very many trainings within memory, and panels quick: only the first trainings keep their curves, singular
 * values and eigenvalues. Losses, errors and verdicts of all are kept, and the run folder has everything.
 */
export class DetailLimit {
  private readonly detailed = new Set<string>();

  constructor(private readonly most = DETAILED_CELLS) {}

  /** The event as it is kept; undefined when nothing of it is. */
  limit(event: EngineEvent): EngineEvent | undefined {
    switch (event.type) {
      case 'curve':
      case 'spectrum':
        return this.keeps(event) ? event : undefined;
      case 'cell':
        return this.keeps(event.cell) ? event : { type: 'cell', cell: withoutDetails(event.cell) };
      default:
        return event;
    }
  }

  private keeps({ sampleSize, trial }: { sampleSize: number; trial: number }): boolean {
    const id = `${sampleSize}/${trial}`;
    if (this.detailed.has(id)) return true;
    if (this.detailed.size >= this.most) return false;
    this.detailed.add(id);
    return true;
  }
}

function withoutDetails(cell: CellResult): CellResult {
  const rest = { ...cell };
  delete rest.empiricalRank;
  delete rest.solutionRank;
  delete rest.solutionSpectra;
  delete rest.hessian;
  return rest;
}
