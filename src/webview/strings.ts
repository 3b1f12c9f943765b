import type { CellResult, Phase, RankMeasurement, SampleSizeResult, StopReason, Verdict } from '../protocol/events';
import type { RunState } from '../protocol/record';
import type { Experiment, Inputs, Model, Target } from './accepted';
import type { ScaleKind } from './charts/model';
import { formatCount, formatDuration, formatFraction, formatNumber, formatRatio, subscript } from './format';

/** Every word that a person reads in a panel or a report. */

const plural = (count: number, one: string, many: string) => `${formatCount(count)} ${count === 1 ? one : many}`;

export const states: Record<RunState, string> = {
  queued: 'Queued',
  waiting: 'Waiting',
  running: 'Running',
  stopping: 'Stopping',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Stopped',
  crashed: 'Crashed',
};

export const phases: Record<Phase, string> = {
  preparing: 'Preparing',
  training: 'Training',
  measuring: 'Measuring ranks and spectra',
  judging: 'Judging expectations',
  writing: 'Writing results',
};

export const status = {
  opening: 'Waiting for the results of this run…',
  queued: (position: number) =>
    position === 1
      ? 'Next: it starts as soon as a run before it ends.'
      : `Position ${formatCount(position)}: it starts when the runs before it have ended.`,
  waiting: 'The engine has not started yet.',
  starting: 'The engine is reading the experiment.',
  stopping: 'The trainings in progress end at their next step. What has finished is kept.',
  cancelled: (done: number, total: number) =>
    total > 0
      ? `After ${formatCount(done)} of ${plural(total, 'training', 'trainings')}. What has finished is below.`
      : 'Before the first training.',
  finished: (elapsedMs: number) => `In ${formatDuration(elapsedMs)}.`,
  failedUnknown: 'The engine gave no reason; the log may have more.',
  failedAt: (place: string) => `At ${place}.`,
  crashed: 'The engine ended without a result. What had arrived before is below.',
  crashUnknown: 'No exit code and no last words are known.',
  trainings: (done: number, total: number) => `${formatCount(done)} of ${plural(total, 'training', 'trainings')}`,
  remaining: (ms: number) => `about ${formatDuration(ms)} left`,
  remainingUnknown: 'remaining time not known yet',
  progressLabel: 'Progress of the run',
  unreadable: (count: number) =>
    `${plural(count, 'line', 'lines')} of the engine could not be read; the log has ${count === 1 ? 'it' : 'them'}.`,
  badMessages: (count: number) => `${plural(count, 'message', 'messages')} to this panel could not be understood.`,
};

export const actions = {
  stop: 'Stop',
  leaveQueue: 'Remove from queue',
  stopping: 'Stopping…',
  resume: 'Resume',
  runAgain: 'Run again',
  openReport: 'Open report',
  showLog: 'Show log',
  revealFile: (fileName: string) => `Open ${fileName}`,
};

export const header = {
  untitled: 'Untitled experiment',
  pageTitle: (title: string) => `${title} – Recovery Lab`,
  kind: (experiment: string) => `${experiment.charAt(0).toUpperCase()}${experiment.slice(1)} experiment`,
  model: 'Model',
  target: 'Target',
  prediction: 'Prediction',
  formula: 'Formula',
  source: 'Source',
  parameters: (count: number) => plural(count, 'parameter', 'parameters'),
  predictionSentence: (size: number | null, exact: boolean) =>
    size === null
      ? 'No result of the theory covers this model and target.'
      : exact
        ? `Optimistic sample size ${formatCount(size)}.`
        : `Optimistic sample size at most ${formatCount(size)} (upper bound).`,
  details: 'Run details',
  detail: {
    hash: 'Hash of the experiment',
    seed: 'Seed',
    engine: 'Engine version',
    workers: 'Worker threads',
    backend: 'Kernels',
    started: 'Started',
    elapsed: 'Run time',
    runFolder: 'Run folder',
    trials: 'Trials for each sample size',
    optimizer: 'Optimizer',
    initialization: 'Initialization',
    stop: 'Stop rules',
    inputs: 'Training inputs',
    tolerances: 'Tolerances',
  },
};

