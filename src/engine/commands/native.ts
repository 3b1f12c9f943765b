import { EXIT } from '../errors';
import { buildNative, findCompiler } from '../native/build';
import { load, nativeName, type Native } from '../native/load';
import { nativeFile } from '../native/location';

/** `recovery native`: whether there are native kernels, and where. */
export function nativeStatusCommand(): number {
  const file = nativeFile(process.env);
  process.stdout.write(`${statusWords(load(file, process.env['RECOVERY_NATIVE']), file)}\n`);
  return EXIT.met;
}

/** `recovery native build`: compiles them for this user. */
export function nativeBuildCommand(): number {
  const file = nativeFile(process.env);
  const compiler = findCompiler(process.env);
  if (compiler !== undefined)
    process.stdout.write(`Compiling the native kernels with ${compiler} into ${file}. This takes some seconds.\n`);
  buildNative(file, process.env);
  const native = load(file, undefined);
  process.stdout.write(`${statusWords(native, file)}\n`);
  return native.addon ? EXIT.met : EXIT.failure;
}

function statusWords(native: Native, file: string): string {
  if (!native.addon) return `Native kernels: none, ${native.reason}.\nTrainings run in WebAssembly, with the same numbers.`;
  return `Native kernels: ${nativeName(native.addon)}, the same numbers as WebAssembly on all self-tests.\n${file}`;
}
