import type { ResolvedDataSet, ResolvedOverlapExperiment } from '../../../experiment/kinds/overlap';
import type { OverlapResults, Verdict } from '../../../protocol/events';
import { activationFunction } from '../../models/activation';
import { neuronLimit, type NeuronActivation, type NeuronLimit } from '../../overlap/limit';
import { refineStart, roundsTo } from '../../overlap/refine';
import { CLOSED_RATIO_INTEGRALS, quadratureOf } from '../../theory/overlap/invariant';
import { limitingSlope, neuronResidual, sampleThrough, type NeuronPoint, type SingleSample } from '../../theory/overlap/neuron';
import { exponentialSample, recipeA, type Recipe } from '../../theory/overlap/recipe';
import { LiveResults } from '../liveResults';
import { runJobs } from '../runJobs';
import type { Study } from '../study';
import { judgeFlag, judgeList } from '../verdicts/expected';
import type { Workbench } from '../workbench';
import { activationFigure, contradictionFigure, pathsFigure, type DrawnFlow } from './figures';
import { candidateRows, conclusionOf, onePointOverlap, overlappingPair, ZERO_RESIDUAL } from './judgeOverlap';
import { candidateTable, limitTable, residualTable } from './tables';

/** One flow, from this start; `drawn` tells its trajectory, too. */
interface OverlapJob {
  index: number;
  start: NeuronPoint;
}

interface OverlapOutput {
  limit: Omit<NeuronLimit, 'trajectory'>;
  /** w, then a, along the flow. */
  path: number[][];
}

/** Gradient flows of one neuron for different data sets, and what their limits say about a data-independent G. */
export const overlapStudy: Study<ResolvedOverlapExperiment, OverlapJob, OverlapOutput, OverlapResults> = {
  parallelJobs: (experiment) => setupOf(experiment).samples.length,
  *execute(bench: Workbench, job) {
    const { neuron, samples } = setupOf(bench.experimentOf('overlap'));
    const { trajectory, ...limit } = neuronLimit(neuron, job.start, samples[job.index]);
    yield { steps: limit.steps, curve: { steps: [], losses: [] } };
    return { limit, path: sampledPath(trajectory, job.start) };
  },
  async conduct(run) {
    const { experiment, emit } = run;
    const { neuron, samples, recipe } = setupOf(experiment);
    const live = new LiveResults(emit);
    emit({ type: 'phase', phase: 'measuring' });
    let start: NeuronPoint = { w: experiment.start.w, a: experiment.start.a };
    const flowsFrom = async (from: NeuronPoint): Promise<OverlapOutput[]> => {
      const found: OverlapOutput[] = [];
      await runJobs<OverlapJob, OverlapOutput>(
        run,
        samples.map((_, index) => ({ index, start: from })),
        { output: (output, index) => (found[index] = output) },
      );
      return found;
    };
    let flows = await flowsFrom(start);
    const refined = refinedStart(experiment, neuron, samples, flows);
    if (refined) {
      start = refined;
      flows = await flowsFrom(start);
    }
    const results = resultsOf(neuron, start, refined !== null, samples, flows);

    const drawn = flows.map(({ limit, path }, i): DrawnFlow => ({ sample: samples[i], limit: limit.point, path }));
    live.table('limits', () => limitTable(results));
    live.table('residuals', () => residualTable(results));
    if (results.candidates.length > 0) live.table('candidates', () => candidateTable(results));
    live.figure('paths', () => pathsFigure(neuron.activation, start, drawn));
    if (recipe) live.figure('activation', () => activationFigure(recipe));
    if (results.pair) live.figure('contradiction', () => contradictionFigure(results));
    live.tell();
    return results;
  },
  judge,
};

interface Setup {
  neuron: NeuronActivation;
  samples: SingleSample[];
  recipe: Recipe | null;
}

function setupOf({ activation, start, datasets = [], limits = [] }: ResolvedOverlapExperiment): Setup {
  if (activation === 'recipe') {
    const recipe = recipeA(start, limits[0], limits[1]);
    return { neuron: { activation: recipe.activation, ratio: quadratureOf(recipe.activation) }, samples: recipe.samples, recipe };
  }
  const sigma = activationFunction(activation);
  const sampleOf = (set: ResolvedDataSet): SingleSample => {
    if ('limit' in set) return exponentialSample(start, set.limit);
    return 'through' in set ? sampleThrough(sigma, set.x, set.through) : set;
  };
  return {
    neuron: { activation: sigma, ratio: CLOSED_RATIO_INTEGRALS[activation] ?? quadratureOf(sigma) },
    samples: datasets.map(sampleOf),
    recipe: null,
  };
}

