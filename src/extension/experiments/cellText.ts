import { applyEdits, modify, type JSONPath } from 'jsonc-parser';

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
  const write = (from: string, path: JSONPath, value: unknown) =>
    applyEdits(from, modify(from, path, value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  const oneSize = write(text, ['data', 'sampleSizes'], sampleSize);
  const fewTrials = write(oneSize, ['training', 'trials'], trials);
  return write(fewTrials, ['expect'], undefined);
}
