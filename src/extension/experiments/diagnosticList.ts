import * as vscode from 'vscode';
import type { TextRange } from '../../experiment';
import type { JsonPath } from '../../experiment/problem';
import type { Verdict } from '../../protocol/events';
import type { ExperimentAnalysis } from './experimentDocument';
import { verdictText } from './words';

const SOURCE = 'Recovery Lab';

const VERDICT_SEVERITY = {
  met: vscode.DiagnosticSeverity.Information,
  failed: vscode.DiagnosticSeverity.Warning,
  inconclusive: vscode.DiagnosticSeverity.Information,
} as const satisfies Record<Verdict['result'], vscode.DiagnosticSeverity>;

/** Code of what a run found in the file that typing does not, such as a file of weights that is not there. */
export const RUN_FAILED = 'run-failed';

/** What kept a run from its results, and where in the file it lies. */
export interface Failure {
  path: JsonPath;
  message: string;
}

/** Lines and columns of the experiment parser count from 1, those of the editor from 0. */
export function toRange({ line, column, endLine, endColumn }: TextRange): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

function diagnostic(range: vscode.Range, message: string, severity: vscode.DiagnosticSeverity, code: string): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range, message, severity);
  made.source = SOURCE;
  made.code = code;
  return made;
}

/** Errors and warnings of the file, each at the value that it is about. `isLeftOut` names rules that somebody else shows. */
export function problemDiagnostics(analysis: ExperimentAnalysis, isLeftOut: (code: string) => boolean): vscode.Diagnostic[] {
  const { parsed, inexpressible } = analysis;
  return [
    ...parsed.problems
      .filter(({ code }) => !isLeftOut(code))
      .map(({ range, message, severity, code }) =>
        diagnostic(
          toRange(range),
          message,
          severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
          code,
        ),
      ),
    ...inexpressible.map(({ path, message }) =>
      diagnostic(toRange(parsed.rangeOf(path)), message, vscode.DiagnosticSeverity.Error, 'target-inexpressible'),
    ),
  ];
}

/** What came out of a run, each at its expectation. */
export function verdictDiagnostics({ parsed }: ExperimentAnalysis, verdicts: readonly Verdict[]): vscode.Diagnostic[] {
  return verdicts.map((verdict) =>
    diagnostic(
      toRange(parsed.rangeOf(verdict.at)),
      verdictText(verdict),
      VERDICT_SEVERITY[verdict.result],
      `verdict-${verdict.result}`,
    ),
  );
}

/** Why a run has no result, each reason where it lies. */
export function failureDiagnostics({ parsed }: ExperimentAnalysis, failures: readonly Failure[]): vscode.Diagnostic[] {
  return failures.map(({ path, message }) =>
    diagnostic(toRange(parsed.rangeOf(path)), message, vscode.DiagnosticSeverity.Error, RUN_FAILED),
  );
}
