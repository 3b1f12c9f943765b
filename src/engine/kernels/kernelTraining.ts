import type { StepRules } from '../training/train';
import { kernelInstance, type KernelExports } from './kernelInstance';
import { relaxedModule } from './kernelModule';
import { loadProblem } from './loadProblem';
import type { KernelProblem } from './problem';
import { SteppedTraining, type StepKernels } from './steppedTraining';

/**
 * A training in the WebAssembly kernels. The kernels of a thread serve one training at a time, so a new one takes them away from
 * the one before.
 */
export class KernelTraining extends SteppedTraining {
  /** @param relaxed whether products and sums may be fused, which changes the last bits. */
  constructor(problem: KernelProblem, targets: Float64Array, parameters: Float64Array, config: StepRules, relaxed = false) {
    const kernels = kernelInstance(relaxed ? relaxedModule() : undefined);
    super(loadKernels(kernels, problem, targets, parameters, config), parameters, config);
  }
}

function loadKernels(
  kernels: KernelExports,
  problem: KernelProblem,
  targets: Float64Array,
  parameters: Float64Array,
  { optimizer, stop }: StepRules,
): StepKernels {
  const { read, write } = loadProblem(kernels, problem, targets, parameters);
  if (optimizer.kind === 'adam') kernels.setAdam(optimizer.beta1 ?? 0.9, optimizer.beta2 ?? 0.999, optimizer.epsilon ?? 1e-8);
  else kernels.setGradientDescent();
  kernels.setStop(stop.trainLoss, stop.gradientNorm, Infinity);
  return {
    setDivergenceLoss: (loss) => kernels.setStop(stop.trainLoss, stop.gradientNorm, loss),
    evaluate: () => kernels.evaluate(),
    advance: (count, learningRate) => kernels.advance(count, learningRate),
    status: () => kernels.getStatus(),
    lastLoss: () => kernels.getLastLoss(),
    firstLoss: () => kernels.getFirstLoss(),
    squaredGradientNorm: () => kernels.getSquaredGradientNorm(),
    readParameters: () => read('parameters', parameters),
    parts: { read, write, setDecayPowers: (beta1Power, beta2Power) => kernels.setDecayPowers(beta1Power, beta2Power) },
  };
}