export const tiles = {
  predicted: 'Optimistic sample size',
  predictedExact: 'predicted, exact',
  predictedBound: 'predicted, upper bound',
  predictedNone: 'no result of the theory covers it',
  modelRank: 'Measured model rank',
  gap: (gap: number) => `gap ${formatRatio(gap)}`,
  inconclusive: (gap: number) => `inconclusive, gap ${formatRatio(gap)}`,
  certified: 'certified',
  stableFrom: 'Linearly stable from n\u00a0=',
  recoveredFrom: 'Recovered from n\u00a0=',
  pending: 'when the run ends',
  notMeasured: 'not measured',
  notFinished: 'the run did not finish',
  never: 'at no sample size of the grid',
  ofSizes: (count: number) => `of ${plural(count, 'sample size', 'sample sizes')}`,
  matches: 'as predicted',
  later: (by: number) => `${formatCount(by)} later than predicted`,
  earlier: (by: number) => `${formatCount(by)} earlier than predicted`,
};

export const verdicts = {
  title: 'Verdicts',
  columns: ['Expectation', 'Verdict', 'Expected', 'Found'] as const,
  results: { met: 'Met', failed: 'Failed', inconclusive: 'Inconclusive' } satisfies Record<Verdict['result'], string>,
  pending: 'Not judged yet',
  notJudged: 'Not judged',
  none: 'The file states no expectations. Add an “expect” block to have the outcome judged.',
  expected: (expected: Verdict['expected']) => `expected ${typeof expected === 'number' ? formatNumber(expected) : expected}`,
  found: (value: Verdict['value']) =>
    value === null ? 'found no value' : `found ${typeof value === 'number' ? formatNumber(value) : value}`,
  names: {
    modelRank: 'Model rank',
    recoveredFrom: 'Recovered from',
    notRecoveredBelow: 'Not recovered below',
    linearlyStableFrom: 'Linearly stable from',
    medianTestError: 'Median test error',
    table: 'Table',
    points: 'Points',
    asPredicted: 'As predicted',
  } as Readonly<Record<string, string>>,
  atSampleSize: (name: string, sampleSize: number) => `${name} at n\u00a0=\u00a0${formatCount(sampleSize)}`,
  below: (bound: number) => `below ${formatNumber(bound)}`,
  above: (bound: number) => `above ${formatNumber(bound)}`,
  announcement: (state: string, met: number, failed: number, inconclusive: number) => {
    const total = met + failed + inconclusive;
    if (total === 0) return `${state}. No expectations were judged.`;
    const rest = [failed > 0 ? `${failed} failed` : '', inconclusive > 0 ? `${inconclusive} inconclusive` : '']
      .filter(Boolean)
      .join(', ');
    return `${state}. ${met} of ${plural(total, 'expectation', 'expectations')} met${rest ? `, ${rest}` : ''}.`;
  },
};

export const charts = {
  section: 'Charts',
  scales: { linear: 'linear', log: 'log' } satisfies Record<ScaleKind, string>,
  axisToggle: (axis: 'x' | 'y', scale: ScaleKind) => `${axis}: ${scale}`,
  axisToggleLabel: (axis: 'x' | 'y', scale: ScaleKind, chart: string) =>
    `${chart}: ${axis === 'x' ? 'horizontal' : 'vertical'} axis is ${scale === 'log' ? 'logarithmic' : 'linear'}. Switch to ${scale === 'log' ? 'linear' : 'logarithmic'}.`,
  showAll: 'Show all',
  showAllLabel: (chart: string) => `${chart}: show all of it`,
  plotLabel: (chart: string) => `${chart}: plus and minus zoom, arrows move, 0 shows all`,
  plotHint:
    'Drag to zoom into a box, Shift and drag to move, wheel to zoom (after a click, or with Ctrl), double-click to show all',
  table: 'Table',
  tableLabel: (chart: string) => `${chart}: table of the data`,
  sampleSize: 'sample size n',
  trialName: (sampleSize: number, trial: number) => `n\u00a0=\u00a0${formatCount(sampleSize)}, trial ${formatCount(trial)}`,
  sizeName: (sampleSize: number) => `n\u00a0=\u00a0${formatCount(sampleSize)}`,
  zerosLeftOut: (count: number) =>
    `${plural(count, 'value is', 'values are')} 0 or less and cannot stand on a log axis; the table has ${count === 1 ? 'it' : 'them'}.`,
  tableShortened: (shown: number, total: number) =>
    `The first ${formatCount(shown)} of ${formatCount(total)} rows; results and curves are complete in the run folder.`,
};

