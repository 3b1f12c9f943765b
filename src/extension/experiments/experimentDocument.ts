import type * as vscode from 'vscode';
import { isQuick } from '../../engine/theory';
import { parseExperiment, type JsonPath, type ParsedExperiment } from '../../experiment';
import type { Prediction } from '../../protocol/events';
import type { Disposable } from '../disposable';
import type { SpokenWords } from '../spokenWords';
import { askTheory, type TheoryAnswer } from '../theory/theoryAnswer';
import { TheoryThread } from '../theory/theoryThread';

/** What is known about the text of an experiment file without running it. */
export interface ExperimentAnalysis {
  /** The text that was analysed: what is in the editor, saved or not. */
  text: string;
  parsed: ParsedExperiment;
  /** Where and why the model cannot express the target. */
  inexpressible: { path: JsonPath; message: string }[];
  /** Undefined while the file has errors, and while the theory is thinking. */
  prediction: Prediction | undefined;
  /** Whether the theory is still thinking, on a thread of its own. */
  isPending: boolean;
}

/** What a document needs of the extension. */
export interface AnalysisHost {
  /** The program of the thread for questions that take longer. */
  readonly theoryProgram: string;
  /** The language of what the theory says. */
  readonly words: SpokenWords;
  onBug(error: unknown): void;
}

/** One open experiment file. Its analysis is made when asked for, once for each version of the text. */
export class ExperimentDocument implements Disposable {
  private analysed: { version: number; analysis: ExperimentAnalysis; settled: Promise<void> } | undefined;
  private thread: TheoryThread | undefined;

  constructor(
    readonly document: vscode.TextDocument,
    private readonly host: AnalysisHost,
    /** The theory has answered a question that took longer. */
    private readonly onAnswer: () => void = () => undefined,
  ) {}

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  get analysis(): ExperimentAnalysis {
    return this.current.analysis;
  }

  /** The analysis with what the theory says, however long that takes. */
  async settled(): Promise<ExperimentAnalysis> {
    const { analysis, settled } = this.current;
    await settled;
    return analysis;
  }

  dispose(): void {
    this.thread?.dispose();
  }

  private get current() {
    const { version } = this.document;
    if (this.analysed?.version !== version) this.analysed = { version, ...this.analyse(this.document.getText()) };
    return this.analysed;
  }

  private analyse(text: string): { analysis: ExperimentAnalysis; settled: Promise<void> } {
    this.thread?.dispose();
    const read = parseExperiment(text);
    const problems = read.problems.map((problem) => ({ ...problem, message: this.host.words.say(problem.message) }));
    const parsed = { ...read, problems };
    const analysis: ExperimentAnalysis = { text, parsed, inexpressible: [], prediction: undefined, isPending: false };
    return { analysis, settled: this.consultTheory(analysis) };
  }

  /** Fills in what the theory says: at once where that is quick. */
  private async consultTheory(analysis: ExperimentAnalysis): Promise<void> {
    const experiment = analysis.parsed.resolved;
    if (!experiment) return;
    const take = (answer: TheoryAnswer | undefined) => {
      if (answer)
        Object.assign(analysis, {
          inexpressible: answer.obstacles.map(({ path, message }) => ({ path, message: this.host.words.say(message) })),
          prediction: answer.prediction && this.host.words.prediction(answer.prediction),
        });
    };
    try {
      if (isQuick(experiment)) return take(askTheory(experiment));
      analysis.isPending = true;
      this.thread = new TheoryThread(this.host.theoryProgram, experiment);
      take(await this.thread.answer);
    } catch (error) {
      // The file is still good to edit and to run, so a bug in the theory must not take the editor features with it.
      this.host.onBug(error);
    }
    if (!analysis.isPending) return;
    analysis.isPending = false;
    this.onAnswer();
  }
}

/** Number of problems that keep the experiment from running. */
export function errorCount({ parsed, inexpressible: list }: ExperimentAnalysis): number {
  return parsed.problems.filter((problem) => problem.severity === 'error').length + list.length;
}
