import type * as vscode from 'vscode';
import { obstacles, predict } from '../../engine/theory';
import { parseExperiment, type JsonPath, type ParsedExperiment } from '../../experiment';
import type { Prediction } from '../../protocol/events';

/** What is known about the text of an experiment file without running it. */
export interface ExperimentAnalysis {
  /** The text that was analysed: what is in the editor, saved or not. */
  text: string;
  parsed: ParsedExperiment;
  /** Where and why the model cannot express the target. */
  inexpressible: { path: JsonPath; message: string }[];
  /** Undefined while the file has errors. */
  prediction: Prediction | undefined;
}

/** One open experiment file. Its analysis is made when asked for, once for each version of the text. */
export class ExperimentDocument {
  private analysed: { version: number; analysis: ExperimentAnalysis } | undefined;

  constructor(
    readonly document: vscode.TextDocument,
    private readonly onBug: (error: unknown) => void,
  ) {}

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  get analysis(): ExperimentAnalysis {
    const { version } = this.document;
    if (this.analysed?.version !== version) this.analysed = { version, analysis: this.analyse(this.document.getText()) };
    return this.analysed.analysis;
  }

  private analyse(text: string): ExperimentAnalysis {
    const parsed = parseExperiment(text);
    const analysis: ExperimentAnalysis = { text, parsed, inexpressible: [], prediction: undefined };
    if (!parsed.resolved) return analysis;
    try {
      analysis.inexpressible = obstacles(parsed.resolved);
      if (analysis.inexpressible.length === 0) analysis.prediction = predict(parsed.resolved);
    } catch (error) {
      // The file is still good to edit and to run, so a bug in the theory must not take the editor features with it.
      this.onBug(error);
    }
    return analysis;
  }
}

/** Number of problems that keep the experiment from running. */
export function errorCount({ parsed, inexpressible: list }: ExperimentAnalysis): number {
  return parsed.problems.filter((problem) => problem.severity === 'error').length + list.length;
}
