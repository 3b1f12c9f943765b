import type { CellResult, Phase, RankMeasurement, SampleSizeResult, StopReason, Verdict } from '../protocol/events';
import type { RunState } from '../protocol/record';
import type { Experiment, Inputs, Model, Target } from './accepted';
import type { ScaleKind } from './charts/model';
import { formatCount, formatDuration, formatFraction, formatNumber, formatRatio, subscript, typeset } from './format';
import { t } from './l10n';

/** Every word that a person reads in a panel or a report. */

const plural = (count: number, one: string, many: string) => `${formatCount(count)} ${count === 1 ? one : many}`;

export const states: Record<RunState, string> = {
  queued: t('Queued'),
  waiting: t('Waiting'),
  running: t('Running'),
  stopping: t('Stopping'),
  finished: t('Finished'),
  failed: t('Failed'),
  cancelled: t('Stopped'),
  crashed: t('Crashed'),
  interrupted: t('Without an end'),
};

export const phases: Record<Phase, string> = {
  preparing: t('Preparing'),
  training: t('Training'),
  measuring: t('Measuring ranks and spectra'),
  judging: t('Judging expectations'),
  writing: t('Writing results'),
};

export const status = {
  opening: t('Waiting for the results of this run…'),
  queued: (position: number) =>
    position === 1
      ? t('Next: it starts as soon as a run before it ends.')
      : t('Position {0}: it starts when the runs before it have ended.', formatCount(position)),
  waiting: t('The engine has not started yet.'),
  starting: t('The engine is reading the experiment.'),
  stopping: t('The trainings in progress end at their next step. What has finished is kept.'),
  cancelled: (done: number, total: number) =>
    total > 0
      ? t('After {0} of {1}. What has finished is below.', formatCount(done), plural(total, t('training'), t('trainings')))
      : t('Before the first training.'),
  finished: (elapsedMs: number) => t('In {0}.', formatDuration(elapsedMs)),
  failedUnknown: t('The engine gave no reason; the log may have more.'),
  failedAt: (place: string) => t('At {0}.', place),
  crashed: t('The engine ended without a result. What had arrived before is below.'),
  interrupted: t('No end was recorded. What had arrived before is below.'),
  crashUnknown: t('No exit code and no last words are known.'),
  trainings: (done: number, total: number) => t('{0} of {1}', formatCount(done), plural(total, t('training'), t('trainings'))),
  remaining: (ms: number) => t('about {0} left', formatDuration(ms)),
  remainingUnknown: t('remaining time not known yet'),
  progressLabel: t('Progress of the run'),
  unreadable: (count: number) =>
    count === 1
      ? t('1 line of the engine could not be read; the log has it.')
      : t('{0} lines of the engine could not be read; the log has them.', formatCount(count)),
  badMessages: (count: number) =>
    count === 1
      ? t('1 message to this panel could not be understood.')
      : t('{0} messages to this panel could not be understood.', formatCount(count)),
};

export const actions = {
  stop: t('Stop'),
  leaveQueue: t('Remove from queue'),
  stopping: t('Stopping…'),
  resume: t('Resume'),
  runAgain: t('Run again'),
  openReport: t('Open report'),
  showLog: t('Show log'),
  revealFile: (fileName: string) => t('Open {0}', fileName),
};

const kinds: Readonly<Record<string, string>> = {
  recovery: t('Recovery experiment'),
  rank: t('Rank experiment'),
  geometry: t('Geometry experiment'),
  lifting: t('Lifting experiment'),
  independence: t('Independence experiment'),
  overlap: t('Overlap experiment'),
  repopulation: t('Repopulation experiment'),
};

export const header = {
  untitled: t('Untitled experiment'),
  pageTitle: (title: string) => `${title} – Recovery Lab`,
  kind: (experiment: string) => kinds[experiment] ?? experiment,
  model: t('Model'),
  target: t('Target'),
  prediction: t('Prediction'),
  formula: t('Formula'),
  source: t('Source'),
  parameters: (count: number) => plural(count, t('parameter'), t('parameters')),
  predictionSentence: (size: number | null, exact: boolean) =>
    size === null
      ? t('No result of the theory covers this model and target.')
      : exact
        ? t('Optimistic sample size {0}.', formatCount(size))
        : t('Optimistic sample size at most {0} (upper bound).', formatCount(size)),
  details: t('Run details'),
  detail: {
    hash: t('Hash of the experiment'),
    seed: t('Seed'),
    engine: t('Engine version'),
    workers: t('Worker threads'),
    backend: t('Kernels'),
    started: t('Started'),
    elapsed: t('Run time'),
    runFolder: t('Run folder'),
    trials: t('Trials for each sample size'),
    optimizer: t('Optimizer'),
    initialization: t('Initialization'),
    stop: t('Stop rules'),
    inputs: t('Training inputs'),
    tolerances: t('Tolerances'),
  },
};

