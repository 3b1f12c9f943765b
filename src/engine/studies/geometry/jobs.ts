import type { DecayResult, FractionResult, ImbalanceFlow, SeparationResult } from '../../../protocol/results/geometry';
import { tangentRank } from '../../rank/tangentRank';
import { pointRank } from '../../theory/twoLayer/pointRank';
import { branchConstraints, branchOf, separationState, typeName } from '../../theory/branches';
import { certify, type Certified } from '../certification';
import type { JobCheckpoint } from '../jobCheckpoint';
import { JobParts, type PartForm } from '../jobParts';
import type { JobProgress } from '../study';
import { decayNear } from './decay';
import { alignedStart, alignment, flowFromSmallStart, growthCoefficients, type SmallStart } from './imbalance';
import { FIT_FORM, fitNear, rootMeanSquare, type SeparationFit } from './separation';
import { foldSeparation } from './separationState';
import type { GeometrySetting } from './setting';

/** One piece of work of a geometry experiment; `branch` and `point` are places in their lists. */
export type GeometryJob =
  | { kind: 'rank'; branch: number }
  | { kind: 'point'; point: number }
  | { kind: 'separation'; branch: number; sampleSize: number }
  | { kind: 'fraction'; point: number; sampleSize: number }
  | { kind: 'decay'; branch: number; trial: number }
  | { kind: 'imbalance'; sampleSize: number; dataSet: number; scale: number };

/** A flow near a branch with the curves that are drawn of it. */
export interface DecayOutput {
  result: DecayResult;
  times: number[];
  losses: number[];
}

/** Where a given point lies, and its rank. */
export interface PointOutput {
  branch: string | null;
  codimension: number | null;
  rank: Certified;
}

/** What a job gives. */
export type GeometryOutput =
  | { kind: 'rank'; rank: Certified }
  | { kind: 'point'; point: PointOutput }
  | { kind: 'separation'; separation: SeparationResult }
  | { kind: 'fraction'; fraction: FractionResult }
  | { kind: 'decay'; decay: DecayOutput }
  | { kind: 'imbalance'; flows: ImbalanceFlow[] };

const NOTHING: JobProgress = { steps: 0, curve: { steps: [], losses: [] } };
const steps = (count: number): JobProgress => ({ ...NOTHING, steps: count });

/** The rank at a random point of a branch; where float64 leaves it open, or always, it is proven. */
export function measureRank(setting: GeometrySetting, branch: number): Certified {
  const type = setting.geometry.types[branch]!;
  return certifiedRank(
    setting,
    setting.pointOn(type, branch, 0).parameters,
    `branch-${branch + 1}.json`,
    typeof setting.experiment.model.activation === 'string',
  );
}

function certifiedRank(setting: GeometrySetting, parameters: Float64Array, name: string, pointIsExact: boolean): Certified {
  const { experiment, model, probes } = setting;
  const { rankTolerance, certify: rule } = experiment.analysis;
  return certify(tangentRank(model, parameters, probes, { tolerance: rankTolerance }), rule, {
    model: experiment.model,
    parameters,
    inputs: probes,
    upperBound: { value: pointRank(experiment.model, parameters), source: RANK_SOURCE },
    pointIsExact,
    name,
  });
}

const RANK_SOURCE =
  'number of classes of neurons that are the same up to the symmetry of the activation: "Local linear recovery" (arXiv 2406.18035), Cor. 2';

/** How near weights of given points must be to be the same: they are written with some digits only. */
const POINT_TOLERANCE = 1e-6;

export function measurePoint(setting: GeometrySetting, point: number): PointOutput {
  const { experiment, geometry } = setting;
  const parameters = Float64Array.from(experiment.points[point]!.parameters);
  const found = branchOf(experiment.model, geometry.problem, parameters, POINT_TOLERANCE);
  const name = found ? typeName(found.blocks) : null;
  const type = geometry.types.find((each) => typeName(each) === name);
  return {
    branch: name,
    codimension: type?.codimension ?? null,
    rank: certifiedRank(setting, parameters, `point-${point + 1}.json`, true),
  };
}

