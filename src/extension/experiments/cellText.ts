import { parseExperiment, variantsOf, withProperty } from '../../experiment';

/** One sample size of the grid, trained `trials` times. */
export interface CellChoice {
  sampleSize: number;
  trials: number;
  /** Of an experiment that varies something: which of its values, from 0. */
  variant?: number;
  /** Number of the first of these trials; undefined as the file says. */
  firstTrial?: number;
}

/** What varying can change. */
const VARIED_PARTS = [
  ['model'],
  ['target'],
  ['training', 'initialization'],
  ['training', 'optimizer'],
  ['training', 'dropout'],
  ['training', 'dropoutSteps'],
];

/**
 * The text of an experiment reduced to one sample size, and to one value where it varies something. Everything else stays as it is,
 * comments included, so its numbers are those of the same cell in the whole grid. Expectations go, because most of them are
 * about the whole grid, and so does a search.
 */
export function cellText(text: string, { sampleSize, trials, variant, firstTrial }: CellChoice): string {
  const edits: [path: string[], value: unknown][] = [
    ...(variant === undefined ? [] : ofVariant(text, variant)),
    [['data', 'sampleSizes'], sampleSize],
    [['data', 'search'], undefined],
    [['training', 'trials'], trials],
    ...(firstTrial === undefined ? [] : [[['training', 'firstTrial'], firstTrial] satisfies [string[], number]]),
    [['expect'], undefined],
  ];
  return edits.reduce((edited, [path, value]) => withProperty(edited, path, value), text);
}

/** Sets what one value of the experiment makes different, and takes the list of values away. */
function ofVariant(text: string, index: number): [path: string[], value: unknown][] {
  const experiment = parseExperiment(text).resolved;
  const variant = experiment?.experiment === 'recovery' ? variantsOf(experiment)[index]?.experiment : undefined;
  if (!variant) throw new RangeError(`no value ${index}`);
  const changed = VARIED_PARTS.map((path) => ({ path, before: valueAt(experiment, path), value: valueAt(variant, path) })).filter(
    ({ before, value }) => JSON.stringify(before) !== JSON.stringify(value),
  );
  return [...changed.map(({ path, value }): [string[], unknown] => [path, value]), [['vary'], undefined]];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], value);
}
