import type { ResolvedConvolution } from '../../../experiment/resolved';
import { randomStream } from '../../random/stream';
import { randomOwners, randomShares } from '../sharing';
import { idleKernel, vanishes } from './closedForm';
import { placed, placedParameters, sharedParameters, type SharedKernel } from '../../targets/convolutionTeacher';

/**
 * Every further kernel is a copy of a random one, and copies share its output map in random parts that add up to it. The parts
 * are the same at all positions: only then is the rank that of the target.
 */
export function convolutionSplittingPoint(
  model: ResolvedConvolution,
  kernels: readonly SharedKernel[],
  seed: number,
): Float64Array {
  const stream = randomStream(seed, 'splitting');
  const owners = Array.from({ length: model.kernels }, (_, k) => (k < kernels.length ? k : stream.integer(kernels.length)));
  const raw = owners.map(() => stream.normal());
  const split = owners.map((owner, at) => {
    const copies = owners.flatMap((each, i) => (each === owner ? [i] : []));
    const mean = copies.reduce((sum, i) => sum + raw[i], 0) / copies.length;
    const part = 1 / copies.length + 0.5 * (raw[at] - mean);
    return { ...kernels[owner], outputWeights: kernels[owner].outputWeights.map((a) => part * a) };
  });
  return model.sharing ? sharedParameters(model, split) : placedParameters(model, placed(split));
}

/**
 * A general compatible embedding: kernels in random order, some of zeros where these add no function, the others copies that share
 * the output map in parts of any sign. With sharing the parts are the same at all positions; without, every position has its own.
 */
export function convolutionCompatiblePoint(
  model: ResolvedConvolution,
  kernels: readonly SharedKernel[],
  seed: number,
): Float64Array {
  const stream = randomStream(seed, 'splitting', 'compatible');
  const owners = randomOwners(stream, model.kernels, kernels.length, vanishes(model));
  const common = randomShares(stream, owners, 2);
  const positions = kernels[0].outputWeights.length;
  const shares = Array.from({ length: positions }, () => (model.sharing ? common : randomShares(stream, owners, 2)));
  const idle = idleKernel(model);
  const split = owners.map((owner, at): SharedKernel =>
    owner < 0 ? idle : { ...kernels[owner], outputWeights: kernels[owner].outputWeights.map((a, p) => shares[p][at] * a) },
  );
  return model.sharing ? sharedParameters(model, split) : placedParameters(model, placed(split));
}
