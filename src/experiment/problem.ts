/** A place in the text of an experiment file. Lines and columns count from 1 for people; offsets from 0 for editors. */
export interface TextRange {
  offset: number;
  length: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Keys and indices from the root of the experiment to a value, as in `['data', 'sampleSizes', 0]`. */
export type JsonPath = readonly (string | number)[];

/** Something that is wrong with an experiment file, said for the person who wrote it. */
export interface Problem {
  /** Stable name of the rule, such as `unknown-property` or `target-shape`. */
  code: string;
  severity: 'error' | 'warning';
  /** What is wrong, what is allowed and, where it can be guessed, what was meant. */
  message: string;
  path: JsonPath;
  range: TextRange;
  /** The nearest valid name, for a misspelt one: what a quick fix writes. */
  suggestion?: string;
}

/** `data.sampleSizes[0]`, or `(root)` for the whole file. */
export function formatPath(path: JsonPath): string {
  if (path.length === 0) return '(root)';
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}
