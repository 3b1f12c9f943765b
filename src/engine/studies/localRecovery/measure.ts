import type { ModelExperiment } from '../../../experiment/resolved';
import { matrixShapeOf } from '../../../experiment/sizes';
import type { LocalRecoveryResult } from '../../../protocol/results';
import { linearRecovery, type LinearRecovery } from '../../rank/linearRecovery';
import { tangentRank } from '../../rank/tangentRank';
import { isUsers, pointName, pointParameters } from '../points';
import { MINIMAL_REPRESENTATION } from '../preparation';
import type { JobCheckpoint } from '../jobCheckpoint';
import { JobParts, type PartForm } from '../jobParts';
import { NO_NEWS } from '../slice';
import type { JobProgress } from '../study';
import type { Workbench } from '../workbench';
import { perturbFrom } from './perturbation';

/**
 * Where n*(X) is taken: at the minimal representation, which stands for null here, and at the points of the experiment; in a rank
 * experiment, whose points are there for their ranks, at those that a user has.
 */
export function recoveryPlaces({ experiment, analysis, points = [] }: ModelExperiment): (number | null)[] {
  if (!analysis.localRecovery) return [];
  return [null, ...points.flatMap((point, index) => (experiment === 'recovery' || isUsers(point) ? [index] : []))];
}

/** n*(X) at one of these places, and fits from near it; null where the target has no minimal representation. */
export function* takeLocalRecovery(
  bench: Workbench,
  experiment: ModelExperiment,
  at: number,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, LocalRecoveryResult | null> {
  const parts = new JobParts(checkpoint);
  const place = recoveryPlaces(experiment)[at];
  if (place !== null) {
    const point = experiment.points![place];
    const parameters = pointParameters(bench, experiment, point, place);
    return yield* measureLocalRecovery(bench, experiment, { name: pointName(point, place), parameters }, parts);
  }
  const parameters = bench.minimalParameters;
  return parameters && (yield* measureLocalRecovery(bench, experiment, { name: MINIMAL_REPRESENTATION, parameters }, parts));
}

/** What a draw says, as a part of a job. */
const DRAW_FORM: PartForm<Pick<LinearRecovery, 'sampleSize' | 'conclusive'>> = {
  save: (draw) => draw,
  load: (saved) => ({
    sampleSize: saved.any('sampleSize') === null ? null : saved.number('sampleSize', { least: 0, whole: true }),
    conclusive: saved.flag('conclusive'),
  }),
};

/** Draws that are told apart; inputs that are no random ones are one draw. */
function drawCount({ analysis }: ModelExperiment, random: boolean): number {
  return random ? (analysis.localRecovery?.draws ?? 0) : 1;
}

/**
 * n*(X) of a point over draws of the inputs ("Local linear recovery", arXiv 2406.18035, Theorem 1): draw t has the inputs that trial t
 * of a training would have. A draw is one of the parts of the job.
 */
function* measureLocalRecovery(
  bench: Workbench,
  experiment: ModelExperiment,
  point: { name: string; parameters: Float64Array },
  parts: JobParts,
): Generator<JobProgress, LocalRecoveryResult> {
  const { model, sampler } = bench;
  const options = { tolerance: experiment.analysis.rankTolerance };
  const probes = tangentRank(model, point.parameters, bench.probes, options);
  const largest = inputCount(experiment, probes.rank);
  const sampleSizes: (number | null)[] = [];
  let inconclusive = 0;
  for (let draw = 0; draw < drawCount(experiment, sampler.random); draw++) {
    const { sampleSize, conclusive } = yield* parts.next(DRAW_FORM, function* () {
      yield NO_NEWS;
      const inputs = sampler.training(draw, largest);
      return linearRecovery(model, point.parameters, inputs, probes.rank, options);
    });
    sampleSizes.push(conclusive ? sampleSize : null);
    if (!conclusive) inconclusive += 1;
  }
  const least = Math.ceil(probes.rank / (model.outputCount ?? 1));
  const found = sampleSizes.filter((size) => size !== null).sort((a, b) => a - b);
  const asked = experiment.analysis.localRecovery?.perturbation !== undefined;
  const perturbation = asked ? yield* perturbFrom(bench, experiment, point, probes.rank, largest, parts) : undefined;
  return {
    name: point.name,
    modelRank: probes.rank,
    conclusive: probes.conclusive && inconclusive === 0,
    draws: sampleSizes.length,
    sampleSizes,
    atRank: found.filter((size) => size === least).length,
    smallest: found[0] ?? null,
    median: found[Math.floor((found.length - 1) / 2)] ?? null,
    largest: found.at(-1) ?? null,
    largestSample: largest,
    ...(perturbation ? { perturbation } : {}),
  };
}

/** How many inputs of a draw are looked at: all there are, or some more than twice those that almost all draws need. */
function inputCount({ model, data }: ModelExperiment, rank: number): number {
  const { inputs } = data;
  if (inputs.kind === 'points') return inputs.values.length;
  if (inputs.kind !== 'entries' || model.kind !== 'matrixFactorization') return 2 * rank + 20;
  const { rows, columns } = matrixShapeOf(model);
  return typeof inputs.order === 'string' ? rows * columns : inputs.order.length;
}
