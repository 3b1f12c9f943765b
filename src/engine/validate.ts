import path from 'node:path';
import { parseExperiment, type ParsedExperiment } from '../experiment';
import { formatPath, type Problem } from '../experiment/problem';
import type { ResolvedExperiment } from '../experiment/resolved';
import { EXIT } from './errors';
import type { FailedEvent } from '../protocol/events';
import { obstacles } from './theory';

export interface Validated {
  parsed: ParsedExperiment;
  /** Errors first. */
  problems: Problem[];
  /** Only when there is no error. */
  experiment: ResolvedExperiment | undefined;
}

/** Everything that can be said against an experiment before it runs: syntax, schema, semantics, and what the model cannot express. */
export function validate(text: string): Validated {
  const parsed = parseExperiment(text);
  if (!parsed.resolved) return { parsed, problems: parsed.problems, experiment: undefined };
  const known = new Set(parsed.problems.map((problem) => formatPath(problem.path)));
  const found = obstacles(parsed.resolved)
    .filter((finding) => !known.has(formatPath(finding.path)))
    .map(({ path: at, message }): Problem => ({
      code: 'inexpressible-target',
      severity: 'error',
      message,
      path: at,
      range: parsed.rangeOf(at),
    }));
  return { parsed, problems: [...found, ...parsed.problems], experiment: found.length > 0 ? undefined : parsed.resolved };
}

/** The event with which a run of an invalid experiment ends. */
export function invalidExperiment(fileName: string, problems: readonly Problem[]): FailedEvent {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const { line, column } = first.range;
  return {
    type: 'failed',
    code: 'invalid-experiment',
    message: `${path.basename(fileName)}:${line}:${column}: ${first.message}${more}`,
    exitCode: EXIT.invalid,
    at: { path: first.path, line, column },
    problems: [...problems],
  };
}
