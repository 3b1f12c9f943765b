import { SteppedTraining, type StepKernels } from '../kernels/steppedTraining';
import type { BoundModel } from '../models/model';
import { squaredNorm, type StepRules } from '../training/train';
import type { TensorFlow } from './library';
import type { TensorNetwork } from './network';
import { TensorProgram } from './program';

/** Numbers of the stop rules in SteppedTraining. */
const STATUS = { none: 0, diverged: 1, trainLoss: 2, gradientNorm: 3 } as const;

/** The program of this thread's training. */
let current: TensorProgram | undefined;

/**
 * A training in TensorFlow: steps, curve and stop rules in float32; loss and gradient at the end anew in float64, at the float32
 * parameters. A thread has one at a time: a new one frees the tensors of the one before, which may have been given up.
 */
export class TensorFlowTraining extends SteppedTraining {
  constructor(
    tf: TensorFlow,
    network: TensorNetwork,
    bound: BoundModel,
    targets: Float64Array,
    parameters: Float64Array,
    config: StepRules,
  ) {
    current?.dispose();
    current = new TensorProgram(tf, network, targets, parameters, config.optimizer);
    super(stepKernels(current, bound, targets, parameters, config), parameters, config);
  }

  override advance(count: number): void {
    if (this.stopReason !== null) return;
    super.advance(count);
    if (this.stopReason === null) return;
    current?.dispose();
    current = undefined;
  }
}

function stepKernels(
  program: TensorProgram,
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  { stop }: StepRules,
): StepKernels {
  const gradient = new Float64Array(parameters.length);
  let divergenceLoss = Infinity;
  let status: number = STATUS.none;
  let lastLoss = NaN;
  let firstLoss = NaN;

  const evaluateExactly = () => {
    program.read(parameters);
    return (lastLoss = bound.lossAndGradient(parameters, targets, gradient));
  };
  const statusOf = (loss: number, squaredGradientNorm: () => number): number => {
    // Written so that NaN ends here too.
    if (!(loss < Infinity && loss <= divergenceLoss)) return STATUS.diverged;
    if (loss < stop.trainLoss) return STATUS.trainLoss;
    if (stop.gradientNorm > 0 && Math.sqrt(squaredGradientNorm()) < stop.gradientNorm) return STATUS.gradientNorm;
    return STATUS.none;
  };

  return {
    setDivergenceLoss: (loss) => (divergenceLoss = loss),
    evaluate() {
      const loss = evaluateExactly();
      status = statusOf(loss, () => squaredNorm(gradient));
      return loss;
    },
    advance(count, learningRate) {
      for (let taken = 0; taken < count; taken++) {
        const { loss, gradients } = program.evaluate();
        status = statusOf(loss, () => program.squaredNorm(gradients));
        if (taken === 0) firstLoss = loss;
        lastLoss = loss;
        if (status !== STATUS.none) {
          for (const tensor of gradients) tensor.dispose();
          evaluateExactly();
          return taken;
        }
        program.update(gradients, learningRate);
      }
      return count;
    },
    status: () => status,
    lastLoss: () => lastLoss,
    firstLoss: () => firstLoss,
    squaredGradientNorm: () => squaredNorm(gradient),
    readParameters: () => program.read(parameters),
    parts: {
      read: (part, out) => program.read(out, part),
      write: (part, values) => program.write(part, values),
      setDecayPowers: (beta1Power, beta2Power) => program.setDecayPowers(beta1Power, beta2Power),
    },
  };
}
