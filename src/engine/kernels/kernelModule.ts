import { setFlagsFromString } from 'node:v8';
import binary from 'kernels:wasm';
import { compiledModule } from './compiledModules';

/** The training kernels, compiled once for all threads. */
export function kernelModule(): WebAssembly.Module {
  return compiledModule('kernels', () => {
    // V8 does not replace a running WebAssembly function by its optimised version: without this, a long call would stay in the
    // baseline code, three times slower, to its end. Holds for the whole process and only for what is compiled from here on.
    setFlagsFromString('--no-liftoff');
    return new WebAssembly.Module(binary);
  });
}
