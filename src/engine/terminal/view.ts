import path from 'node:path';
import type {
  AcceptedEvent,
  EngineEvent,
  FailedEvent,
  FinishedEvent,
  Prediction,
  RecoveryResults,
  SampleSizeResult,
} from '../../protocol/events';
import type { ResultTable } from '../../protocol/table';
import { createColors, printable, wantsColors, type Colors } from './colors';
import { describeExperiment } from './describe';
import { FlowTally } from './flowTally';
import { formatDuration, reliance, wrapText } from './format';
import { LiveLine, type TerminalStream } from './liveLine';
import { formatProblems } from './problems';
import { formatProgress } from './progressBar';
import { PublishedTally } from './publishedTally';
import { formatRecoveryTable } from './recoveryTable';
import { SpectrumTally } from './spectrumTally';
import { formatTable } from './table';
import { formatOutcome, formatVerdicts } from './verdicts';

/** What progress counts, by the kind of experiment. */
const NOUNS: Record<string, string | undefined> = { recovery: 'trainings', rank: 'ranks' };

/** Draws a run on a terminal from its events. */
export class TerminalView {
  private readonly colors: Colors;
  private readonly live: LiveLine;
  private readonly sizes = new Map<number, SampleSizeResult>();
  private readonly tables = new Map</* id */ string, ResultTable>();
  private readonly flows = new FlowTally();
  private readonly spectra = new SpectrumTally();
  private readonly published = new PublishedTally();
  private accepted: AcceptedEvent | undefined;

  constructor(
    private readonly stream: TerminalStream,
    private readonly file: { name: string; text: string },
    environment: NodeJS.ProcessEnv,
  ) {
    this.colors = createColors(wantsColors(stream, environment));
    this.live = new LiveLine(stream, stream.isTTY === true && environment['TERM'] !== 'dumb');
  }

  /** Knows of a run that is drawn elsewhere. */
  know(accepted: AcceptedEvent): void {
    this.accepted = accepted;
  }

  take(event: EngineEvent): void {
    this.published.add(event);
    switch (event.type) {
      case 'accepted':
        return this.showExperiment(event);
      case 'progress':
        return this.live.update(
          formatProgress(event, NOUNS[this.accepted?.config.experiment ?? ''] ?? 'jobs', this.colors, this.stream.columns),
        );
      case 'cell':
        this.flows.add(event.cell);
        this.spectra.add(event.cell);
        return;
      case 'sampleSize':
        this.sizes.set(event.result.sampleSize, event.result);
        return;
      case 'table':
        this.tables.set(event.table.id, event.table);
        return;
      case 'finished':
        return this.showResults(event);
      case 'failed':
        return this.showFailure(event);
      default:
    }
  }

  private showExperiment(event: AcceptedEvent): void {
    this.accepted = event;
    const { config, predictions, cells, workers, backend, resumed } = event;
    this.print(this.colors.bold(printable(config.title || path.basename(this.file.name))));
    this.print(...describeExperiment(config, predictions, cells, this.colors));
    this.print(
      `${this.colors.dim('workers'.padEnd(14))}${workers === 0 ? 'this thread' : workers}${backend ? `, kernels: ${backend}` : ''}`,
      ...(resumed ? [`${this.colors.dim('resumed'.padEnd(14))}${resumedWords(resumed)}`] : []),
      '',
    );
  }

  private showResults({ summary, report, elapsedMs }: FinishedEvent): void {
    const { colors } = this;
    this.live.clear();
    const { predictions, verdicts } = summary;
    // What varies something is told by its tables.
    if (summary.experiment === 'recovery' && !summary.results.variants) this.showRecovery(summary.results, predictions);
    for (const table of [...this.tables.values(), ...this.published.tables()])
      this.print(...formatTable(table, colors, this.stream.columns), '');
    if (verdicts.length > 0) this.print(...formatVerdicts(verdicts, colors), '');
    this.print(`${formatOutcome(verdicts)} ${colors.dim(`(${formatDuration(elapsedMs)})`)}`);
    if (report) this.print(`Report: ${report}`);
    else if (this.accepted?.runFolder) this.print(`Run folder: ${this.accepted.runFolder}`);
    const certificates = certificateCount(summary.results);
    if (certificates > 0 && this.accepted?.runFolder) {
      const count = certificates === 1 ? '1 certificate' : `${certificates} certificates`;
      this.print(`${count}: check with recovery verify ${this.accepted.runFolder}`);
    }
  }

  private showRecovery(results: RecoveryResults, { optimisticSampleSize, exact }: Prediction): void {
    this.print(...this.recoveryTable(results.sampleSizes), '');
    const stable = results.linearlyStableFrom === null ? '' : `, linearly stable from n = ${results.linearlyStableFrom}`;
    const recovered =
      results.recoveredFrom === null ? 'Not recovered at the largest sample size' : `Recovered from n = ${results.recoveredFrom}`;
    const predicted = optimisticSampleSize === null ? '' : `, predicted ${exact ? '' : 'at the latest '}${optimisticSampleSize}`;
    this.print(this.colors.bold(`${recovered}${predicted}${stable}.`));
    if (results.modelRankMeasurement?.certified)
      this.print(`Model rank ${results.modelRank}, conclusive: ${reliance(results.modelRankMeasurement)}.`);
    for (const words of [this.flows.words(), this.spectra.words()]) if (words !== '') this.print(...wrapText(words, 110));
    this.print('');
  }

  private showFailure(event: FailedEvent): void {
    const { colors, file } = this;
    this.live.clear();
    if (event.problems) {
      this.stream.write(formatProblems(file.name, file.text, event.problems, colors));
      return;
    }
    if (event.code === 'detached') return this.print(printable(event.message));
    if (event.code === 'cancelled') {
      const results = [...this.sizes.values()].sort((a, b) => a.sampleSize - b.sampleSize);
      this.print(...(results.length > 0 ? ['Cancelled. So far:', ...this.recoveryTable(results), ''] : ['Cancelled.']));
    } else this.print(`${colors.red('error')}: ${printable(event.message)}`);
    const folder = this.accepted?.runFolder;
    if (folder) this.print(`What was finished until then is kept. To go on from there: recovery resume ${folder}`);
  }

  private recoveryTable(results: readonly SampleSizeResult[]): string[] {
    if (!this.accepted || this.accepted.config.experiment !== 'recovery') return [];
    return formatRecoveryTable(results, this.accepted.predictions, this.accepted.config.analysis.recoveryTolerance, this.colors);
  }

  private print(...lines: string[]): void {
    this.stream.write(`${lines.join('\n')}\n`);
  }
}

function resumedWords({ jobs, damaged, checkpoints = 0 }: NonNullable<AcceptedEvent['resumed']>): string {
  const finished = jobs === 1 ? 'one finished job is kept' : `${jobs} finished jobs are kept`;
  const onTheirWay =
    checkpoints === 1 ? ', one other goes on from a checkpoint' : `, ${checkpoints} others go on from checkpoints`;
  const kept = checkpoints === 0 ? finished : finished + onTheirWay;
  if (damaged === 0) return kept;
  return `${kept}; ${damaged === 1 ? 'one line' : `${damaged} lines`} of the journal could not be read, so that work is done again`;
}

/** Number of certificates that results name, wherever they stand in them. */
function certificateCount(results: unknown): number {
  if (typeof results !== 'object' || results === null) return 0;
  const inner = Object.values(results).reduce<number>((sum, value) => sum + certificateCount(value), 0);
  return inner + ('upperBoundSource' in results && 'certificate' in results ? 1 : 0);
}
