import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { angleOf } from '../../theory/twoLayer/angle';
import { networkOf, type NetworkNeuron } from '../../theory/twoLayer/neurons';

/** Neurons of the widest network that is drawn. */
const LARGEST_WIDTH = 1000;

/** Where neurons stand in the picture of orientation against amplitude, in their order. */
export interface NeuronPlaces {
  x: number[];
  y: number[];
}

/** How a neuron is placed: by its input weight, by the angle of its two numbers, or by the angle to one direction. */
export type Orientation = 'weight' | 'angle' | 'angleTo';

export function orientationOf({ inputs, hiddenBias }: ResolvedTwoLayer): Orientation {
  const numbers = inputs + (hiddenBias ? 1 : 0);
  return numbers === 1 ? 'weight' : numbers === 2 ? 'angle' : 'angleTo';
}

/** (w, b), as far as the network has them. */
export function vectorOf({ hiddenBias }: ResolvedTwoLayer, { inputWeights, bias }: NetworkNeuron): number[] {
  return hiddenBias ? [...inputWeights, bias] : [...inputWeights];
}

/** Whether a neuron is the same with all signs of a, w and b turned. */
export function isSameTurned({ activation }: ResolvedTwoLayer): boolean {
  return activation === 'tanh' || activation === 'sin';
}

/** |a|·‖(w, b)‖. */
export function amplitudeOf(model: ResolvedTwoLayer, neuron: NetworkNeuron): number {
  return Math.abs(neuron.outputWeight) * lengthOf(vectorOf(model, neuron));
}

/**
 * Orientation and amplitude of neurons; of one input without bias the input and the output weight. Of two neurons that are the same function
 * by their signs the place is one.
 *
 * @param direction that angles are taken to, where neurons have more than two numbers
 */
export function placesOf(
  model: ResolvedTwoLayer,
  neurons: readonly NetworkNeuron[],
  direction: readonly number[] | null,
): NeuronPlaces {
  const orientation = orientationOf(model);
  const turned = isSameTurned(model);
  const places: NeuronPlaces = { x: [], y: [] };
  for (const neuron of neurons) {
    const vector = vectorOf(model, neuron);
    if (orientation === 'weight') {
      const sign = turned && vector[0] < 0 ? -1 : 1;
      places.x.push(sign * vector[0]);
      places.y.push(sign * neuron.outputWeight);
      continue;
    }
    places.x.push(orientation === 'angle' ? halfTurn(angleOf(vector[0], vector[1]), turned) : angleTo(direction, vector, turned));
    places.y.push(amplitudeOf(model, neuron));
  }
  return places;
}

/** The neurons of a parameter vector; null of very wide networks. */
export function neuronsAt(model: ResolvedTwoLayer, parameters: Float64Array): readonly NetworkNeuron[] | null {
  return model.width > LARGEST_WIDTH ? null : networkOf(model, parameters).neurons;
}

/** The (w, b) of the neuron of largest amplitude; null where all are zero. */
export function strongestDirection(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): number[] | null {
  const [strongest] = [...neurons].sort((one, other) => amplitudeOf(model, other) - amplitudeOf(model, one));
  return strongest && amplitudeOf(model, strongest) > 0 ? vectorOf(model, strongest) : null;
}

/** An angle in (−π, π]; in (−π/2, π/2] where the opposite direction is the same. */
function halfTurn(angle: number, turned: boolean): number {
  if (!turned) return angle;
  return angle > Math.PI / 2 ? angle - Math.PI : angle <= -Math.PI / 2 ? angle + Math.PI : angle;
}

/** In [0, π], or in [0, π/2] where the opposite direction is the same. */
function angleTo(direction: readonly number[] | null, vector: readonly number[], turned: boolean): number {
  const lengths = lengthOf(vector) * lengthOf(direction ?? []);
  if (!direction || lengths === 0) return 0;
  const product = direction.reduce((sum, value, i) => sum + value * vector[i], 0) / lengths;
  const cosine = Math.max(-1, Math.min(1, turned ? Math.abs(product) : product));
  return angleOf(cosine, Math.sqrt(1 - cosine * cosine));
}

function lengthOf(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
