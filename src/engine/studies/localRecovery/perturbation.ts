import type { ModelExperiment } from '../../../experiment/resolved';
import type { PerturbationResult } from '../../../protocol/results';
import { isNumericalError } from '../../errors';
import type { Inputs } from '../../models/model';
import { randomStream } from '../../random/stream';
import { tangentRank } from '../../rank/tangentRank';
import { FIT_FORM, fitNear, type SeparationFit, type TestSet } from '../geometry/separation';
import { foldSeparation } from '../geometry/separationState';
import type { JobParts } from '../jobParts';
import type { JobProgress } from '../study';
import type { Workbench } from '../workbench';

/** Without sample sizes in the file, those that differ from the rank by at most this. */
const AROUND = 2;
const PAUSE: JobProgress = { steps: 0, curve: { steps: [], losses: [] } };

/**
 * Local recovery of the function of a point: the point moved by ε·N(0, I) and fitted to n values of its function, by sample size. With
 * fewer independent tangent functions over the sample than there are, the generalisation error is of order ε ("Local linear recovery",
 * arXiv 2406.18035, Theorem 1); from then on it is of order ε² at most, and 0 where the points of this function are a manifold near by
 * ("Geometry and local recovery of global minima", arXiv 2309.00508). Errors are over the probe inputs. A fit is one of the
 * parts of the job.
 *
 * @param rank of the model at the point
 * @param available inputs that a sample may have
 */
export function* perturbFrom(
  bench: Workbench,
  experiment: ModelExperiment,
  { parameters }: { parameters: Float64Array },
  rank: number,
  available: number,
  parts: JobParts,
): Generator<JobProgress, PerturbationResult[]> {
  const { epsilons, trials } = experiment.analysis.localRecovery!.perturbation!;
  const { model, sampler } = bench;
  const valuesAt = (inputs: Inputs) => {
    const values = new Float64Array(inputs.count * (model.outputCount ?? 1));
    model.bind(inputs).evaluate(parameters, values);
    return values;
  };
  const test: TestSet = { bound: model.bind(bench.probes), targets: valuesAt(bench.probes) };
  const options = { tolerance: experiment.analysis.rankTolerance };
  const results: PerturbationResult[] = [];
  for (const sampleSize of sizesOf(experiment, Math.ceil(rank / (model.outputCount ?? 1)), available)) {
    const fits: SeparationFit[][] = epsilons.map(() => []);
    let guaranteed = 0;
    for (let trial = 0; trial < trials; trial++) {
      const inputs = sampler.training(trial, sampleSize);
      if (tangentRank(model, parameters, inputs, options).rank === rank) guaranteed++;
      const direction = new Float64Array(parameters.length);
      randomStream(1, 'perturbation', sampleSize, trial).fillNormal(direction);
      const targets = valuesAt(inputs);
      for (const [e, epsilon] of epsilons.entries()) {
        const offset = direction.map((value) => epsilon * value);
        const fit = yield* parts.next(FIT_FORM, (own) =>
          fitOrNot(fitNear(model, parameters, offset, inputs, targets, test, own)),
        );
        fits[e].push(fit);
      }
      yield PAUSE;
    }
    const { state, order, epsilons: folded } = foldSeparation(epsilons, fits);
    results.push({ sampleSize, trials, guaranteed, state: stateOf(state, order), order, epsilons: folded });
  }
  return results;
}

/** A fit that overflows has come to no end. */
function* fitOrNot(fit: Generator<JobProgress, SeparationFit>): Generator<JobProgress, SeparationFit> {
  try {
    return yield* fit;
  } catch (error) {
    if (!isNumericalError(error)) throw error;
    return { outcome: 'undecided', generalizationError: Infinity, distance: Infinity };
  }
}

/** Higher orders than the second are as good: the tangent functions that the sample leaves open have no part in them. */
function stateOf(state: ReturnType<typeof foldSeparation>['state'], order: number | null): PerturbationResult['state'] {
  if (state === 'separated') return 'recovered';
  return state === 'inconclusive' && order !== null && order > 2 ? 'quadratic' : state;
}

function sizesOf({ data }: ModelExperiment, least: number, available: number): number[] {
  const around = Array.from({ length: 2 * AROUND + 1 }, (_, i) => least - AROUND + i);
  const sizes = data.sampleSizes.length > 0 ? data.sampleSizes : around;
  return sizes.filter((size) => size >= 1 && size <= available);
}
