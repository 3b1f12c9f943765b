import { setFlagsFromString } from 'node:v8';
import binary from 'kernels:wasm';
import relaxedBinary from 'relaxed:wasm';
import { compiledModule } from './compiledModules';

/** The training kernels, compiled once for all threads. */
export function kernelModule(): WebAssembly.Module {
  return compiledModule('kernels', () => compile(binary));
}

/** The same kernels with fused multiplication and addition; undefined where the engine's Node does not know them. */
export function relaxedModule(): WebAssembly.Module | undefined {
  // Node 20 has them behind a flag.
  if (!WebAssembly.validate(relaxedBinary)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  if (!WebAssembly.validate(relaxedBinary)) return undefined;
  return compiledModule('relaxed', () => compile(relaxedBinary));
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  // V8 does not replace a running WebAssembly function by its optimised version: without this, a long call would stay in the
  // baseline code, three times slower, to its end. Holds for the whole process and only for what is compiled from here on.
  setFlagsFromString('--no-liftoff');
  return new WebAssembly.Module(bytes);
}
