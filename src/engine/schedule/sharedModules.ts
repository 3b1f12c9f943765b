import type { ResolvedExperiment } from '../../experiment/resolved';
import type { CompiledModules } from '../kernels/compiledModules';
import { kernelModule, relaxedModule } from '../kernels/kernelModule';
import { linalgModule } from '../linalg/module';

/** Everything that worker threads would otherwise compile each for itself. */
export function sharedModules(experiment?: ResolvedExperiment): CompiledModules {
  // The kernels first: what is compiled after them is compiled as they need it.
  const kernels = kernelModule();
  const asksRelaxed =
    experiment !== undefined && 'training' in experiment && 'backend' in experiment.training
      ? experiment.training.backend === 'relaxedSimd'
      : false;
  const relaxed = asksRelaxed ? relaxedModule() : undefined;
  return { kernels, linalg: linalgModule(), ...(relaxed ? { relaxed } : {}) };
}