/** A fit is a part of the job. */
export function* testSeparation(
  setting: GeometrySetting,
  branch: number,
  sampleSize: number,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, SeparationResult> {
  const { experiment, geometry, model, sampler, test } = setting;
  const { epsilons, trials } = experiment.analysis.separation!;
  const type = geometry.types[branch]!;
  const fits: SeparationFit[][] = epsilons.map(() => []);
  const parts = new JobParts(checkpoint);
  for (let trial = 0; trial < trials; trial++) {
    const { parameters } = setting.pointOn(type, branch, trial);
    const inputs = sampler.training(trial, sampleSize);
    const targets = setting.targetsAt(inputs);
    const direction = setting.direction('separation', branch, sampleSize, trial);
    for (const [e, epsilon] of epsilons.entries()) {
      const offset = direction.map((value) => epsilon * value);
      const fit = yield* parts.next(FIT_FORM, (own) => fitNear(model, parameters, offset, inputs, targets, test, own));
      fits[e]!.push(fit);
    }
    yield NOTHING;
  }
  return { branch: typeName(type), sampleSize, predicted: separationState(type, sampleSize), ...foldSeparation(epsilons, fits) };
}

/** Fits that end further away than this many ε are not near the point any more. */
const NEAR = 10;

/** A fit is a part of the job. */
export function* measureFraction(
  setting: GeometrySetting,
  point: number,
  sampleSize: number,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, FractionResult> {
  const { experiment, model, sampler, test } = setting;
  const { trials, restarts, epsilon } = experiment.analysis.separatedFraction!;
  const parameters = Float64Array.from(experiment.points[point]!.parameters);
  const parts = new JobParts(checkpoint);
  let separated = 0;
  let undecided = 0;
  for (let trial = 0; trial < trials; trial++) {
    const inputs = sampler.training(trial, sampleSize);
    const targets = setting.targetsAt(inputs);
    let other = false;
    let open = false;
    for (let restart = 0; restart < restarts && !other; restart++) {
      const offset = setting.direction('fraction', point, sampleSize, trial, restart).map((value) => epsilon * value);
      const fit = yield* parts.next(FIT_FORM, (own) => fitNear(model, parameters, offset, inputs, targets, test, own));
      if (fit.distance >= NEAR * epsilon) continue;
      other ||= fit.outcome === 'other';
      open ||= fit.outcome === 'undecided';
    }
    if (!other) separated++;
    if (!other && open) undecided++;
    yield NOTHING;
  }
  return { sampleSize, separated: separated / trials, sampleSets: trials, undecided };
}

export function* followDecay(setting: GeometrySetting, branch: number, trial: number): Generator<JobProgress, DecayOutput> {
  const { experiment, geometry, model, sampler, test } = setting;
  const { epsilon, time, sampleSize: wanted } = experiment.analysis.decay!;
  const type = geometry.types[branch]!;
  const sampleSize = wanted ?? type.threshold;
  const point = setting.pointOn(type, branch, trial);
  const inputs = sampler.training(trial, sampleSize);
  const direction = setting.direction('decay', branch, trial);
  const start = point.parameters.map((value, j) => value + epsilon * direction[j]!);
  const constraints = branchConstraints(experiment.model, geometry.problem.family, point);
  const flow = decayNear(model.bind(inputs), setting.targetsAt(inputs), start, point.parameters, constraints, time);
  let next = flow.next();
  while (!next.done) {
    yield steps(next.value);
    next = flow.next();
  }
  const { rate, normalRate, times, losses, normal, range, kernel, tangential, loss, parameters, time: end } = next.value;
  // The end itself is the limit that tangential parts are measured from.
  const late = Math.max(0, normal.length - 20);
  return {
    result: {
      branch: typeName(type),
      sampleSize,
      trial,
      kind: rate.kind,
      rate: rate.kind === 'linear' ? rate.rate : null,
      exponent: rate.kind === 'algebraic' ? rate.exponent : null,
      normalExponent: normalRate.kind === 'algebraic' ? normalRate.exponent : null,
      time: end,
      loss,
      normalRange: range[late] ?? 0,
      normalKernel: kernel[late] ?? 0,
      tangential: tangential[0] ?? 0,
      generalizationError: rootMeanSquare(test, parameters),
    },
    times,
    losses,
  };
}

/** The end of a flow as a part of a job. */
function endForm(parameterCount: number): PartForm<Pick<SmallStart, 'parameters' | 'loss'>> {
  return {
    save: ({ parameters, loss }) => ({ parameters, loss }),
    load: (saved) => ({ parameters: saved.vector('parameters', parameterCount), loss: saved.number('loss') }),
  };
}

/** A flow is a part of the job. */
export function* followSmallStarts(
  setting: GeometrySetting,
  { sampleSize, dataSet, scale }: Extract<GeometryJob, { kind: 'imbalance' }>,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, ImbalanceFlow[]> {
  const { experiment, geometry, sampler, test } = setting;
  const { ratios, randomStarts, trainLoss, time, recoveryTolerance, condensation } = experiment.imbalance!;
  const inputs = sampler.training(dataSet, sampleSize);
  const targets = setting.targetsAt(inputs);
  const gamma = alignment(experiment.model, inputs, targets);
  const flows: ImbalanceFlow[] = [];
  const parts = new JobParts(checkpoint);
  for (let i = 0; i < (ratios?.count ?? randomStarts ?? 0); i++) {
    const start = ratios
      ? alignedStart(experiment.model, gamma, [1, ratios.from + ((ratios.to - ratios.from) * i) / (ratios.count - 1)], scale)
      : setting.direction('small start', sampleSize, dataSet, i).map((value) => scale * value);
    const [first, second] = growthCoefficients(experiment.model, gamma, start);
    const { parameters, loss } = yield* parts.next(endForm(start.length), function* () {
      const flow = flowFromSmallStart(experiment.model, inputs, targets, start, { trainLoss, time });
      for (let next = flow.next(); ; next = flow.next()) {
        if (next.done) return next.value;
        yield steps(next.value);
      }
    });
    const error = rootMeanSquare(test, parameters);
    const found = branchOf(experiment.model, geometry.problem, parameters, condensation);
    flows.push({
      sampleSize,
      dataSet,
      scale,
      ratio: experiment.model.width === 2 ? second! / first! : null,
      generalizationError: error * error,
      trainLoss: loss,
      recovered: error * error < recoveryTolerance,
      branch: found ? typeName(found.blocks) : null,
    });
  }
  return flows;
}