/** A start near by from which an overlap is exact, where the file allows it and it is needed. */
function refinedStart(
  { start }: ResolvedOverlapExperiment,
  neuron: NeuronActivation,
  samples: readonly SingleSample[],
  flows: readonly OverlapOutput[],
): NeuronPoint | null {
  if (start.refine === 'never' || samples.length !== 2 || !flows.every(({ limit }) => limit.reached)) return null;
  const [p, q] = flows.map(({ limit }) => limit.point);
  const across = [neuronResidual(neuron.activation, p, samples[1]), neuronResidual(neuron.activation, q, samples[0])];
  if (across.every((residual) => Math.abs(residual) < ZERO_RESIDUAL)) return null;
  const refined = refineStart(neuron, start, [samples[0], samples[1]], [p, q])?.start;
  if (!refined) return null;
  const isWritten = roundsTo(refined.w[0], start.w[0]) && roundsTo(refined.a, start.a);
  return start.refine === 'always' || isWritten ? refined : null;
}

function resultsOf(
  { activation }: NeuronActivation,
  start: NeuronPoint,
  refined: boolean,
  samples: readonly SingleSample[],
  flows: readonly OverlapOutput[],
): OverlapResults {
  const limits = flows.map(({ limit }) => limit.point);
  const reached = flows.map(({ limit }) => limit.reached);
  const directions = flows.map(({ limit }) => limit.direction);
  const residuals = limits.map((limit) => samples.map((sample) => neuronResidual(activation, limit, sample)));
  const pair = overlappingPair(limits, reached, residuals);
  const onePoint = onePointOverlap(start, limits, reached, directions);
  return {
    start: { w: plain(start.w), a: start.a, refined },
    datasets: samples.map(({ x, y }) => ({ x: plain(x), y })),
    limits: flows.map(({ limit }) => ({
      w: plain(limit.point.w),
      a: limit.point.a,
      reached: limit.reached,
      correction: limit.correction,
      invariantDrift: limit.invariantDrift,
      monotone: limit.monotone,
      steps: limit.steps,
    })),
    residuals,
    twoPoint: pair !== null,
    pair: pair && [pair[0] + 1, pair[1] + 1],
    onePoint: onePoint.holds,
    slopes: limits.map((limit, i) => (limit.w.length === 1 ? limitingSlope(activation, limit, samples[i]) : null)),
    directions,
    directionRank: onePoint.rank,
    candidates: candidateRows(start, limits, pair, onePoint.holds),
    conclusion: conclusionOf(pair, onePoint.holds, reached.every(Boolean)),
  };
}

const plain = (vector: readonly number[]): number | number[] => (vector.length === 1 ? vector[0] : [...vector]);

const PATH_POINTS = 240;

/** The trajectory at about so many of its steps, which lie densest where it turns. */
function sampledPath(trajectory: NeuronLimit['trajectory'], start: NeuronPoint): number[][] {
  const point = new Float64Array(start.w.length + 1);
  const every = Math.max(1, Math.floor(trajectory.length / PATH_POINTS));
  const path = [[...start.w, start.a]];
  for (let i = 0; i < trajectory.length; i += every) {
    trajectory.at(trajectory.timeAt(i), point);
    path.push(Array.from(point));
  }
  return path;
}

function judge({ expect }: ResolvedOverlapExperiment, results: OverlapResults): Verdict[] {
  const verdicts: Verdict[] = [];
  const lost = results.limits.flatMap(({ reached }, i) => (reached ? [] : [i + 1]));
  const doubt = lost.length > 0 ? `The flow of data set ${lost.join(', ')} did not reach zero loss.` : undefined;
  if (expect.twoPoint !== undefined) {
    const reasons = results.twoPoint ? [results.conclusion] : [];
    verdicts.push(judgeFlag('twoPoint', expect.twoPoint, { value: results.twoPoint, doubt, reasons }));
  }
  if (expect.onePoint !== undefined) {
    const unclear = results.directionRank === null ? 'The rank of the limiting directions is not clear.' : undefined;
    const reasons = results.onePoint ? [results.conclusion] : [];
    verdicts.push(judgeFlag('onePoint', expect.onePoint, { value: results.onePoint, doubt: doubt ?? unclear, reasons }));
  }
  if (expect.limits) {
    const { points, within } = expect.limits;
    const value = results.limits.map(({ w, a }) => ({ w, a }));
    const expected = points.map(({ w, a }) => ({ w: Array.isArray(w) ? plain(w) : w, a }));
    verdicts.push(judgeList('limits', expected, { value, doubt }, { within }));
  }
  if (expect.slopes)
    verdicts.push(judgeList('slopes', expect.slopes.values, { value: results.slopes, doubt }, { within: expect.slopes.within }));
  return verdicts;
}
