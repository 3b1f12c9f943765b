import { parseExperiment, type ExperimentKindName } from '../../experiment';

/** What an example of the gallery says about itself. */
export interface ExampleSummary {
  title: string;
  kind: ExperimentKindName;
  /** Number of the paper that its first comment names first, such as `2211.11623`. */
  paper: string | undefined;
  /** Where in it: `Fig. 2`, `Table 1`, `Theorem 6.1`. */
  place: string | undefined;
  /** Files beside it that it reads. */
  dataFiles: string[];
}

/** Reads the head of an example; undefined when it is no experiment. */
export function exampleSummary(text: string): ExampleSummary | undefined {
  const { file } = parseExperiment(text);
  if (!file) return undefined;
  const comment = /^(\/\/.*\n)+/.exec(text)?.[0].replace(/\n\/\/ ?/g, ' ') ?? '';
  return {
    title: file.title ?? file.experiment,
    kind: file.experiment,
    paper: /arXiv (\d{4}\.\d{4,5})/.exec(comment)?.[1],
    place: /\b(?:Fig\.|Table|Theorem|Lemma) \d+(?:\.\d+)*/.exec(comment)?.[0],
    dataFiles: [...new Set(strings(file).filter((each) => /^data\/[\w.-]+$/.test(each)))],
  };
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