export const tiles = {
  predicted: t('Optimistic sample size'),
  predictedExact: t('predicted, exact'),
  predictedBound: t('predicted, upper bound'),
  predictedNone: t('no result of the theory covers it'),
  modelRank: t('Measured model rank'),
  gap: (gap: number) => t('gap {0}', formatRatio(gap)),
  inconclusive: (gap: number) => t('inconclusive, gap {0}', formatRatio(gap)),
  certified: t('certified'),
  stableFrom: t('Linearly stable from n\u00a0='),
  recoveredFrom: t('Recovered from n\u00a0='),
  pending: t('when the run ends'),
  notMeasured: t('not measured'),
  notFinished: t('the run did not finish'),
  never: t('at no sample size of the grid'),
  ofSizes: (count: number) => t('of {0}', plural(count, t('sample size'), t('sample sizes'))),
  matches: t('as predicted'),
  later: (by: number) => t('{0} later than predicted', formatCount(by)),
  earlier: (by: number) => t('{0} earlier than predicted', formatCount(by)),
};

/** What a verdict compares; counts with all their digits. */
function told(value: string | number | boolean): string {
  if (typeof value !== 'number') return typeset(String(value));
  return Number.isSafeInteger(value) && Math.abs(value) < 1e12 ? formatCount(value) : formatNumber(value);
}

export const verdicts = {
  title: t('Verdicts'),
  columns: [t('Expectation'), t('Verdict'), t('Expected'), t('Found')] as const,
  results: {
    met: t('Met'),
    failed: t({ message: 'Failed', comment: ['verdict'] }),
    inconclusive: t('Inconclusive'),
  } satisfies Record<Verdict['result'], string>,
  pending: t('Not judged yet'),
  notJudged: t('Not judged'),
  none: t('The file states no expectations. Add an “expect” block to have the outcome judged.'),
  expected: (expected: Verdict['expected']) => t('expected {0}', told(expected)),
  found: (value: Verdict['value']) => (value === null ? t('found no value') : t('found {0}', told(value))),
  list: (length: number) => t('a list of {0}', formatCount(length)),
  folded: (met: number, all: number) =>
    met === all ? t('All {0} are met', formatCount(all)) : t('{0} of {1} are met', formatCount(met), formatCount(all)),
  names: {
    modelRank: t('Model rank'),
    recoveredFrom: t('Recovered from'),
    notRecoveredBelow: t('Not recovered below'),
    linearlyStableFrom: t('Linearly stable from'),
    medianTestError: t('Median test error'),
    table: t('Table'),
    points: t('Points'),
    asPredicted: t('As predicted'),
  } as Readonly<Record<string, string>>,
  atSampleSize: (name: string, sampleSize: number) => t('{0} at n\u00a0=\u00a0{1}', name, formatCount(sampleSize)),
  below: (bound: number) => t('below {0}', formatNumber(bound)),
  above: (bound: number) => t('above {0}', formatNumber(bound)),
  announcement: (state: string, met: number, failed: number, inconclusive: number) => {
    const total = met + failed + inconclusive;
    if (total === 0) return t('{0}. No expectations were judged.', state);
    const rest = [failed > 0 ? t('{0} failed', failed) : '', inconclusive > 0 ? t('{0} inconclusive', inconclusive) : '']
      .filter(Boolean)
      .join(', ');
    return t('{0}. {1} of {2} met{3}.', state, met, plural(total, t('expectation'), t('expectations')), rest ? `, ${rest}` : '');
  },
};

