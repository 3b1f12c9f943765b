import { withProperty } from '../../experiment';

/** One sample size of the grid, trained `trials` times. */
export interface CellChoice {
  sampleSize: number;
  trials: number;
}

/**
 * The text of an experiment reduced to one sample size. Everything else stays as it is, comments included, so its numbers
 * are those of the same cell in the whole grid. Expectations go, because most of them are about the whole grid.
 */
export function cellText(text: string, { sampleSize, trials }: CellChoice): string {
  const oneSize = withProperty(text, ['data', 'sampleSizes'], sampleSize);
  const fewTrials = withProperty(oneSize, ['training', 'trials'], trials);
  return withProperty(fewTrials, ['expect'], undefined);
}
