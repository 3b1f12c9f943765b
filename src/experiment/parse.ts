import { checkMeaning, ExperimentSchema, resolveExperiment, type ExperimentFile } from './kinds';
import type { JsonPath, Problem, TextRange } from './problem';
import type { ResolvedExperiment } from './resolved';
import { parseText } from './syntax';
import { validate } from './validate';

export interface ParsedExperiment {
  /** Syntax, schema and meaning; errors first, each group in the order of the text. */
  problems: Problem[];
  /** The value, when syntax and schema are right. */
  file: ExperimentFile | undefined;
  /** Defaults filled in, sample sizes listed; only when there is no error. */
  resolved: ResolvedExperiment | undefined;
  /** Whether a value is written at a path. */
  has(path: JsonPath): boolean;
  /** Range of the value at a path; of its nearest ancestor when it is absent. */
  rangeOf(path: JsonPath): TextRange;
  /** Range of the property at a path, its name and the first line of its value; of the nearest ancestor when it is absent. */
  keyRangeOf(path: JsonPath): TextRange;
}

/** Reads the text of an experiment file. Whatever the text, it throws nothing and gives an experiment or problems. */
export function parseExperiment(text: string): ParsedExperiment {
  const { document, value, problems: syntaxProblems } = parseText(text);
  const places = {
    has: (path: JsonPath) => document.has(path),
    rangeOf: (path: JsonPath) => document.rangeOf(path),
    keyRangeOf: (path: JsonPath) => document.keyRangeOf(path),
  };
  if (syntaxProblems.length > 0) return { problems: syntaxProblems, file: undefined, resolved: undefined, ...places };
  const schemaFindings = validate(ExperimentSchema, value);
  if (schemaFindings.length > 0) {
    const problems = ordered(schemaFindings.map((finding) => document.locate(finding)));
    return { problems, file: undefined, resolved: undefined, ...places };
  }
  const file = value as ExperimentFile;
  const problems = ordered(checkMeaning(file).map((finding) => document.locate(finding)));
  const isRight = problems.every(({ severity }) => severity !== 'error');
  return { problems, file, resolved: isRight ? resolveExperiment(file) : undefined, ...places };
}

function ordered(problems: Problem[]): Problem[] {
  const rank = ({ severity }: Problem): number => (severity === 'error' ? 0 : 1);
  return problems.sort((a, b) => rank(a) - rank(b) || a.range.offset - b.range.offset);
}