export const charts = {
  section: t('Charts'),
  scales: { linear: t('linear'), log: t('log') } satisfies Record<ScaleKind, string>,
  axisToggle: (axis: 'x' | 'y', scale: ScaleKind) => `${axis}: ${scale}`,
  axisToggleLabel: (axis: 'x' | 'y', scale: ScaleKind, chart: string) =>
    t(
      '{0}: {1} axis is {2}. Switch to {3}.',
      chart,
      axis === 'x' ? t('horizontal') : t('vertical'),
      scale === 'log' ? t('logarithmic') : t('linear'),
      scale === 'log' ? t('linear') : t('logarithmic'),
    ),
  showAll: t('Show all'),
  showAllLabel: (chart: string) => t('{0}: show all of it', chart),
  plotLabel: (chart: string) => t('{0}: plus and minus zoom, arrows move, 0 shows all', chart),
  plotHint: t(
    'Drag to zoom into a box, Shift and drag to move, wheel to zoom (after a click, or with Ctrl), double-click to show all',
  ),
  table: t('Table'),
  tableLabel: (chart: string) => t('{0}: table of the data', chart),
  sampleSize: t('sample size n'),
  trialName: (sampleSize: number, trial: number) =>
    t('n\u00a0=\u00a0{0}, trial {1}', formatCount(sampleSize), formatCount(trial)),
  sizeName: (sampleSize: number) => `n\u00a0=\u00a0${formatCount(sampleSize)}`,
  zerosLeftOut: (count: number) =>
    count === 1
      ? t('1 value is 0 or less and cannot stand on a log axis; the table has it.')
      : t('{0} values are 0 or less and cannot stand on a log axis; the table has them.', formatCount(count)),
  tableShortened: (shown: number, total: number) =>
    t('The first {0} of {1} rows; results and curves are complete in the run folder.', formatCount(shown), formatCount(total)),
};

export const figures = {
  section: t('Figures'),
  empty: t('Nothing to draw yet.'),
  notKnown: t('not known'),
  chosen: (column: string, row: string, label: string, value: string) =>
    t('Chosen: {0}, {1}; {2}: {3}.', column, row, label, value),
  slice: (title: string, at: string) => `${title}: ${at}`,
  rowCaption: (row: string, label: string) => t('The row {0} of the map: {1}.', row, label),
  columnCaption: (column: string, label: string) => t('The column {0} of the map: {1}.', column, label),
  barsAre: t('Bars span the quartiles.'),
  bar: (low: string, high: string) => t('quartiles {0} to {1}', low, high),
  chooseHint: t(
    'Click a cell for its row and column as curves, and its trials; by keyboard Enter chooses, arrows go on, Enter again goes to its trials, Escape ends',
  ),
  ofFrame: (frame: string, caption: string) => `${frame}. ${caption}`,
  series: t('Series'),
  detail: t('Detail'),
};

export const published = {
  title: t('Published and measured'),
  source: t('Published in'),
  quantity: t('Quantity'),
  at: t('At'),
  published: t('Published'),
  measured: t('Measured'),
  legend: (source: string) => t('Published: {0}', source),
  value: (x: number | undefined, y: number | undefined, label: string | undefined) => {
    const place = x === undefined || y === undefined ? formatNumber(x ?? y) : t('{0} at {1}', formatNumber(y), formatNumber(x));
    return label === undefined ? place : `${label}: ${place}`;
  },
  summary: (source: string, values: readonly string[]) => t('Published ({0}): {1}.', source, values.join('; ')),
  unknown: (paths: readonly string[]) => t('The run has no result {0}.', paths.map((path) => `“${path}”`).join(', ')),
};

export const trials = {
  title: (row: string, sampleSize: number) => t('Trials of {0}, n = {1}', row, formatCount(sampleSize)),
  asking: t('Reading the run folder…'),
  none: t(
    'No trials of this cell are kept: a search did not need it, none has finished yet, or its run has no folder or is of an earlier version.',
  ),
  seen: (shown: number, count: number) =>
    shown < count
      ? t('The first {0} of {1} trials.', formatCount(shown), formatCount(count))
      : count === 1
        ? t('One trial.')
        : t('{0} trials.', formatCount(count)),
  seed: (seed: number) => t('Random numbers of a training come from seed {0}, its sample size and its trial.', seed),
  columns: [t('Trial'), t('Test error'), t('Training loss'), t('Steps'), t('Ended by'), t('Recovered')],
  open: t('Curve'),
  openLabel: (trial: number) => t('Loss curve of trial {0}', formatCount(trial)),
  alone: t('Alone'),
  openAlone: t('As an experiment'),
  aloneLabel: (trial: number, row: string, sampleSize: number) =>
    t('Open trial {0} of {1}, n = {2} as an experiment of its own, not saved', formatCount(trial), row, formatCount(sampleSize)),
  run: t('Open this cell as an experiment'),
  runLabel: (row: string, sampleSize: number) =>
    t('Open {0}, n = {1} as an experiment of its own, not saved', row, formatCount(sampleSize)),
  curve: (row: string, sampleSize: number, trial: number) =>
    t('Training loss: {0}, n = {1}, trial {2}', row, formatCount(sampleSize), formatCount(trial)),
  curveCaption: t('Training loss against the step, thinned in its logarithm.'),
  curveLabel: (trial: number) => t('trial {0}', formatCount(trial)),
};

