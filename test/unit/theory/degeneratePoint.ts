import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { parametersOf, type NetworkNeuron } from '../../../src/engine/theory/twoLayer/neurons';
import type { TestNumbers } from '../models/arbitraries';

/** A point with everything that lowers a rank: copies, negatives, rescaled copies, neurons without input or output weight. */
export function degeneratePoint(model: ResolvedTwoLayer, numbers: TestNumbers): Float64Array {
  const neurons: NetworkNeuron[] = [];
  for (let k = 0; k < model.width; k++) {
    const source = neurons.length > 0 && numbers.uniform() < 0.5 ? neurons[numbers.integer(neurons.length)] : null;
    const sign = numbers.uniform() < 0.5 ? 1 : -1;
    const scale = model.activation === 'relu' && numbers.uniform() < 0.5 ? 0.5 + numbers.uniform() : 1;
    const zeroInput = numbers.uniform() < 0.15;
    const inputWeights = Array.from({ length: model.inputs }, (_, j) =>
      zeroInput ? 0 : source ? sign * scale * source.inputWeights[j] : numbers.normal(),
    );
    const freshBias = !source || numbers.uniform() < 0.2;
    const shift = typeof model.activation === 'string' ? 0 : model.activation.shift;
    const copiedBias = source ? sign * scale * source.bias + (sign < 0 ? -2 * shift : 0) : 0;
    const bias = !model.hiddenBias ? 0 : freshBias ? (numbers.uniform() < 0.2 ? -shift : numbers.normal()) : copiedBias;
    // Hinges of relu lie where probes are, and apart from each other.
    if (model.activation === 'relu' && !zeroInput && !source) {
      inputWeights.forEach((w, j) => (inputWeights[j] = Math.max(-2, Math.min(2, Math.round(1.5 * w)))));
      if (!inputWeights.some((w) => w !== 0)) inputWeights[0] = 1;
    }
    const reach = Math.sqrt(inputWeights.reduce((sum, w) => sum + w * w, 0));
    const keptBias =
      model.activation === 'relu' && reach > 0
        ? reach * Math.max(-0.6, Math.min(0.6, Math.round((10 / 3) * (bias / reach)) * 0.3))
        : bias;
    neurons.push({ outputWeight: numbers.uniform() < 0.3 ? 0 : numbers.normal(), inputWeights, bias: keptBias });
  }
  return parametersOf(model, { neurons, outputBias: numbers.normal() });
}
