import type { InitializationConfig } from '../../experiment/schema';
import type { CellKey } from '../../protocol/events';
import { randomStream } from '../random/stream';

/** Initial parameters of a cell, from a stream of its own. */
export function initialParameters(
  config: InitializationConfig,
  parameterCount: number,
  seed: number,
  cell: CellKey,
): Float64Array {
  const parameters = new Float64Array(parameterCount);
  const stream = randomStream(seed, 'initialization', cell.sampleSize, cell.trial);
  for (let i = 0; i < parameterCount; i++) {
    parameters[i] = config.scale * (config.kind === 'normal' ? stream.normal() : 2 * stream.uniform() - 1);
  }
  return parameters;
}