export const comparison = {
  title: (count: number) => t('Comparison of {0}', plural(count, t('run'), t('runs'))),
  subtitle: t('Settings that all of these runs share are left out.'),
  testError: {
    title: t('Median test error by run'),
    caption: t('Median test error over the trials at each sample size, a line for each run; bars span the quartiles.'),
    x: t('Sample size n'),
    y: t('Median test error'),
    predicted: (size: number) => t('theory: {0}', formatCount(size)),
  },
  loss: {
    title: t('Median training loss by run'),
    caption: (sizes: readonly number[]) =>
      t(
        'Median over the trials at {0}; after its last step a training counts with its last loss.',
        sizes.map((size) => `n = ${formatCount(size)}`).join(', '),
      ),
    x: t('Step'),
    y: t('Median training loss'),
    label: (run: string, sampleSize: number) => `${run} (n = ${formatCount(sampleSize)})`,
  },
  ofRun: (run: string, label: string) => `${run}: ${label}`,
  sameAs: (label: string, other: string) => t('{0} (same as {1})', label, other),
  figureOf: (title: string, run: string) => `${title}: ${run}`,
  settings: {
    title: t('Settings that differ'),
    column: t('Setting'),
    same: t('All settings are the same.'),
    seen: (count: number) => `${plural(count, t('setting differs'), t('settings differ'))}.`,
  },
  results: {
    title: t('What came out'),
    column: t('Result'),
    state: t('State'),
    engine: t('Engine version'),
    predicted: t('Optimistic sample size (theory)'),
    verdict: (result: string, found: string, expected: string) => `${result}: ${found}, ${expected}`,
  },
  run: t({ message: 'Run', comment: ['noun'] }),
  file: 'comparison',
};

export const exports = {
  menu: t('Export'),
  menuLabel: (chart: string) => t('{0}: export', chart),
  svg: t('Save as SVG…'),
  png: t('Save as PNG…'),
  csv: t('Save data as CSV…'),
  json: t('Save data as JSON…'),
  copyCsv: t('Copy data as CSV'),
  copyPython: t('Copy as Python'),
  ofRun: t('Export run'),
  markdown: t('Save as Markdown…'),
  latex: t('Save tables as LaTeX…'),
  copyReproduce: t('Copy how to reproduce'),
  failed: t('Not exported'),
  origin: (file: string, hash: string | null, seed: number | null, engine: string | null) =>
    [
      t('From {0}', file),
      hash === null ? '' : t('experiment {0}', hash),
      seed === null ? '' : t('seed {0}', seed),
      engine === null ? '' : `Recovery Lab ${engine}`,
    ]
      .filter(Boolean)
      .join(', ')
      .concat('.'),
  thinned: t('Long curves are thinned as in the picture; the CSV and JSON exports have all points.'),
};

export const tables = {
  section: t('Results'),
  copy: t('Copy as CSV'),
  copyLabel: (title: string) => t('{0}: copy as CSV', title),
  copied: t('Copied'),
  notCopied: t('Not copied: the page may not use the clipboard'),
  shortened: (shown: number, total: number) =>
    t('The first {0} of {1} rows; copying takes all of them.', formatCount(shown), formatCount(total)),
  yes: t('yes'),
  no: t('no'),
};

export const lossCurves = {
  title: t('Training loss'),
  step: t('step'),
  loss: t('training loss'),
  legend: t('Sample size n'),
  selected: (name: string) => t('Shown trial: {0}', name),
  stopLoss: (value: number) => t('stop at {0}', formatNumber(value)),
  empty: t('No training has started yet.'),
  emptyEnded: t('The run ended before the first training.'),
  summary: (curves: number, reached: number, stopLoss: number, lowest: number) =>
    t(
      'Loss of {0}, unsmoothed; {1} reached the stop loss {2}, the lowest value is {3}.',
      plural(curves, t('training'), t('trainings')),
      formatCount(reached),
      formatNumber(stopLoss),
      formatNumber(lowest),
    ),
  selectedSummary: (name: string, steps: number, loss: number) =>
    t('Highlighted: {0}, at {1} after {2} steps.', name, formatNumber(loss), formatCount(steps)),
  caption: t('Last point of each loss curve'),
  columns: [t('Sample size'), t('Trial'), t('Steps'), t('Training loss'), t('Ended by')],
  stillRunning: t('running'),
};

