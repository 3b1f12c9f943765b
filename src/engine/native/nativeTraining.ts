import { KERNEL_ACTIVATIONS, type TwoLayerProblem } from '../kernels/problem';
import { SteppedTraining, type StatePart, type StepKernels } from '../kernels/steppedTraining';
import { squaredNorm, type StepRules } from '../training/train';
import { hostFunction, type NativeAddon } from './addon';
import { alignedMemory } from './alignedMemory';
import { Settings, TRAINING_FIELDS } from './settings';

/** A training of a two-layer network in the native kernels. They change `parameters` in place; nothing is copied. */
export class NativeTraining extends SteppedTraining {
  /** @param variant one of `addon.variants`; default: the best. */
  constructor(
    addon: NativeAddon,
    problem: TwoLayerProblem,
    targets: Float64Array,
    parameters: Float64Array,
    config: StepRules,
    variant = addon.variants.length - 1,
  ) {
    super(loadKernels(addon, problem, targets, parameters, config, variant), parameters, config);
  }
}

function loadKernels(
  addon: NativeAddon,
  problem: TwoLayerProblem,
  targets: Float64Array,
  parameters: Float64Array,
  { optimizer, stop }: StepRules,
  variant: number,
): StepKernels {
  const { width, dimension, count, features } = problem;
  const padded = (count + 3) & ~3;
  const M = parameters.length;
  const slopes = problem.activation === 'softplus' || problem.activation === 'relu' || problem.activation === 'sin';

  const sizes = {
    inputs: dimension * padded,
    targets: padded,
    mask: padded,
    residuals: padded,
    gradient: M,
    first: optimizer.kind === 'adam' ? M : 0,
    second: optimizer.kind === 'adam' ? M : 0,
    hidden: (width + 1) * padded,
    slopes: slopes ? (width + 1) * padded : 0,
  };
  const { memory, places } = alignedMemory(addon, sizes);

  // Padding repeats the last sample, so that it overflows only where a sample does.
  for (let s = 0; s < padded; s++) {
    const sample = Math.min(s, count - 1);
    for (let j = 0; j < dimension; j++) memory[places.inputs + j * padded + s] = features[j * count + sample];
    memory[places.targets + s] = targets[sample];
    memory[places.mask + s] = s < count ? 1 : 0;
  }

  const settings = new Settings(TRAINING_FIELDS);
  settings.set({
    variant,
    activation: KERNEL_ACTIVATIONS.indexOf(problem.activation),
    shift: problem.shift,
    width,
    dimension,
    count,
    padded,
    hiddenBias: Number(problem.hiddenBias),
    outputBias: Number(problem.outputBias),
    ...places,
    parameterCount: M,
    beta1Power: 1,
    beta2Power: 1,
    stopLoss: stop.trainLoss,
    stopGradientNorm: stop.gradientNorm,
    divergenceLoss: Infinity,
  });
  if (optimizer.kind === 'adam') {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimizer;
    settings.set({ adam: 1, beta1, beta2, epsilon });
  }

  const vector = (part: StatePart) => (part === 'parameters' ? parameters : memory.subarray(places[part], places[part] + M));
  const advance = (steps: number, learningRate: number): number =>
    addon.advance(settings.values, memory, parameters, steps, learningRate, hostFunction);
  return {
    setDivergenceLoss: (divergenceLoss) => settings.set({ divergenceLoss }),
    evaluate() {
      advance(0, 0);
      return settings.get('lastLoss');
    },
    advance,
    status: () => settings.get('status'),
    lastLoss: () => settings.get('lastLoss'),
    firstLoss: () => settings.get('firstLoss'),
    squaredGradientNorm() {
      return squaredNorm(memory.subarray(places.gradient, places.gradient + M));
    },
    readParameters: () => undefined,
    parts: {
      read: (part, out) => out.set(vector(part)),
      write: (part, values) => vector(part).set(values),
      setDecayPowers: (beta1Power, beta2Power) => settings.set({ beta1Power, beta2Power }),
    },
  };
}
