import { unzipSync } from 'fflate';
import { readNpy } from './npy';
import { weightsError, type NamedTensor } from './tensor';

/** What an archive may hold unpacked: far more than any model whose rank can be taken. */
const LIMIT = 1 << 30;

/** The arrays of `numpy.savez` and `numpy.savez_compressed`, in their order in the archive. */
export function readNpz(bytes: Uint8Array): NamedTensor[] {
  let total = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        total += originalSize;
        if (total > LIMIT) throw new RangeError('too large');
        return name.endsWith('.npy');
      },
    });
  } catch (error) {
    if (error instanceof RangeError) throw weightsError('The archive holds more than a gigabyte.');
    throw weightsError(`This is no archive that numpy.savez wrote (${error instanceof Error ? error.message : String(error)}).`);
  }
  return Object.entries(files).map(([name, content]) => readNpy(content, name.replace(/\.npy$/, '')));
}