export const testError = {
  title: t('Test error against sample size'),
  error: t('test error'),
  trials: t('One trial'),
  median: t('Median'),
  quantiles: t('10 % to 90 % of trials'),
  optimistic: (size: number, exact: boolean) =>
    `${exact ? t('predicted') : t('predicted at most')} n\u00a0=\u00a0${formatCount(size)}`,
  tolerance: (value: number) => t('recovered below {0}', formatNumber(value)),
  empty: t('No training has finished yet.'),
  emptyEnded: t('No training finished.'),
  summary: (sizes: number, recoveredFrom: number | null, tolerance: number) =>
    recoveredFrom === null
      ? t(
          'Of {0} so far, the largest has a median test error above the recovery tolerance {1}.',
          plural(sizes, t('sample size'), t('sample sizes')),
          formatNumber(tolerance),
        )
      : t(
          'The median test error stays below the recovery tolerance {0} from n\u00a0=\u00a0{1} on.',
          formatNumber(tolerance),
          formatCount(recoveredFrom),
        ),
  predicted: (size: number, exact: boolean) =>
    exact ? t('Predicted: n\u00a0=\u00a0{0}.', formatCount(size)) : t('Predicted: at most n\u00a0=\u00a0{0}.', formatCount(size)),
  diverged: (count: number) =>
    count === 1
      ? t('1 trial diverged and has no test error.')
      : t('{0} trials diverged and have no test error.', formatCount(count)),
  shortened: (count: number) =>
    t('At most {0} trials of a sample size are drawn, evenly through their order.', formatCount(count)),
  leftOut: (count: number) =>
    count === 1
      ? t('1 trial is not kept here by itself: medians, quantiles and verdicts count it, and the run folder has it.')
      : t(
          '{0} trials are not kept one by one here: medians, quantiles and verdicts count them, and the run folder has them.',
          formatCount(count),
        ),
  caption: t('Test error by sample size'),
  columns: [t('Sample size'), t('Trials'), t('Median'), t('10 % quantile'), t('90 % quantile')],
};

export const hessian = {
  title: t('Hessian eigenvalues'),
  index: t('index, by magnitude'),
  magnitude: t('|eigenvalue|'),
  positive: t('Positive'),
  negative: t('Negative'),
  undetermined: t('Within the error bound: sign not known'),
  errorBound: (bound: number) => t('error bound {0}', formatNumber(bound, 2)),
  notAnalysed: t('The experiment does not ask for it. Set “hessian” to “auto” under “analysis”.'),
  empty: t('The spectrum appears when a training has been measured.'),
  emptyCell: t('This training has no spectrum.'),
  summary: (name: string, count: number, positive: number, negative: number, undetermined: number) =>
    t(
      '{0}: {1} of the Hessian of the training loss; {2} positive, {3} negative, {4} zero within the error bound.',
      name,
      plural(count, t('eigenvalue'), t('eigenvalues')),
      formatCount(positive),
      formatCount(negative),
      formatCount(undetermined),
    ),
  residual: (residual: number, converged: boolean) =>
    t('Largest relative residual {0}; {1}.', formatNumber(residual, 2), converged ? t('converged') : t('not converged')),
  density: t('density'),
  densityError: t('standard error and quadrature error'),
  extremal: t('Extremal eigenvalues, at the share of one in the density'),
  residuals: t('Residual'),
  notConverged: t('not converged'),
  ends: (size: number) => t('They are the outermost of {0}.', formatCount(size)),
  trace: (value: number, error: number) => t('Trace {0} ± {1}.', formatNumber(value, 4), formatNumber(error, 2)),
  densitySummary: (name: string, probes: number, steps: number, smallest: number, largest: number) =>
    t(
      '{0}: density of the eigenvalues of the Hessian of the training loss from {1} and {2} each; eigenvalues from {3} to {4}.',
      name,
      plural(probes, t('random vector'), t('random vectors')),
      plural(steps, t('Lanczos step'), t('Lanczos steps')),
      formatNumber(smallest, 4),
      formatNumber(largest, 4),
    ),
  at: t('Spectrum at'),
  solution: t('solution'),
  allSteps: t('All steps'),
  largest: t('Largest eigenvalues'),
  smallest: t('Smallest eigenvalues'),
  mostNegative: t('Most negative eigenvalues, by magnitude'),
  stepAxis: t('step'),
  historySummary: (name: string, count: number, step: number, largest: number, smallest: number) =>
    t(
      '{0}: Hessian eigenvalues at {1} of the training; at step {2} from {3} to {4}.',
      name,
      plural(count, t('step'), t('steps')),
      formatCount(step),
      formatNumber(smallest, 4),
      formatNumber(largest, 4),
    ),
  newest: t('Follow the newest'),
  solutionAfter: (steps: number) => t('solution, step {0}', formatCount(steps)),
  placeWithLoss: (name: string, loss: number | null | undefined, exact: boolean) =>
    loss === null || loss === undefined
      ? name
      : exact
        ? t('{0}, loss {1}', name, formatNumber(loss))
        : t('{0}, loss about {1}', name, formatNumber(loss)),
  step: (step: number, time: number | undefined) =>
    time === undefined ? t('step {0}', formatCount(step)) : t('step {0}, time {1}', formatCount(step), formatNumber(time, 3)),
  atStep: (name: string, place: string) => `${name}, ${place}`,
  caption: (name: string) => t('Hessian eigenvalues, {0}', name),
  columns: [t('Index'), t('Eigenvalue'), t('Sign'), t('Density'), t('Error')],
  signs: { positive: t('positive'), negative: t('negative'), undetermined: t('not known') },
};

