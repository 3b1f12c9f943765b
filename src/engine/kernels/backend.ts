import type { BackendName } from '../../experiment/schema';
import { EngineError } from '../errors';
import type { BoundModel } from '../models/model';
import { loadNative, nativeName } from '../native/load';
import { NativeTraining } from '../native/nativeTraining';
import { Training, type StepRules, type TrainingRun } from '../training/train';
import { relaxedModule } from './kernelModule';
import { KernelTraining } from './kernelTraining';
import type { KernelProblem } from './problem';

/** What computes the steps of a training. */
export interface Backend {
  /** For people and results: `native (AVX2)`. */
  readonly name: string;
  /** Whether its numbers are the engine's own, to the last bit. */
  readonly exact: boolean;
  /** Called once on the main thread, before any thread of a run trains. */
  prepare?(workers: number): void;
  train(bound: BoundModel, targets: Float64Array, parameters: Float64Array, rules: StepRules): TrainingRun;
}

/**
 * The backend that an experiment asks for; by default the fastest that gives the exact numbers.
 *
 * @param problem undefined where a model has no kernel, so that TypeScript trains it.
 * @throws EngineError when this machine does not have what is asked for.
 */
export function chooseBackend(problem: KernelProblem | undefined, choice: BackendName = 'auto'): Backend {
  if (!problem || choice === 'typescript' || choice === 'tensorflow') return TYPESCRIPT;
  if (choice === 'relaxedSimd') return relaxed(problem);
  if (problem.family === 'twoLayer' && choice !== 'webassembly') {
    const native = loadNative('twoLayer');
    if (native.addon) {
      const { addon } = native;
      return {
        name: nativeName(addon),
        exact: true,
        train: (_bound, ...training) => new NativeTraining(addon, problem, ...training),
      };
    }
    if (choice === 'native') throw missing(`There are no native kernels: ${native.reason}.`);
  } else if (choice === 'native') throw missing('Only two-layer networks can ask for native kernels.');
  return { name: 'WebAssembly', exact: true, train: (_bound, ...training) => new KernelTraining(problem, ...training) };
}

const TYPESCRIPT: Backend = { name: 'TypeScript', exact: true, train: (...training) => new Training(...training) };

function relaxed(problem: KernelProblem): Backend {
  if (!relaxedModule()) throw missing('This Node has no relaxed SIMD in WebAssembly.');
  return {
    name: 'WebAssembly (relaxed SIMD)',
    exact: false,
    train: (_bound, ...training) => new KernelTraining(problem, ...training, true),
  };
}

function missing(reason: string): EngineError {
  return new EngineError(
    'no-backend',
    `${reason} Without "backend" an experiment takes the fastest kernels there are, with the same numbers.`,
    undefined,
    { path: ['training', 'backend'] },
  );
}