export const figures = {
  section: 'Figures',
  empty: 'Nothing to draw yet.',
  notKnown: 'not known',
  chosen: (column: string, row: string, label: string, value: string) => `Chosen: ${column}, ${row}; ${label}: ${value}.`,
  slice: (title: string, at: string) => `${title}: ${at}`,
  rowCaption: (row: string, label: string) => `The row ${row} of the map: ${label}.`,
  columnCaption: (column: string, label: string) => `The column ${column} of the map: ${label}.`,
  barsAre: 'Bars span the quartiles.',
  bar: (low: string, high: string) => `quartiles ${low} to ${high}`,
  chooseHint: 'Click a cell for its row and column as curves; by keyboard Enter chooses, arrows go on, Escape ends',
  series: 'Series',
  detail: 'Detail',
};

export const comparison = {
  title: (count: number) => `Comparison of ${plural(count, 'run', 'runs')}`,
  subtitle: 'Settings that all of these runs share are left out.',
  testError: {
    title: 'Median test error by run',
    caption: 'Median test error over the trials at each sample size, a line for each run; bars span the quartiles.',
    x: 'Sample size n',
    y: 'Median test error',
    predicted: (size: number) => `theory: ${formatCount(size)}`,
  },
  loss: {
    title: 'Median training loss by run',
    caption: (sizes: readonly number[]) =>
      `Median over the trials at ${sizes.map((size) => `n = ${formatCount(size)}`).join(', ')}; after its last step a training counts with its last loss.`,
    x: 'Step',
    y: 'Median training loss',
    label: (run: string, sampleSize: number) => `${run} (n = ${formatCount(sampleSize)})`,
  },
  ofRun: (run: string, label: string) => `${run}: ${label}`,
  sameAs: (label: string, other: string) => `${label} (same as ${other})`,
  figureOf: (title: string, run: string) => `${title}: ${run}`,
  settings: {
    title: 'Settings that differ',
    column: 'Setting',
    same: 'All settings are the same.',
    seen: (count: number) => `${plural(count, 'setting differs', 'settings differ')}.`,
  },
  results: {
    title: 'What came out',
    column: 'Result',
    state: 'State',
    engine: 'Engine version',
    predicted: 'Optimistic sample size (theory)',
    verdict: (result: string, found: string, expected: string) => `${result}: ${found}, ${expected}`,
  },
  run: 'Run',
  file: 'comparison',
};

export const exports = {
  menu: 'Export',
  menuLabel: (chart: string) => `${chart}: export`,
  svg: 'Save as SVG…',
  png: 'Save as PNG…',
  csv: 'Save data as CSV…',
  json: 'Save data as JSON…',
  copyCsv: 'Copy data as CSV',
  copyPython: 'Copy as Python',
  ofRun: 'Export run',
  markdown: 'Save as Markdown…',
  latex: 'Save tables as LaTeX…',
  copyReproduce: 'Copy how to reproduce',
  failed: 'Not exported',
  columns: { series: 'series', name: 'name', low: 'low', high: 'high', value: 'value' },
  origin: (file: string, hash: string | null, seed: number | null, engine: string | null) =>
    [
      `From ${file}`,
      hash === null ? '' : `experiment ${hash}`,
      seed === null ? '' : `seed ${seed}`,
      engine === null ? '' : `Recovery Lab ${engine}`,
    ]
      .filter(Boolean)
      .join(', ')
      .concat('.'),
  thinned: 'Long curves are thinned as in the picture; the CSV and JSON exports have all points.',
};

export const tables = {
  section: 'Results',
  copy: 'Copy as CSV',
  copyLabel: (title: string) => `${title}: copy as CSV`,
  copied: 'Copied',
  notCopied: 'Not copied: the page may not use the clipboard',
  shortened: (shown: number, total: number) =>
    `The first ${formatCount(shown)} of ${formatCount(total)} rows; copying takes all of them.`,
  yes: 'yes',
  no: 'no',
};

