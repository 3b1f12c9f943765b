import type { Variant } from '../../../experiment/variants';
import type { Prediction, SampleSizeResult, SearchResult, VariantResult } from '../../../protocol/events';
import { predict } from '../../theory';
import { holdsFrom } from '../aggregate';
import { CellGrid } from '../../plan';
import type { Preparation } from '../preparation';
import { Tally } from '../tally';
import type { ThresholdBounds, ThresholdSearch } from '../thresholdSearch';
import type { TrialOutcome } from './job';

/** One of the experiments of a file with what has been found of it so far. */
export class VariantTally {
  readonly grid: CellGrid;
  readonly prediction: Prediction;
  private readonly tally: Tally;
  private done = 0;

  constructor(
    readonly variant: Variant,
    private readonly preparation: Preparation,
    /** Where sizes are searched instead of all trained. */
    readonly search: ThresholdSearch | null,
  ) {
    this.grid = new CellGrid(variant.experiment);
    this.prediction = predict(variant.experiment);
    this.tally = new Tally(variant.experiment, this.grid);
  }

  /** `size` is an index of the grid. */
  add(size: number, trial: number, outcome: TrialOutcome): void {
    const { sizes, firstTrial } = this.grid;
    this.tally.add((trial - firstTrial) * sizes.length + size, outcome, outcome.empiricalRank);
    this.done++;
  }

  /** Of all sizes, by their index. */
  allSizes(): SampleSizeResult[] {
    return this.tally.all();
  }

  /** Of the sizes that have a finished training. */
  get sampleSizes(): SampleSizeResult[] {
    return this.tally.all().filter(({ trials }) => trials > 0);
  }

  /** Between which sizes the threshold lies; of a search alone. */
  get bounds(): ThresholdBounds {
    return this.search?.bounds ?? { below: -1, above: this.grid.sizes.length };
  }

  result(): VariantResult {
    const { variant, preparation, prediction, sampleSizes } = this;
    return {
      name: variant.name,
      value: variant.value,
      parameters: prediction.parameters ?? 0,
      modelRank: preparation.modelRank?.rank ?? null,
      modelRankMeasurement: preparation.modelRank,
      predicted: prediction.optimisticSampleSize,
      exact: prediction.exact,
      sampleSizes,
      recoveredFrom: holdsFrom(sampleSizes, ({ state }) => state === 'recovered'),
      linearlyStableFrom: holdsFrom(sampleSizes, ({ linearlyStable }) => linearlyStable === true),
      ...(this.search ? { search: this.searchResult(this.search) } : {}),
    };
  }

  private searchResult(search: ThresholdSearch): SearchResult {
    const { sizes } = this.grid;
    const { visited, threshold } = search;
    return {
      threshold: threshold === null ? null : sizes[threshold],
      confidence: this.variant.experiment.data.search?.confidence ?? 0,
      decided: visited.every(({ decided }) => decided),
      trainings: this.done,
      gridTrainings: this.grid.count,
      sizes: visited.map(({ size, trials, recovered, decided }) => ({ sampleSize: sizes[size], trials, recovered, decided })),
    };
  }
}
