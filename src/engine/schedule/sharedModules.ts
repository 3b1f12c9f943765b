import type { CompiledModules } from '../kernels/compiledModules';
import { kernelModule } from '../kernels/kernelModule';
import { linalgModule } from '../linalg/module';

/** Everything that worker threads would otherwise compile each for itself. */
export function sharedModules(): CompiledModules {
  // The kernels first: what is compiled after them is compiled as they need it.
  return { kernels: kernelModule(), linalg: linalgModule() };
}