export const singularValues = {
  title: t('Tangent singular values'),
  index: t('index'),
  value: t('singular value'),
  counted: t('Counted in the rank'),
  ignored: t('Counted as zero'),
  cut: (tolerance: number) => t('cut: {0} of the largest', formatNumber(tolerance)),
  boundary: (rank: number) => t('rank {0}', formatCount(rank)),
  empty: t('The first rank has not been measured yet.'),
  emptyEnded: t('No rank was measured.'),
  notAnalysed: t('The experiment does not ask for it. Set “rank” to true under “analysis”.'),
  rank: ({ rank, rows, columns, tolerance }: RankMeasurement) =>
    t(
      'rank {0} of a {1} × {2} tangent matrix at relative tolerance {3}',
      formatCount(rank),
      formatCount(rows),
      formatCount(columns),
      formatNumber(tolerance),
    ),
  gap: ({ rank, gap, conclusive, certified, singularValues: values }: RankMeasurement) => {
    if (certified?.status === 'certified') return t('certified: rank {0} is proven', formatCount(rank));
    if (rank >= values.length) return conclusive ? t('full rank: nothing is cut off') : t('full rank, but inconclusive');
    const place = rank === 0 ? t('before the first value') : t('between σ{0} and σ{1}', subscript(rank), subscript(rank + 1));
    return conclusive
      ? t('gap {0} {1}: the cut is clear', formatRatio(gap), place)
      : t('gap {0} {1}: inconclusive, the rank is a guess', formatRatio(gap), place);
  },
  source: t('At'),
  sourceOf: {
    minimal: t('target’s minimal representation'),
    sampleSize: (sampleSize: number) => t('target, first {0} inputs', formatCount(sampleSize)),
    point: (name: string) => t('point {0}', name),
    solution: (name: string) => t('solution of {0}', name),
    empirical: (name: string) => t('target, inputs of {0}', name),
  },
  caption: (source: string) => t('Tangent singular values, {0}', source),
  columns: [t('Index'), t('Singular value'), t('Counts')],
  counts: { yes: t('yes'), no: t('no') },
};

export const empiricalRank = {
  title: t('Empirical rank against sample size'),
  rank: t('empirical rank'),
  stable: t('Linearly stable'),
  unstable: t('Not linearly stable'),
  unclear: t('Inconclusive'),
  modelRank: (rank: number) => t('model rank {0}', formatCount(rank)),
  predicted: (size: number) => t('predicted n\u00a0=\u00a0{0}', formatCount(size)),
  empty: t('No empirical rank has been measured yet.'),
  summary: (sizes: number, from: number | null) =>
    from === null
      ? t(
          'Empirical rank for {0}; the target is not linearly stable at the largest one.',
          plural(sizes, t('sample size'), t('sample sizes')),
        )
      : t(
          'Empirical rank for {0}; the target is linearly stable from n\u00a0=\u00a0{1} on.',
          plural(sizes, t('sample size'), t('sample sizes')),
          formatCount(from),
        ),
  caption: t('Empirical rank by sample size'),
  columns: [t('Sample size'), t('Empirical rank'), t('Gap'), t('Linearly stable')],
};

