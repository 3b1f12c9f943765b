import binary from 'curvature:wasm';
import { compiledModule } from '../kernels/compiledModules';
import type { KernelExports } from '../kernels/kernelInstance';
import { compileOptimised, instantiate } from '../kernels/optimisedModule';

/** What assembly/index.ts exports. Pointers are byte offsets into `memory`. */
export interface CurvatureExports {
  memory: WebAssembly.Memory;
  getHeapBase(): number;
  setTwoLayer(
    activation: number,
    shift: number,
    width: number,
    dimension: number,
    count: number,
    padded: number,
    hiddenBias: number,
    outputBias: number,
    inputs: number,
    targets: number,
    mask: number,
    parameters: number,
    activations: number,
    rows: number,
    tile: number,
    anchor: number,
  ): void;
  linearizeTwoLayer(settledCurvature: number): number;
  /** Without a gradient where `out` is 0. */
  lossAndGradientTwoLayer(point: number, out: number): number;
  anchorTwoLayer(point: number): void;
  settleTwoLayer(): void;
  settledTwoLayer(): number;
  reachTwoLayer(): number;
  iterationGradientTwoLayer(point: number, increment: number, out: number, brought: number): void;
  gradientTwoLayer(out: number): void;
  residualsTwoLayer(): number;
  productTwoLayer(direction: number, out: number, brought: number, curved: number): void;
  jacobianTwoLayer(out: number): void;
  hessianTwoLayer(out: number, jacobian: number): void;
  setTape: KernelExports['setTape'];
  setTapePoint(
    length: number,
    result: number,
    count: number,
    padded: number,
    operations: number,
    dependence: number,
    left: number,
    right: number,
    constants: number,
    targets: number,
    rows: number,
    slots: number,
    partials: number,
    seeds: number,
  ): void;
  linearizeTape(point: number): number;
  gradientTape(out: number): void;
  productTape(direction: number, out: number, curved: number): void;
  evaluateTape(parameters: number): number;
  lossAndGradientTape(parameters: number, out: number): number;
  iterationGradientTape(parameters: number, increment: number, out: number): void;
  setProgram(operations: number, count: number, activation: number, shift: number): void;
  runProducts(
    list: number,
    count: number,
    point: number,
    direction: number,
    out: number,
    targets: number,
    activation: number,
    shift: number,
  ): number;
}

let instance: CurvatureExports | undefined;

/** The curvature kernels of this thread, apart from those of training, which they never disturb. */
export function curvatureInstance(): CurvatureExports {
  if (instance) return instance;
  instance = instantiate<CurvatureExports>(compiledModule('curvature', () => compileOptimised(binary)));
  return instance;
}

/** Whose problem stands in the memory of this thread's kernels. */
let owner: object | undefined;

export function takeMemory(by: object): void {
  owner = by;
}

export function holdsMemory(who: object): boolean {
  return owner === who;
}