export const lossCurves = {
  title: 'Training loss',
  step: 'step',
  loss: 'training loss',
  legend: 'Sample size n',
  selected: (name: string) => `Shown trial: ${name}`,
  stopLoss: (value: number) => `stop at ${formatNumber(value)}`,
  empty: 'No training has started yet.',
  emptyEnded: 'The run ended before the first training.',
  summary: (curves: number, reached: number, stopLoss: number, lowest: number) =>
    `Loss of ${plural(curves, 'training', 'trainings')}, unsmoothed; ${formatCount(reached)} reached the stop loss ${formatNumber(stopLoss)}, the lowest value is ${formatNumber(lowest)}.`,
  selectedSummary: (name: string, steps: number, loss: number) =>
    `Highlighted: ${name}, at ${formatNumber(loss)} after ${formatCount(steps)} steps.`,
  caption: 'Last point of each loss curve',
  columns: ['Sample size', 'Trial', 'Steps', 'Training loss', 'Ended by'],
  stillRunning: 'running',
};

export const testError = {
  title: 'Test error against sample size',
  error: 'test error',
  trials: 'One trial',
  median: 'Median',
  quantiles: '10 % to 90 % of trials',
  optimistic: (size: number, exact: boolean) => `${exact ? 'predicted' : 'predicted at most'} n\u00a0=\u00a0${formatCount(size)}`,
  tolerance: (value: number) => `recovered below ${formatNumber(value)}`,
  empty: 'No training has finished yet.',
  emptyEnded: 'No training finished.',
  summary: (sizes: number, recoveredFrom: number | null, tolerance: number) =>
    recoveredFrom === null
      ? `Of ${plural(sizes, 'sample size', 'sample sizes')} so far, the largest has a median test error above the recovery tolerance ${formatNumber(tolerance)}.`
      : `The median test error stays below the recovery tolerance ${formatNumber(tolerance)} from n\u00a0=\u00a0${formatCount(recoveredFrom)} on.`,
  predicted: (size: number, exact: boolean) =>
    exact ? `Predicted: n\u00a0=\u00a0${formatCount(size)}.` : `Predicted: at most n\u00a0=\u00a0${formatCount(size)}.`,
  diverged: (count: number) => `${plural(count, 'trial', 'trials')} diverged and ${count === 1 ? 'has' : 'have'} no test error.`,
  shortened: (count: number) => `At most ${formatCount(count)} trials of a sample size are drawn, evenly through their order.`,
  leftOut: (count: number) =>
    `${plural(count, 'trial is', 'trials are')} not kept one by one here: medians, quantiles and verdicts count them, and the run folder has them.`,
  caption: 'Test error by sample size',
  columns: ['Sample size', 'Trials', 'Median', '10 % quantile', '90 % quantile'],
};

export const hessian = {
  title: 'Hessian eigenvalues',
  index: 'index, by magnitude',
  magnitude: '|eigenvalue|',
  positive: 'Positive',
  negative: 'Negative',
  undetermined: 'Within the error bound: sign not known',
  errorBound: (bound: number) => `error bound ${formatNumber(bound, 2)}`,
  notAnalysed: 'The experiment does not ask for it. Set “hessian” to “auto” under “analysis”.',
  empty: 'The spectrum appears when a training has been measured.',
  emptyCell: 'This training has no spectrum.',
  summary: (name: string, count: number, positive: number, negative: number, undetermined: number) =>
    `${name}: ${plural(count, 'eigenvalue', 'eigenvalues')} of the Hessian of the training loss at the solution; ${formatCount(positive)} positive, ${formatCount(negative)} negative, ${formatCount(undetermined)} zero within the error bound.`,
  residual: (residual: number, converged: boolean) =>
    `Largest relative residual ${formatNumber(residual, 2)}; ${converged ? 'converged' : 'not converged'}.`,
  density: 'density',
  densityError: 'standard error and quadrature error',
  extremal: 'Extremal eigenvalues, at the share of one in the density',
  residuals: 'Residual',
  notConverged: 'not converged',
  ends: (size: number) => `They are the outermost of ${formatCount(size)}.`,
  trace: (value: number, error: number) => `Trace ${formatNumber(value, 4)} ± ${formatNumber(error, 2)}.`,
  densitySummary: (name: string, probes: number, steps: number, smallest: number, largest: number) =>
    `${name}: density of the eigenvalues of the Hessian of the training loss from ${plural(probes, 'random vector', 'random vectors')} and ${plural(steps, 'Lanczos step', 'Lanczos steps')} each; eigenvalues from ${formatNumber(smallest, 4)} to ${formatNumber(largest, 4)}.`,
  at: 'Spectrum at',
  solution: 'solution',
  allSteps: 'all steps',
  largest: 'Largest eigenvalues',
  smallest: 'Smallest eigenvalues',
  mostNegative: 'Most negative eigenvalues, by magnitude',
  stepAxis: 'step',
  historySummary: (name: string, count: number, step: number, largest: number, smallest: number) =>
    `${name}: Hessian eigenvalues at ${plural(count, 'step', 'steps')} of the training; at step ${formatCount(step)} from ${formatNumber(smallest, 4)} to ${formatNumber(largest, 4)}.`,
  latest: 'latest',
  step: (step: number, time: number | undefined) =>
    time === undefined ? `step ${formatCount(step)}` : `step ${formatCount(step)}, time ${formatNumber(time, 3)}`,
  atStep: (name: string, place: string) => `${name}, ${place}`,
  caption: (name: string) => `Hessian eigenvalues, ${name}`,
  columns: ['Index', 'Eigenvalue', 'Sign', 'Density', 'Error'],
  signs: { positive: 'positive', negative: 'negative', undetermined: 'not known' },
};

