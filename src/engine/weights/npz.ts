import { unzipSync } from 'fflate';
import { readNpy } from './npy';
import { countNumbers, MOST_NUMBERS, weightsError, type NamedTensor } from './tensor';

/** What an archive may hold unpacked, in bytes: float64 numbers as many as are read. */
const LIMIT = 8 * MOST_NUMBERS;

/** Most files of an archive, whose directory may claim milliards. */
const MOST_FILES = 10_000;

/** The arrays of `numpy.savez` and `numpy.savez_compressed`, in their order in the archive. */
export function readNpz(bytes: Uint8Array): NamedTensor[] {
  let total = 0;
  let count = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        total += originalSize;
        if (total > LIMIT) throw new RangeError(`The archive holds more than ${LIMIT / 1024 / 1024} MB.`);
        if (++count > MOST_FILES) throw new RangeError(`The archive holds more than ${MOST_FILES} files.`);
        return name.endsWith('.npy');
      },
    });
  } catch (error) {
    if (error instanceof RangeError) throw weightsError(error.message);
    throw weightsError(`This is no archive that numpy.savez wrote (${error instanceof Error ? error.message : String(error)}).`);
  }
  let numbers = 0;
  return Object.entries(files).map(([name, content]) => {
    const tensor = readNpy(content, name.replace(/\.npy$/, ''));
    numbers = countNumbers(name, tensor.shape, numbers);
    return tensor;
  });
}
