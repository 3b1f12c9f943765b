import { readJsonWeights } from './jsonWeights';
import { readNpy } from './npy';
import { readNpz } from './npz';
import { readSafetensors } from './safetensors';
import { weightsError, type NamedTensor } from './tensor';

export { arrangeParameters } from './arrange';
export type { NamedTensor } from './tensor';

/** The arrays of a file of trained weights, by the ending of its name. Throws an `EngineError` that says what is wrong with it. */
export function readWeights(bytes: Uint8Array, fileName: string): NamedTensor[] {
  if (fileName.endsWith('.npz')) return readNpz(bytes);
  if (fileName.endsWith('.npy')) return [readNpy(bytes, 'parameters')];
  if (fileName.endsWith('.safetensors')) return readSafetensors(bytes);
  if (fileName.endsWith('.json')) return readJsonWeights(bytes);
  throw weightsError('Weights are read from files that end in .npz, .npy, .safetensors or .json.');
}
