import type { ResolvedTwoLayer } from '../../experiment/resolved';
import type { TeacherTargetConfig } from '../../experiment/schema';
import { randomStream } from '../random/stream';
import type { Network, NetworkNeuron } from '../theory/twoLayer/neurons';

/** Neurons of a random teacher keep this distance in (w, b), also to each other's negatives. */
const SEPARATION = 0.5;

/** Draws of one neuron before the separation is given up: for more neurons than there is room for. */
const ATTEMPTS = 50;

/** The teacher as a network: its neurons as given, or random ones. */
export function teacherNetwork(model: ResolvedTwoLayer, target: TeacherTargetConfig): Network {
  const given = target.neurons?.map(({ outputWeight, inputWeights, bias = 0 }) => ({ outputWeight, inputWeights, bias }));
  return { neurons: given ?? randomNeurons(model, target.width ?? 1, target.seed ?? 1), outputBias: target.outputBias ?? 0 };
}

/**
 * Well-separated neurons: w ~ N(0, I) (for exp N(0, I/d), which keeps e^(w·x) within a few orders of magnitude), b ~ N(0, 1)
 * where the model has hidden biases, and output weights of size U[0.5, 1.5] with a random sign. A neuron with |w| < 0.5 or
 * closer than 0.5 to an earlier one or its negative is drawn again.
 */
function randomNeurons(model: ResolvedTwoLayer, width: number, seed: number): NetworkNeuron[] {
  const stream = randomStream(seed, 'target', 'teacher');
  const scale = model.activation === 'exp' ? 1 / Math.sqrt(model.inputs) : 1;
  const neurons: NetworkNeuron[] = [];
  // Comparing with all earlier neurons is for teachers of the size that people study; wide ones only look back this far.
  const compared = 64;
  for (let k = 0; k < width; k++) {
    for (let attempt = 1; ; attempt++) {
      const neuron = {
        outputWeight: (0.5 + stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1),
        inputWeights: Array.from({ length: model.inputs }, () => scale * stream.normal()),
        bias: model.hiddenBias ? stream.normal() : 0,
      };
      const large = squaredNorm(neuron.inputWeights) >= SEPARATION * SEPARATION;
      if (attempt === ATTEMPTS || (large && neurons.slice(-compared).every((earlier) => separated(earlier, neuron)))) {
        neurons.push(neuron);
        break;
      }
    }
  }
  return neurons;
}

function separated(a: NetworkNeuron, b: NetworkNeuron): boolean {
  const u = [...a.inputWeights, a.bias];
  const v = [...b.inputWeights, b.bias];
  const difference = squaredNorm(u.map((value, j) => value - v[j]));
  const sum = squaredNorm(u.map((value, j) => value + v[j]));
  return Math.min(difference, sum) >= SEPARATION * SEPARATION;
}

function squaredNorm(vector: readonly number[]): number {
  return vector.reduce((total, value) => total + value * value, 0);
}
