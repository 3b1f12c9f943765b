import { wideWidths, type ResolvedLiftingExperiment } from '../../../experiment/kinds/lifting';
import type { LiftedPointResult, LiftingResults } from '../../../protocol/events';
import { EngineError, EXIT } from '../../errors';
import { classify } from '../../lifting/classification';
import { construct } from '../../lifting/constructions';
import { CRITICAL, polishCriticalPoint, trainToCriticalPoint, type CriticalPoint } from '../../lifting/criticalPoint';
import type { Lifting } from '../../lifting/embeddings';
import { FreeNeuron } from '../../lifting/freeNeurons';
import { withWidths } from '../../lifting/layers';
import { measureLiftedPoint } from '../../lifting/liftedPoint';
import { alongCertificate } from '../../lifting/saddleCertificate';
import {
  commonDataSet,
  commonResiduals,
  liftingProbes,
  testSampleIndependence,
  type PointPair,
} from '../../lifting/sampleIndependence';
import { norm, SquaredLoss, type DataSet } from '../../lifting/squaredLoss';
import { createModel } from '../../models/registry';
import { randomStream } from '../../random/stream';
import { tangentRank } from '../../rank/tangentRank';
import type { JobProgress } from '../study';

/** What the main thread needs of a lifted point besides its results. */
export interface MeasuredLift {
  result: LiftedPointResult | null;
  skipped: { construction: string; reason: string } | null;
  /** Relative gradients for data sets that make the narrow point critical. */
  gradients: number[];
  /** Loss against multiples of the certificate's output weights, before and after the input weights have moved. */
  descent: { factors: number[]; before: number[]; after: number[] } | null;
}

export type MeasuredNarrow = LiftingResults['narrow'] & { loss: number };

const NOTHING: JobProgress = { steps: 0, curve: { steps: [], losses: [] } };

export function dataOf({ data, model }: ResolvedLiftingExperiment): DataSet {
  return {
    inputs: {
      count: data.points.length,
      dimension: model.inputs,
      values: Float64Array.from(data.points.flatMap(({ x }) => x)),
    },
    targets: Float64Array.from(data.points.flatMap(({ y }) => y)),
  };
}

/** The critical point of the narrow network, given or trained, with a relative gradient below 1e-12. */
export function* findNarrowPoint(experiment: ResolvedLiftingExperiment): Generator<JobProgress, MeasuredNarrow> {
  const { model, point, training } = experiment;
  const narrow = createModel(model);
  const loss = new SquaredLoss(narrow, dataOf(experiment));
  let found: CriticalPoint;
  if (point === 'train') {
    const search = trainToCriticalPoint(loss, training.seed, training.scale, training.steps);
    let step = search.next();
    for (; !step.done; step = search.next()) yield { ...NOTHING, steps: 1 };
    found = step.value;
  } else {
    found = polishCriticalPoint(loss, Float64Array.from(point.parameters));
  }
  const { parameters, relativeGradient } = found;
  if (!(relativeGradient < CRITICAL)) {
    const words =
      point === 'train'
        ? 'No critical point was found from ten starts: the smallest relative gradient is'
        : 'Newton’s method does not lead from this point to a critical one: the relative gradient stays at';
    const hint = point === 'train' ? ' Another seed or scale under "training" may help.' : '';
    throw new EngineError('no-critical-point', `${words} ${relativeGradient.toExponential(1)}.${hint}`, EXIT.failure, {
      path: ['point'],
    });
  }
  const probes = liftingProbes({ narrow, wide: narrow }, experiment.analysis.probeScale);
  const rank = tangentRank(narrow, parameters, probes);
  return {
    parameters: Array.from(parameters),
    loss: found.loss,
    gradientNorm: found.gradientNorm,
    relativeGradient,
    distance: found.distance,
    residuals: Array.from(loss.residuals(parameters)),
    classification: classify(loss, parameters).classification,
    modelRank: rank.conclusive ? rank.rank : null,
  };
}

