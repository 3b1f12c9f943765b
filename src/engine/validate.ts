import path from 'node:path';
import { parseExperiment, type ParsedExperiment } from '../experiment';
import { formatPath, type Problem } from '../experiment/problem';
import type { ResolvedExperiment } from '../experiment/resolved';
import { EXIT } from './errors';
import type { FailedEvent } from '../protocol/events';
import { obstacles } from './theory';
import { readFilePoints } from './weights/filePoints';

export interface Validated {
  parsed: ParsedExperiment;
  /** Errors first. */
  problems: Problem[];
  /** Only when there is no error. */
  experiment: ResolvedExperiment | undefined;
}

/**
 * Everything that can be said against an experiment before it runs: syntax, schema, semantics, what the model cannot express, and
 * files that it cannot have.
 *
 * @param fileName path of the experiment; files that it names stand beside it, and what is read from them becomes part of it.
 */
export function validate(text: string, fileName: string): Validated {
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
  const refused = (findings: Problem[]) => ({ parsed, problems: [...findings, ...parsed.problems], experiment: undefined });
  if (found.length > 0) return refused(found);
  const { experiment, failures } = readFilePoints(parsed.resolved, path.dirname(path.resolve(fileName)));
  if (failures.length > 0) {
    return refused(
      failures.map((failure) => {
        const at = parsed.has(failure.path) ? failure.path : ['point', ...failure.path.slice(2)];
        return { ...failure, path: at, severity: 'error', range: parsed.rangeOf(at) };
      }),
    );
  }
  return { parsed, problems: parsed.problems, experiment };
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
