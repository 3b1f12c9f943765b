import fs from 'node:fs';
import { isOwnFile } from '../cacheFolder';
import { errorMessage } from '../errors';
import type { NativeAddon } from './addon';
import { nativeFile, unsupportedMachine } from './location';
import { NATIVE_FAMILIES, passesSelfTest, type NativeFamily } from './selfTest';

/** The native kernels of this thread, or why it has none. */
export type Native = { addon: NativeAddon } | { addon: undefined; reason: string };

const loaded = new Map<NativeFamily, Native>();

/** The native kernels, where they have been built, this processor can run them and those of this family give the engine's numbers. */
export function loadNative(family: NativeFamily): Native {
  let native = loaded.get(family);
  if (!native) {
    native = load(nativeFile(process.env), process.env['RECOVERY_NATIVE'], [family]);
    loaded.set(family, native);
  }
  return native;
}

/**
 * @param choice the variable RECOVERY_NATIVE; `off` turns native kernels off.
 * @param families which kernels are tested.
 */
export function load(file: string, choice: string | undefined, families: readonly NativeFamily[] = NATIVE_FAMILIES): Native {
  if (choice === 'off') return without('RECOVERY_NATIVE=off turns them off');
  const unsupported = unsupportedMachine();
  if (unsupported !== undefined) return without(unsupported);
  let information: fs.Stats;
  try {
    information = fs.statSync(file);
  } catch {
    return without('they have not been built: recovery native build');
  }
  // Code is taken from nobody else.
  if (!isOwnFile(information)) return without(`${file} can be written by others than you`);
  try {
    const module: { exports: unknown } = { exports: {} };
    process.dlopen(module, file);
    const addon = module.exports as NativeAddon;
    if (addon.variants.length === 0) return without('this processor has no AVX2');
    return families.every((family) => passesSelfTest(addon, family))
      ? { addon }
      : without(`${file} gives other numbers than the engine; build it anew`);
  } catch (error) {
    return without(`${file} cannot be loaded: ${errorMessage(error)}`);
  }
}

function without(reason: string): Native {
  return { addon: undefined, reason };
}

/** How its results name it: `native (AVX2)`. */
export function nativeName(addon: NativeAddon): string {
  return `native (${addon.variants[addon.variants.length - 1]})`;
}
