import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { EngineEvent, RecoveryResults } from '../../../protocol/events';
import { LiveResults } from '../liveResults';
import type { Preparation } from '../preparation';
import { cellCount } from '../../plan';
import { RecoveredPictures } from '../recovered/telling';
import { runJobs } from '../runJobs';
import type { StudyRun } from '../study';
import { TracePictures } from '../trajectories/telling';
import { ThresholdSearch, type SearchRequest } from '../thresholdSearch';
import type { TrialOutcome, VariedJob } from './job';
import { medianLines, medianTable, MOST_LINES, phaseDiagram, searchTable, variantTable } from './pictures';
import { VariantTally } from './variantTally';

type Run = StudyRun<ResolvedRecoveryExperiment>;

/** An experiment that varies something, or searches for its threshold, or both. */
export async function conductVaried(run: Run): Promise<RecoveryResults> {
  const { experiment, executor, emit } = run;
  emit({ type: 'phase', phase: 'preparing' });
  const variants = variantsOf(experiment);
  const preparations: Preparation[] = [];
  await runJobs<VariedJob, Preparation>(
    run,
    variants.map((_, variant) => ({ kind: 'prepareVariant', variant })),
    { output: (preparation, variant) => (preparations[variant] = preparation) },
  );
  executor.share(preparations);

  const tallies = variants.map((variant, i) => {
    const tally = new VariantTally(variant, preparations[i], null);
    const { search } = experiment.data;
    return search ? new VariantTally(variant, preparations[i], searchFor(tally, search.confidence)) : tally;
  });
  emit({ type: 'phase', phase: 'training' });
  const live = new LiveResults(emit);
  const changed = () => tellResults(live, experiment, tallies);
  const entryOrders = preparations.map(({ entryOrder }) => entryOrder);
  const isSearch = experiment.data.search !== undefined;
  const pictures = new RecoveredPictures(experiment, entryOrders, isSearch ? undefined : cellCount(experiment));
  const training: Training = { run, tallies, pictures, traces: new TracePictures(experiment), live, changed };
  if (isSearch) await searchAll(training);
  else await trainAll(training);
  changed();
  live.tell();

  const results = tallies.map((tally) => tally.result());
  if (experiment.vary)
    return {
      modelRank: null,
      modelRankMeasurement: null,
      sampleSizes: [],
      recoveredFrom: null,
      linearlyStableFrom: null,
      variants: results,
    };
  const [{ sampleSizes, search, recoveredFrom, linearlyStableFrom }] = results;
  for (const result of sampleSizes) emit({ type: 'sampleSize', result });
  const { modelRank } = preparations[0];
  return {
    modelRank: modelRank?.rank ?? null,
    modelRankMeasurement: modelRank,
    sampleSizes,
    recoveredFrom,
    linearlyStableFrom,
    ...(search ? { search } : {}),
  };
}

function searchFor({ grid, prediction }: VariantTally, confidence: number): ThresholdSearch {
  const { optimisticSampleSize } = prediction;
  const at = optimisticSampleSize === null ? -1 : grid.sizes.findIndex((size) => size >= optimisticSampleSize);
  return new ThresholdSearch(grid.sizes.length, grid.trials, confidence, at < 0 ? null : at);
}

function tellResults(live: LiveResults, experiment: ResolvedRecoveryExperiment, tallies: readonly VariantTally[]): void {
  const results = () => tallies.map((tally) => tally.result());
  live.figure('phaseDiagram', () => phaseDiagram(experiment, results()));
  if (experiment.vary && tallies.length <= MOST_LINES) live.figure('medians', () => medianLines(results()));
  live.table('variants', () => variantTable(experiment, results()));
  if (!experiment.data.search) live.table('medians', () => medianTable(experiment, results()));
  else live.table('search', () => searchTable(results()));
}

/** What finished trainings go into. */
interface Training {
  run: Run;
  /** Of each variant. */
  tallies: readonly VariantTally[];
  pictures: RecoveredPictures;
  traces: TracePictures;
  live: LiveResults;
  changed: () => void;
}

/** Adds a finished training; `size` is an index of the grid. */
function add(
  { run, tallies, pictures, traces, live }: Training,
  variant: number,
  size: number,
  trial: number,
  outcome: TrialOutcome,
) {
  tallies[variant].add(size, trial, outcome);
  run.keepTrial(outcome.line);
  pictures.add(variant, size, trial, outcome.testError, outcome.values);
  traces.add(live, variant, size, outcome.trace);
}

/** Every trial of every size: trial by trial, so that all medians sharpen together. */
async function trainAll(training: Training): Promise<void> {
  const { run, tallies, pictures, live, changed } = training;
  const { sizes, trials, firstTrial } = tallies[0].grid;
  const jobs: Extract<VariedJob, { kind: 'trial' }>[] = [];
  for (let trial = firstTrial; trial < firstTrial + trials; trial++)
    for (let variant = 0; variant < tallies.length; variant++)
      for (const sampleSize of sizes) jobs.push({ kind: 'trial', variant, sampleSize, trial });
  await runJobs<VariedJob, TrialOutcome>(run, jobs, {
    live,
    output(outcome, index) {
      const { variant, trial } = jobs[index];
      add(training, variant, index % sizes.length, trial, outcome);
      pictures.tell(live, (of) => tallies[of].allSizes());
      changed();
    },
  });
}

/** In rounds: each search says what it wants to know next, and all of that is trained side by side. */
async function searchAll(training: Training): Promise<void> {
  const { run, tallies, pictures, traces, live, changed } = training;
  const boundsOf = (variant: number) => tallies[variant].bounds;
  let done = 0;
  for (;;) {
    const asked = tallies.flatMap((tally, variant) => {
      const request = tally.search?.next();
      return request ? [{ tally, variant, request, recovered: 0 }] : [];
    });
    if (asked.length === 0) return;
    const jobs = asked.flatMap((each) =>
      trialsOf(each.request).map((trial) => ({ each, trial: each.tally.grid.firstTrial + trial })),
    );
    const emit = (event: EngineEvent) => run.emit(event.type === 'progress' ? afterwards(event, done) : event);
    await runJobs<VariedJob, TrialOutcome>(
      { ...run, emit },
      jobs.map(({ each: { tally, variant, request }, trial }) => ({
        kind: 'trial',
        variant,
        sampleSize: tally.grid.sizes[request.size],
        trial,
      })),
      {
        live,
        output(outcome, index) {
          const { each, trial } = jobs[index];
          add(training, each.variant, each.request.size, trial, outcome);
          if (outcome.recovered) each.recovered++;
        },
      },
    );
    for (const { tally, request, recovered } of asked) tally.search?.tell(request, recovered);
    done += jobs.length;
    changed();
    pictures.narrow(live, (variant) => tallies[variant].allSizes(), boundsOf);
    traces.narrow(live, boundsOf);
  }
}

function trialsOf({ from, to }: SearchRequest): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Progress of a round, counted on from the rounds before; how many there will be is not known. */
function afterwards(event: Extract<EngineEvent, { type: 'progress' }>, before: number): EngineEvent {
  return { ...event, done: before + event.done, total: before + event.total, remainingMs: null };
}
