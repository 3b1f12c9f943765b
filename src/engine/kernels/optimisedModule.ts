import { setFlagsFromString } from 'node:v8';
import { cos, exp, log, pow, sech2, sigmoid, sin, softplus } from '../numbers/elementary';

/** Compiles a module with the optimising compiler alone. */
export function compileOptimised(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  // V8 does not replace a running WebAssembly function by its optimised version: without this, a long call would stay in the
  // baseline code, three times slower, to its end. Holds for the whole process and only for what is compiled from here on.
  setFlagsFromString('--no-liftoff');
  return new WebAssembly.Module(bytes);
}

/** An instance of a module that calls our own elementary functions where its vectors have no answer (assembly/hostFunctions.ts). */
export function instantiate<Exports>(module: WebAssembly.Module): Exports {
  return new WebAssembly.Instance(module, { host: { exp, log, pow, sech2, sigmoid, softplus, sin, cos } }).exports as Exports;
}