export const selection = {
  title: t('One training'),
  sampleSize: t('Sample size'),
  trial: t('Trial'),
  follow: t('Follow the latest'),
  none: t('No training has finished yet.'),
  notFinished: (name: string) => t('{0} has not finished.', name),
  maybeLeftOut: (name: string) => t('{0} has not finished, or is one of very many that the run folder alone keeps.', name),
  facts: ({ steps, stopReason, trainLoss, testError: error, recovered }: CellResult) =>
    t(
      '{0}: test error {1}, training loss {2} after {3} steps; ended by {4}.',
      recovered ? t('Recovered') : t('Not recovered'),
      formatNumber(error),
      formatNumber(trainLoss),
      formatCount(steps),
      stopReasons[stopReason],
    ),
};

export const stopReasons: Record<StopReason, string> = {
  trainLoss: t('training loss'),
  gradientNorm: t('gradient norm'),
  steps: t('number of steps'),
  time: t('time'),
  stalled: t('stalled integration'),
  diverged: t('divergence'),
  cancelled: t('stop'),
};

export const results = {
  title: t('Results by sample size'),
  caption: t('Results by sample size'),
  columns: [
    t('Sample size'),
    t('Trials'),
    t('Median test error'),
    t('Recovered trials'),
    t('Empirical rank'),
    t('Linearly stable'),
    t('Outcome'),
  ],
  predicted: t('predicted'),
  states: { recovered: t('recovered'), notRecovered: t('not recovered'), undecided: t('undecided') } satisfies Record<
    SampleSizeResult['state'],
    string
  >,
  diverged: (count: number) => t('{0} diverged', formatCount(count)),
  trials: (done: number, all: number) => (done < all ? t('{0} of {1}', formatCount(done), formatCount(all)) : formatCount(done)),
  fraction: formatFraction,
  empty: t('Rows appear as trainings finish.'),
  yes: t('yes'),
  no: t('no'),
  unclear: t('unclear'),
};

export const points = {
  title: t('Rank at points'),
  caption: t('Model rank at points of parameter space'),
  columns: [t('Point'), t('Model rank'), t('Gap'), t('Tolerance'), t('Empirical rank'), t('Certainty')],
  certified: t('certified'),
  clear: t('clear'),
  inconclusive: t('inconclusive'),
  empty: t('No rank has been measured yet.'),
};

export const report = {
  generated: (engine: string, time: string) => t('Recovery Lab {0}, run started {1}.', engine, time),
  unreadable: t('This report holds no readable run.'),
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
        return t('Matrix factorization: product of {0} matrices, {1}', factors.length, factors.reverse().join(', '));
      }
      return t(
        'Matrix factorization: {0} × {1} matrix as the product of a {2} × {3} and a {4} × {5} matrix',
        model.rows,
        model.columns,
        model.rows,
        model.inner,
        model.inner,
        model.columns,
      );
    case 'twoLayer': {
      const activation = activationWords(model.activation);
      const biases = [model.hiddenBias ? t('hidden bias') : '', model.outputBias ? t('output bias') : '']
        .filter(Boolean)
        .join(` ${t('and')} `);
      return t(
        'Two-layer network: {0}, {1}, activation {2}, {3}',
        plural(model.inputs, t('input'), t('inputs')),
        plural(model.width, t('hidden neuron'), t('hidden neurons')),
        activation,
        biases ? t('with {0}', biases) : t('without biases'),
      );
    }
    case 'diagonal':
      return t(
        'Diagonal model: {0}, each coefficient the product of {1} factors',
        plural(model.inputs, t('input'), t('inputs')),
        model.depth,
      );
    case 'deepNetwork':
      return t(
        'Deep network: {0}, hidden layers of {1} neurons, activation {2}, {3}',
        plural(model.inputs, t('input'), t('inputs')),
        model.widths.join(', '),
        activationWords(model.activation),
        model.bias ? t('with biases') : t('without biases'),
      );
    case 'convolution': {
      const input =
        typeof model.inputs === 'number'
          ? plural(model.inputs, t('input'), t('inputs'))
          : t('{0} inputs', model.inputs.join(' × '));
      return t(
        'Convolutional network: {0}, {1} of size {2}, activation {3}, {4}, {5}',
        input,
        plural(model.kernels, t('kernel'), t('kernels')),
        model.kernel,
        activationWords(model.activation),
        model.sharing ? t('with weight sharing') : t('without weight sharing'),
        model.hiddenBias ? t('with hidden bias') : t('without biases'),
      );
    }
    case 'formula':
      return t('Formula: {0}', model.expression);
  }
}

