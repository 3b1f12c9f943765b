import type { ResolvedIndependenceExperiment } from '../../../experiment/kinds/independence';
import type { IndependenceResults, Verdict } from '../../../protocol/events';
import type { ResultFigure } from '../../../protocol/figure';
import type { ResultTable } from '../../../protocol/table';
import { EngineError, EXIT } from '../../errors';
import { neuronListOf } from '../../independence/neurons';
import { runOne } from '../../schedule/executor';
import { LiveResults } from '../liveResults';
import type { Study } from '../study';
import { judgeFlag, judgeList, judgeNumber } from '../verdicts/expected';
import { measureIndependence, type Independence } from './measure';

/** Whether neurons are linearly independent functions, and why not: one job. */
export const independenceStudy: Study<ResolvedIndependenceExperiment, { kind: 'measure' }, Independence, IndependenceResults> = {
  parallelJobs: () => 1,

  *execute(bench) {
    const experiment = bench.experimentOf('independence');
    return measureIndependence(neuronListOf(experiment), experiment.analysis);
  },

  async conduct({ experiment, executor, emit, keep }) {
    emit({ type: 'phase', phase: 'measuring' });
    const { measurement, independent, causes, points, certificate } = await runOne<Independence>(executor, { kind: 'measure' });
    if (points === 0) {
      const message =
        'The neurons overflow, or are not defined, at all points. Smaller weights, or a smaller scale of the points, may help.';
      throw new EngineError('invalid-experiment', message, EXIT.invalid, { path: ['neurons'] });
    }
    if (certificate) keep(certificate);
    const count = neuronListOf(experiment).neurons.length;
    const { rank, tolerance, gap, conclusive, singularValues, certified } = measurement;
    const results: IndependenceResults = {
      count,
      functions: count + (experiment.outputBias ? 1 : 0),
      rank,
      independent,
      causes,
      evaluationPoints: points,
      tolerance,
      gap,
      conclusive,
      singularValues,
      ...(certified ? { certified } : {}),
    };
    const live = new LiveResults(emit);
    live.table('independence', () => summaryTable(results, experiment.outputBias));
    if (causes.length > 0) live.table('causes', () => causeTable(results));
    live.figure('singular-values', () => singularValueFigure(results));
    live.tell();
    return results;
  },

  judge({ expect }, results) {
    const { rank, independent, causes, conclusive, gap, certified } = results;
    const doubt = conclusive ? undefined : `The rank is inconclusive: its gap is ${gap.toPrecision(2)}.`;
    const reasons = certified?.status === 'certified' ? certified.reasons.slice(0, 1) : [];
    const verdicts: Verdict[] = [];
    if (expect.count !== undefined) verdicts.push(judgeNumber('count', expect.count, { value: results.count }));
    if (expect.rank !== undefined) verdicts.push(judgeNumber('rank', expect.rank, { value: rank, doubt, reasons }));
    if (expect.independent !== undefined)
      verdicts.push(judgeFlag('independent', expect.independent, { value: independent, doubt, reasons }));
    if (expect.causes !== undefined)
      verdicts.push(judgeList('causes', expect.causes, { value: causes, doubt }, { anyOrder: true }));
    return verdicts;
  },
};

function summaryTable(results: IndependenceResults, outputBias: boolean): Omit<ResultTable, 'id'> {
  const { count, functions, rank, independent, gap, certified, evaluationPoints } = results;
  const proof =
    certified?.status === 'certified' ? 'yes' : certified?.status === 'certifiedLowerBound' ? `rank ≥ ${certified.rank}` : 'no';
  return {
    title: 'Linear independence',
    columns: [
      { title: 'Neurons', kind: 'integer' },
      { title: 'Functions', kind: 'integer' },
      { title: 'Rank', kind: 'integer' },
      { title: 'Independent', kind: 'flag' },
      { title: 'Gap', kind: 'number' },
      { title: 'Proven', kind: 'text' },
    ],
    rows: [[count, functions, rank, independent, gap, proof]],
    note: `Values at ${evaluationPoints} random points${outputBias ? '; the constant 1 of the output bias is one of the functions' : ''}.`,
  };
}

function causeTable({ causes }: IndependenceResults): Omit<ResultTable, 'id'> {
  return {
    title: 'Causes of dependence',
    columns: [
      { title: 'Cause', kind: 'text' },
      { title: 'Neurons', kind: 'text' },
      { title: 'Dimensions', kind: 'integer' },
      { title: 'Exact', kind: 'flag' },
      { title: 'Relation', kind: 'text' },
    ],
    rows: causes.map(({ kind, neurons, dimensions, proven, relation }) => [
      CAUSE_WORDS[kind],
      neurons.join(', '),
      dimensions,
      proven,
      relation,
    ]),
  };
}

const CAUSE_WORDS: Record<IndependenceResults['causes'][number]['kind'], string> = {
  zero: 'zero',
  constants: 'constants',
  equal: 'equal',
  signEqual: 'equal up to the sign',
  sigmoidPair: 'sigmoid pair',
  unexplained: 'no structural cause',
};

/** Below this a singular value is rounding, and drawn at it. */
const FLOOR = 1e-18;

function singularValueFigure({ singularValues, rank, tolerance }: IndependenceResults): Omit<ResultFigure, 'id'> {
  const largest = singularValues[0] ?? 1;
  return {
    title: 'Singular values of the neurons',
    caption:
      'Singular values of the matrix of all neurons at the points, columns normalised, relative to the largest. Those above the gap count.',
    x: { title: 'Index', scale: 'linear', integer: true },
    y: { title: 'σ / σ₁', scale: 'log' },
    layers: [
      {
        kind: 'line',
        label: 'singular values',
        ink: 'primary',
        symbol: true,
        x: singularValues.map((_, i) => i + 1),
        y: singularValues.map((value) => Math.max(FLOOR, value / largest)),
      },
      { kind: 'marker', axis: 'y', value: tolerance, label: 'tolerance', ink: 'muted' },
      { kind: 'marker', axis: 'x', value: rank + 0.5, label: `rank ${rank}`, ink: 'accent' },
    ],
  };
}