export const singularValues = {
  title: 'Tangent singular values',
  index: 'index',
  value: 'singular value',
  counted: 'Counted in the rank',
  ignored: 'Counted as zero',
  cut: (tolerance: number) => `cut: ${formatNumber(tolerance)} of the largest`,
  boundary: (rank: number) => `rank ${formatCount(rank)}`,
  empty: 'The first rank has not been measured yet.',
  emptyEnded: 'No rank was measured.',
  notAnalysed: 'The experiment does not ask for it. Set “rank” to true under “analysis”.',
  rank: ({ rank, rows, columns, tolerance }: RankMeasurement) =>
    `rank ${formatCount(rank)} of a ${formatCount(rows)} × ${formatCount(columns)} tangent matrix at relative tolerance ${formatNumber(tolerance)}`,
  gap: ({ rank, gap, conclusive, certified, singularValues: values }: RankMeasurement) => {
    if (certified?.status === 'certified') return `certified: rank ${formatCount(rank)} is proven`;
    if (rank >= values.length) return conclusive ? 'full rank: nothing is cut off' : 'full rank, but inconclusive';
    const place = rank === 0 ? 'before the first value' : `between σ${subscript(rank)} and σ${subscript(rank + 1)}`;
    return conclusive
      ? `gap ${formatRatio(gap)} ${place}: the cut is clear`
      : `gap ${formatRatio(gap)} ${place}: inconclusive, the rank is a guess`;
  },
  source: 'At',
  sourceOf: {
    minimal: 'target’s minimal representation',
    sampleSize: (sampleSize: number) => `target, first ${formatCount(sampleSize)} inputs`,
    point: (name: string) => `point ${name}`,
    solution: (name: string) => `solution of ${name}`,
    empirical: (name: string) => `target, inputs of ${name}`,
  },
  caption: (source: string) => `Tangent singular values, ${source}`,
  columns: ['Index', 'Singular value', 'Counts'],
  counts: { yes: 'yes', no: 'no' },
};

export const empiricalRank = {
  title: 'Empirical rank against sample size',
  rank: 'empirical rank',
  stable: 'Linearly stable',
  unstable: 'Not linearly stable',
  unclear: 'Inconclusive',
  modelRank: (rank: number) => `model rank ${formatCount(rank)}`,
  predicted: (size: number) => `predicted n\u00a0=\u00a0${formatCount(size)}`,
  empty: 'No empirical rank has been measured yet.',
  summary: (sizes: number, from: number | null) =>
    from === null
      ? `Empirical rank for ${plural(sizes, 'sample size', 'sample sizes')}; the target is not linearly stable at the largest one.`
      : `Empirical rank for ${plural(sizes, 'sample size', 'sample sizes')}; the target is linearly stable from n\u00a0=\u00a0${formatCount(from)} on.`,
  caption: 'Empirical rank by sample size',
  columns: ['Sample size', 'Empirical rank', 'Gap', 'Linearly stable'],
};