export function targetSentence(target: Target): string {
  switch (target.kind) {
    case 'matrix':
      return t('given {0} × {1} matrix', target.values.length, target.values[0]?.length ?? 0);
    case 'lowRank':
      return t('random matrix of rank {0}', target.rank);
    case 'vector':
      return t('linear function with {0}', plural(target.values.length, t('coefficient'), t('coefficients')));
    case 'teacher':
      if (target.widths) return t('deep teacher network with hidden layers of {0} neurons, random', target.widths.join(', '));
      if (target.kernels)
        return t('teacher network of {0}, given one by one', plural(target.kernels.length, t('kernel'), t('kernels')));
      return t(
        'teacher network of {0}{1}',
        plural(target.neurons?.length ?? target.width ?? 1, t('neuron'), t('neurons')),
        target.neurons ? t(', given one by one') : t(', random'),
      );
    case 'formula':
      return `f*(x) = ${target.expression}`;
  }
}

/** Settings worth reading beside the results, as label and value. */
export function settings(experiment: Experiment): [string, string][] {
  const { detail } = header;
  if (experiment.experiment === 'rank')
    return [[detail.tolerances, t('rank {0}', formatNumber(experiment.analysis.rankTolerance))]];
  if (experiment.experiment !== 'recovery') return plainSettings(experiment);
  const { optimizer, initialization, stop, trials } = experiment.training;
  const rules = [
    t('loss below {0}', formatNumber(stop.trainLoss)),
    t('{0} steps', formatCount(stop.steps)),
    ...(stop.gradientNorm > 0 ? [t('gradient norm below {0}', formatNumber(stop.gradientNorm))] : []),
  ];
  return [
    [detail.trials, formatCount(trials)],
    [detail.optimizer, optimizerText(optimizer)],
    [
      detail.initialization,
      initialization.kind === 'fanIn'
        ? t('by fan-in')
        : t('{0}, scale {1}', initialization.kind, formatNumber(initialization.scale)),
    ],
    [detail.stop, rules.join(', ')],
    [detail.inputs, inputsText(experiment.data.inputs)],
    [
      detail.tolerances,
      t(
        'recovery {0}, rank {1}',
        formatNumber(experiment.analysis.recoveryTolerance),
        formatNumber(experiment.analysis.rankTolerance),
      ),
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
    const tolerance = t('gradient flow, relative tolerance {0}', formatNumber(optimizer.relativeTolerance ?? 1e-8));
    const until = optimizer.time === undefined ? '' : t(', to time {0}', formatNumber(optimizer.time));
    return `${tolerance}${until}${optimizer.polish === true ? t(', polished') : ''}`;
  }
  const { learningRate: rate } = optimizer;
  const rateText =
    typeof rate === 'number'
      ? formatNumber(rate)
      : t('{0}, times {1} every {2} steps', formatNumber(rate.initial), formatNumber(rate.factor), formatCount(rate.every));
  return t('{0}, learning rate {1}', optimizer.kind === 'adam' ? 'Adam' : t('gradient descent'), rateText);
}

function inputsText(inputs: Inputs): string {
  switch (inputs.kind) {
    case 'entries':
      return Array.isArray(inputs.order)
        ? t('matrix entries in a given order')
        : t('matrix entries, {0}', inputs.order === 'bestConditioned' ? t('best conditioned') : t('{0} order', inputs.order));
    case 'normal':
      return t('normal, standard deviation {0}', formatNumber(inputs.scale ?? 1));
    case 'uniform':
      return t('uniform from {0} to {1}', formatNumber(inputs.low), formatNumber(inputs.high));
    case 'grid':
      return t('equally spaced from {0} to {1}', formatNumber(inputs.low), formatNumber(inputs.high));
    case 'points':
      return `${plural(inputs.values.length, t('given point'), t('given points'))}`;
  }
}
