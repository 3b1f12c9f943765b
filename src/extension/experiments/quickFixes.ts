import * as vscode from 'vscode';
import {
  experimentHash,
  jsonText,
  missingParts,
  parseExperiment,
  propertyEdits,
  withProperty,
  type JsonPath,
  type Problem,
} from '../../experiment';
import type { Summary } from '../../protocol/events';
import type { Runs } from '../runs/runs';
import { toRange } from './diagnosticList';
import type { ExperimentDiagnostics } from './experimentDiagnostics';
import type { ExperimentAnalysis } from './experimentDocument';
import type { ExperimentDocuments } from './experimentDocuments';
import { EXPERIMENT_SELECTOR } from './experimentFile';
import { expectationCandidates, isCountOrFlag, type ExpectationCandidate } from './expectationCandidates';
import { predictionPath } from './facts';
import { sampleSizesFrom } from './sampleSizesAtPrediction';

/** Longest value that is shown in the title of an action. */
const TITLE_LENGTH = 60;

/** Mends names and missing parts, and takes predictions and results into the file. */
export class QuickFixes implements vscode.CodeActionProvider {
  constructor(
    private readonly experiments: ExperimentDocuments,
    private readonly runs: Runs,
    private readonly diagnostics: ExperimentDiagnostics,
  ) {}

  static register(...parts: ConstructorParameters<typeof QuickFixes>): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(EXPERIMENT_SELECTOR, new QuickFixes(...parts), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite],
    });
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const { analysis } = this.experiments.of(document);
    const problems = analysis.parsed.problems.filter((problem) => toRange(problem.range).intersection(range));
    const fixes = problems.flatMap((problem) => {
      const of = context.diagnostics.filter(({ code, range: at }) => code === problem.code && at.isEqual(toRange(problem.range)));
      return [...rightNames(document, problem), ...missing(document, problem)].map((action) => {
        action.diagnostics = of;
        return action;
      });
    });
    return [
      ...fixes,
      ...this.asMeasured(document, analysis, range),
      ...this.fromPrediction(document, analysis, range),
      ...this.expectations(document, analysis, range),
    ];
  }

  private fromPrediction(document: vscode.TextDocument, analysis: ExperimentAnalysis, range: vscode.Range): vscode.CodeAction[] {
    const { parsed, prediction } = analysis;
    const size = prediction?.thresholds?.firstSeparated ?? prediction?.optimisticSampleSize ?? null;
    const path = ['data', 'sampleSizes'];
    if (size === null || !parsed.file || !touches(analysis, path, range)) return [];
    const sizes = sampleSizesFrom(parsed.file, size);
    if (sizes === undefined) return [];
    const title = vscode.l10n.t('Start sample sizes at the prediction, {0}', size);
    return [action(title, vscode.CodeActionKind.RefactorRewrite, document, path, sizes)];
  }

  /** Results of the last run of this very experiment, whatever was expected of it. */
  private lastSummary(uri: vscode.Uri, { parsed }: ExperimentAnalysis): Summary | undefined {
    const record = this.runs.record(uri);
    const isSame = parsed.resolved !== undefined && record?.accepted?.hash === experimentHash(parsed.resolved);
    return isSame ? record.finished?.summary : undefined;
  }

  /** At a failed expectation, what came out instead. */
  private asMeasured(document: vscode.TextDocument, analysis: ExperimentAnalysis, range: vscode.Range): vscode.CodeAction[] {
    const { text } = analysis;
    const judged = this.diagnostics.judgedOf(document.uri);
    if (judged?.text !== text) return [];
    return judged.verdicts.flatMap(({ id, result, value, at }) => {
      if (result !== 'failed' || !isCountOrFlag(value) || !touches(analysis, at, range)) return [];
      if (parseExperiment(withProperty(text, at, value)).resolved === undefined) return [];
      const title = vscode.l10n.t('Expect {name} to be {value}, as measured', { name: id, value: String(value) });
      return [action(title, vscode.CodeActionKind.QuickFix, document, at, value)];
    });
  }

  /** At the expectations, and where the prediction is shown. */
  private expectations(document: vscode.TextDocument, analysis: ExperimentAnalysis, range: vscode.Range): vscode.CodeAction[] {
    const { file } = analysis.parsed;
    if (!file || !(touches(analysis, ['expect'], range) || touches(analysis, predictionPath(analysis), range))) return [];
    return expectationCandidates(analysis.text, file, analysis.prediction, this.lastSummary(document.uri, analysis)).map(
      (candidate) =>
        action(expectationTitle(candidate), vscode.CodeActionKind.RefactorRewrite, document, candidate.path, candidate.value),
    );
  }
}

function expectationTitle({ path, value, source }: ExpectationCandidate): string {
  const words = { name: path.slice(1).join('.'), value: String(value) };
  return source === 'measured'
    ? vscode.l10n.t('Expect {name} to be {value}, as measured', words)
    : vscode.l10n.t('Expect {name} to be {value}, as predicted', words);
}

/** The nearest valid name for a misspelt one. */
function rightNames(document: vscode.TextDocument, problem: Problem): vscode.CodeAction[] {
  if (problem.suggestion === undefined) return [];
  const place = toRange(problem.range);
  const fix = new vscode.CodeAction(vscode.l10n.t('Change to "{0}"', problem.suggestion), vscode.CodeActionKind.QuickFix);
  fix.edit = new vscode.WorkspaceEdit();
  fix.edit.replace(document.uri, place, quotedLike(document.getText(place), problem.suggestion));
  fix.isPreferred = true;
  return [fix];
}

/** What is missing, with a value that fits. */
function missing(document: vscode.TextDocument, problem: Problem): vscode.CodeAction[] {
  const parts = missingParts(document.getText(), problem);
  return parts.map(({ path, value }) => {
    const written = `"${String(path.at(-1))}": ${jsonText(value).replace(/\s+/g, ' ')}`;
    const short = written.length > TITLE_LENGTH ? `${written.slice(0, TITLE_LENGTH)}…` : written;
    const fix = action(vscode.l10n.t('Insert {0}', short), vscode.CodeActionKind.QuickFix, document, path, value);
    fix.isPreferred = parts.length === 1;
    return fix;
  });
}

/** Sets a property, in the indentation of the file. */
function action(
  title: string,
  kind: vscode.CodeActionKind,
  document: vscode.TextDocument,
  path: JsonPath,
  value: unknown,
): vscode.CodeAction {
  const made = new vscode.CodeAction(title, kind);
  made.edit = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of propertyEdits(document.getText(), path, value, indentOf(document))) {
    const place = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    made.edit.replace(document.uri, place, content);
  }
  return made;
}

/** Whether a range is at a property that the file has. */
function touches({ parsed }: ExperimentAnalysis, path: JsonPath, range: vscode.Range): boolean {
  if (!parsed.has(path)) return false;
  const place = toRange(parsed.keyRangeOf(path)).union(toRange(parsed.rangeOf(path)));
  return place.intersection(range) !== undefined;
}

/** One step of indentation: that of the first line that has one. */
function indentOf(document: vscode.TextDocument): string {
  return /^([ \t]+)"/m.exec(document.getText())?.[1] ?? '  ';
}

/** Names stand in quotes in the file; a range may hold the quotes or only what is between them. */
function quotedLike(replaced: string, name: string): string {
  return replaced.startsWith('"') ? JSON.stringify(name) : name;
}