export const selection = {
  title: 'One training',
  sampleSize: 'Sample size',
  trial: 'Trial',
  follow: 'Follow the latest',
  none: 'No training has finished yet.',
  notFinished: (name: string) => `${name} has not finished.`,
  maybeLeftOut: (name: string) => `${name} has not finished, or is one of very many that the run folder alone keeps.`,
  facts: ({ steps, stopReason, trainLoss, testError: error, recovered }: CellResult) =>
    `${recovered ? 'Recovered' : 'Not recovered'}: test error ${formatNumber(error)}, training loss ${formatNumber(trainLoss)} after ${formatCount(steps)} steps; ended by ${stopReasons[stopReason]}.`,
};

export const stopReasons: Record<StopReason, string> = {
  trainLoss: 'training loss',
  gradientNorm: 'gradient norm',
  steps: 'number of steps',
  time: 'time',
  stalled: 'stalled integration',
  diverged: 'divergence',
  cancelled: 'stop',
};

export const results = {
  title: 'Results by sample size',
  caption: 'Results by sample size',
  columns: ['Sample size', 'Trials', 'Median test error', 'Recovered trials', 'Empirical rank', 'Linearly stable', 'Outcome'],
  predicted: 'predicted',
  states: { recovered: 'recovered', notRecovered: 'not recovered', undecided: 'undecided' } satisfies Record<
    SampleSizeResult['state'],
    string
  >,
  diverged: (count: number) => `${formatCount(count)} diverged`,
  trials: (done: number, all: number) => (done < all ? `${formatCount(done)} of ${formatCount(all)}` : formatCount(done)),
  fraction: formatFraction,
  empty: 'Rows appear as trainings finish.',
  yes: 'yes',
  no: 'no',
  unclear: 'unclear',
};

export const points = {
  title: 'Rank at points',
  caption: 'Model rank at points of parameter space',
  columns: ['Point', 'Model rank', 'Gap', 'Tolerance', 'Empirical rank', 'Certainty'],
  certified: 'certified',
  clear: 'clear',
  inconclusive: 'inconclusive',
  empty: 'No rank has been measured yet.',
};

export const report = {
  generated: (engine: string, time: string) => `Recovery Lab ${engine}, run started ${time}.`,
  unreadable: 'This report holds no readable run.',
};

function activationWords(activation: string | { shift: number }): string {
  return typeof activation === 'string' ? activation : `tanh(z + ${formatNumber(activation.shift)})`;
}

/** `Product of a 4 × 4 and a 4 × 4 matrix …`: the model in one sentence. */
export function modelSentence(model: Model): string {
  switch (model.kind) {
    case 'matrixFactorization':
      if ('dimensions' in model) {
        const factors = model.dimensions.slice(1).map((rows, l) => `${rows} × ${model.dimensions[l]}`);
        return `Matrix factorization: product of ${factors.length} matrices, ${factors.reverse().join(', ')}`;
      }
      return `Matrix factorization: ${model.rows} × ${model.columns} matrix as the product of a ${model.rows} × ${model.inner} and a ${model.inner} × ${model.columns} matrix`;
    case 'twoLayer': {
      const activation = activationWords(model.activation);
      const biases = [model.hiddenBias ? 'hidden bias' : '', model.outputBias ? 'output bias' : ''].filter(Boolean).join(' and ');
      return `Two-layer network: ${plural(model.inputs, 'input', 'inputs')}, ${plural(model.width, 'hidden neuron', 'hidden neurons')}, activation ${activation}, ${biases ? `with ${biases}` : 'without biases'}`;
    }
    case 'diagonal':
      return `Diagonal model: ${plural(model.inputs, 'input', 'inputs')}, each coefficient the product of ${model.depth} factors`;
    case 'deepNetwork':
      return `Deep network: ${plural(model.inputs, 'input', 'inputs')}, hidden layers of ${model.widths.join(', ')} neurons, activation ${activationWords(model.activation)}, ${model.bias ? 'with biases' : 'without biases'}`;
    case 'convolution': {
      const input =
        typeof model.inputs === 'number' ? plural(model.inputs, 'input', 'inputs') : `${model.inputs.join(' × ')} inputs`;
      return `Convolutional network: ${input}, ${plural(model.kernels, 'kernel', 'kernels')} of size ${model.kernel}, activation ${activationWords(model.activation)}, ${model.sharing ? 'with' : 'without'} weight sharing, ${model.hiddenBias ? 'with hidden bias' : 'without biases'}`;
    }
    case 'formula':
      return `Formula: ${model.expression}`;
  }
}