function liftingOf({ model, wide }: ResolvedLiftingExperiment, narrow: MeasuredNarrow): Lifting {
  return { narrow: model, wide: withWidths(model, wideWidths(wide)), parameters: Float64Array.from(narrow.parameters) };
}

function pairOf({ narrow, wide, parameters }: Lifting, wideParameters: Float64Array): PointPair {
  return { narrow: createModel(narrow), narrowParameters: parameters, wide: createModel(wide), wideParameters };
}

/** The lifted point at this place of constructions and given lifts. */
export function measureLift(experiment: ResolvedLiftingExperiment, narrow: MeasuredNarrow, index: number): MeasuredLift {
  const { constructions, lifts, seed, analysis } = experiment;
  const lifting = liftingOf(experiment, narrow);
  const data = dataOf(experiment);
  const construction = index < constructions.length ? constructions[index] : null;
  const given = lifts[index - constructions.length];
  const made = construction
    ? construct(construction, lifting, data, Float64Array.from(narrow.residuals), seed)
    : { parameters: Float64Array.from(given.parameters), dimension: null };
  if ('obstacle' in made)
    return { result: null, skipped: { construction: construction!, reason: made.obstacle }, gradients: [], descent: null };

  const pair = pairOf(lifting, made.parameters);
  const probes = liftingProbes(pair, analysis.probeScale);
  const point = measureLiftedPoint(lifting.wide, pair, data, probes, analysis.dataSets);
  const { independence, curvature, classification, dataSet, saddle, descent } = point;
  const certificate = {
    ...(dataSet ? { dataSet } : {}),
    ...(saddle ? { saddle } : {}),
    ...(classification === 'strictSaddle'
      ? { curvature: { eigenvalue: curvature!.smallest, residual: curvature!.residual } }
      : {}),
    ...(descent ? { descent } : {}),
  };
  const result: LiftedPointResult = {
    construction: construction ?? 'given',
    name: construction ?? given.name,
    parameters: Array.from(made.parameters),
    outputDifference: independence.outputDifference,
    sampleIndependent: independence.sampleIndependent,
    dimension: made.dimension,
    ranks: { narrow: independence.narrow.rank, wide: independence.wide.rank, joint: independence.joint.rank },
    gradientNorm: point.gradientNorm,
    relativeGradient: point.relativeGradient,
    dataSets: { count: independence.dataSets.length, largest: Math.max(0, ...independence.dataSets) },
    classification,
    reason: point.reason,
    curvature,
    ...(Object.keys(certificate).length > 0 ? { certificate } : {}),
  };
  const loss = new SquaredLoss(pair.wide, data);
  return {
    result,
    skipped: null,
    gradients: independence.dataSets,
    descent: saddle ? alongCertificate(lifting.wide, loss, made.parameters, saddle) : null,
  };
}

/** From which number of samples on data make both the narrow point and a free neuron's point critical. */
export function measureExistence(experiment: ResolvedLiftingExperiment, narrow: MeasuredNarrow): LiftingResults['existence'] {
  const lifting = liftingOf(experiment, narrow);
  if (!FreeNeuron.fits(lifting)) return null;
  const neuron = new FreeNeuron(lifting, randomStream(experiment.seed, 'lifting', 'existence'));
  const pair = pairOf(lifting, neuron.parameters());
  const { probeScale } = experiment.analysis;
  const { joint } = testSampleIndependence(pair, liftingProbes(pair, probeScale), 0);
  const outputs = narrow.residuals.length / experiment.data.points.length;
  const least = Math.ceil((joint.rank + 1) / outputs);
  const data = commonDataSet(pair, least, randomStream(experiment.seed, 'lifting', 'common'));
  const gradient = (loss: SquaredLoss, parameters: Float64Array) => norm(loss.gradient(parameters));
  return {
    jointRank: joint.conclusive ? joint.rank : null,
    dimensions: commonResiduals(pair, least + 1, probeScale),
    common: data && {
      samples: least,
      narrowGradientNorm: gradient(new SquaredLoss(pair.narrow, data), pair.narrowParameters),
      gradientNorm: gradient(new SquaredLoss(pair.wide, data), pair.wideParameters),
    },
  };
}
