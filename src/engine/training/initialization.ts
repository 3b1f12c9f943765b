import type { InitializationConfig } from '../../experiment/schema';
import type { CellKey } from '../../protocol/events';
import type { Model, ParameterBlock } from '../models/model';
import { randomStream, type RandomStream } from '../random/stream';

/**
 * Initial parameters of a cell, from a stream of its own. None is −0, also with the scale 0, and no step makes one: what a kernel adds up to
 * −0 instead of +0 then changes no bit of a training.
 */
export function initialParameters(
  config: InitializationConfig,
  model: Pick<Model, 'parameterCount' | 'layout'>,
  seed: number,
  cell: CellKey,
): Float64Array {
  const parameters = new Float64Array(model.parameterCount);
  const stream = randomStream(seed, 'initialization', cell.sampleSize, cell.trial);
  if (config.kind === 'fanIn') fillByFanIn(parameters, model.layout, stream);
  else {
    for (let i = 0; i < parameters.length; i++) {
      parameters[i] = config.scale * (config.kind === 'normal' ? stream.normal() : 2 * stream.uniform() - 1) + 0;
    }
  }
  return parameters;
}

/** U[−1/√k, 1/√k] for weights and biases of a fully connected layer with k inputs. */
function fillByFanIn(parameters: Float64Array, layout: readonly ParameterBlock[], stream: RandomStream): void {
  for (const { name, offset, shape } of layout) {
    const bound = 1 / Math.sqrt(fanInOf(name, layout));
    const count = shape.reduce((product, length) => product * length, 1);
    for (let i = 0; i < count; i++) parameters[offset + i] = bound * (2 * stream.uniform() - 1);
  }
}

/** Inputs of the layer that a block belongs to; a bias b2 belongs to the layer of W2. */
function fanInOf(name: string, layout: readonly ParameterBlock[]): number {
  const layer =
    { hiddenBiases: 'inputWeights', outputBias: 'outputWeights' }[name as 'hiddenBiases'] ?? name.replace(/^b(?=\d+$)/, 'W');
  const { shape } = layout.find((block) => block.name === layer)!;
  return shape[shape.length - 1];
}