export function targetSentence(target: Target): string {
  switch (target.kind) {
    case 'matrix':
      return `given ${target.values.length} × ${target.values[0]?.length ?? 0} matrix`;
    case 'lowRank':
      return `random matrix of rank ${target.rank}`;
    case 'vector':
      return `linear function with ${plural(target.values.length, 'coefficient', 'coefficients')}`;
    case 'teacher':
      if (target.widths) return `deep teacher network with hidden layers of ${target.widths.join(', ')} neurons, random`;
      if (target.kernels) return `teacher network of ${plural(target.kernels.length, 'kernel', 'kernels')}, given one by one`;
      return `teacher network of ${plural(target.neurons?.length ?? target.width ?? 1, 'neuron', 'neurons')}${target.neurons ? ', given one by one' : ', random'}`;
    case 'formula':
      return `f*(x) = ${target.expression}`;
  }
}

/** Settings worth reading beside the results, as label and value. */
export function settings(experiment: Experiment): [string, string][] {
  const { detail } = header;
  if (experiment.experiment === 'rank') return [[detail.tolerances, `rank ${formatNumber(experiment.analysis.rankTolerance)}`]];
  if (experiment.experiment !== 'recovery') return plainSettings(experiment);
  const { optimizer, initialization, stop, trials } = experiment.training;
  const rules = [
    `loss below ${formatNumber(stop.trainLoss)}`,
    `${formatCount(stop.steps)} steps`,
    ...(stop.gradientNorm > 0 ? [`gradient norm below ${formatNumber(stop.gradientNorm)}`] : []),
  ];
  return [
    [detail.trials, formatCount(trials)],
    [detail.optimizer, optimizerText(optimizer)],
    [
      detail.initialization,
      initialization.kind === 'fanIn' ? 'by fan-in' : `${initialization.kind}, scale ${formatNumber(initialization.scale)}`,
    ],
    [detail.stop, rules.join(', ')],
    [detail.inputs, inputsText(experiment.data.inputs)],
    [
      detail.tolerances,
      `recovery ${formatNumber(experiment.analysis.recoveryTolerance)}, rank ${formatNumber(experiment.analysis.rankTolerance)}`,
    ],
  ];
}

/** Settings of an experiment of any kind: its own properties that are one word or number. */
function plainSettings(experiment: Experiment): [string, string][] {
  const common = ['experiment', 'title', 'description', 'seed'];
  return Object.entries(experiment).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (common.includes(name) || value === null || typeof value === 'object') return [];
    return [[name, typeof value === 'number' ? formatNumber(value) : String(value)]];
  });
}

function optimizerText(optimizer: Extract<Experiment, { experiment: 'recovery' }>['training']['optimizer']): string {
  if (optimizer.kind === 'gradientFlow') {
    const tolerance = `gradient flow, relative tolerance ${formatNumber(optimizer.relativeTolerance ?? 1e-8)}`;
    const until = optimizer.time === undefined ? '' : `, to time ${formatNumber(optimizer.time)}`;
    return `${tolerance}${until}${optimizer.polish === true ? ', polished' : ''}`;
  }
  const { learningRate: rate } = optimizer;
  const rateText =
    typeof rate === 'number'
      ? formatNumber(rate)
      : `${formatNumber(rate.initial)}, times ${formatNumber(rate.factor)} every ${formatCount(rate.every)} steps`;
  return `${optimizer.kind === 'adam' ? 'Adam' : 'gradient descent'}, learning rate ${rateText}`;
}

function inputsText(inputs: Inputs): string {
  switch (inputs.kind) {
    case 'entries':
      return Array.isArray(inputs.order)
        ? 'matrix entries in a given order'
        : `matrix entries, ${inputs.order === 'bestConditioned' ? 'best conditioned' : `${inputs.order} order`}`;
    case 'normal':
      return `normal, standard deviation ${formatNumber(inputs.scale ?? 1)}`;
    case 'uniform':
      return `uniform from ${formatNumber(inputs.low)} to ${formatNumber(inputs.high)}`;
    case 'grid':
      return `equally spaced from ${formatNumber(inputs.low)} to ${formatNumber(inputs.high)}`;
    case 'points':
      return `${plural(inputs.values.length, 'given point', 'given points')}`;
  }
}
