import { setFlagsFromString } from 'node:v8';
import binary from 'kernels:wasm';
import relaxedBinary from 'relaxed:wasm';
import { compiledModule } from './compiledModules';
import { compileOptimised } from './optimisedModule';

/** The training kernels, compiled once for all threads. */
export function kernelModule(): WebAssembly.Module {
  return compiledModule('kernels', () => compileOptimised(binary));
}

/** The same kernels with fused multiplication and addition; undefined where the engine's Node does not know them. */
export function relaxedModule(): WebAssembly.Module | undefined {
  // Node 20 has them behind a flag.
  if (!WebAssembly.validate(relaxedBinary)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  if (!WebAssembly.validate(relaxedBinary)) return undefined;
  return compiledModule('relaxed', () => compileOptimised(relaxedBinary));
}
