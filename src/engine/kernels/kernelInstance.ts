import { kernelModule } from './kernelModule';
import { instantiate } from './optimisedModule';

/** What assembly/index.ts exports. Pointers are byte offsets into `memory`. */
export interface KernelExports {
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
    mask: number,
    workspace: number,
  ): void;
  setFactors(
    paddedInner: number,
    count: number,
    rowGroups: number,
    rowGroupCount: number,
    rowEntries: number,
    columnGroups: number,
    columnGroupCount: number,
    columnEntries: number,
    targets: number,
    residuals: number,
    gradientDistance: number,
  ): void;
  smallFactorsAt(): number;
  setSmallFactors(count: number): void;
  useFactors(small: boolean): void;
  setDiagonal(
    depth: number,
    paddedInputs: number,
    count: number,
    paddedCount: number,
    features: number,
    coefficients: number,
    residuals: number,
    behind: number,
  ): void;
  useDiagonal(): void;
  setTape(
    length: number,
    result: number,
    count: number,
    padded: number,
    parameterCount: number,
    operations: number,
    dependence: number,
    left: number,
    right: number,
    constants: number,
    parameterRows: number,
    values: number,
  ): void;
  useTape(): void;
  setProgram(operations: number, count: number, activation: number, shift: number): void;
  useProgram(): void;
  setParameters(count: number, parameters: number, targets: number): void;
  setGradientOrder(count: number, order: number): void;
  setGradientDescent(): void;
  setAdam(beta1: number, beta2: number, epsilon: number): void;
  setDecayPowers(beta1Power: number, beta2Power: number): void;
  setStop(loss: number, gradientNorm: number, divergenceLoss: number): void;
  evaluate(): number;
  advance(count: number, learningRate: number): number;
  getStatus(): number;
  getLastLoss(): number;
  getFirstLoss(): number;
  getSquaredGradientNorm(): number;
}

const instances = new Map<WebAssembly.Module, KernelExports>();

/** The kernels of this thread. They serve one training at a time. */
export function kernelInstance(module = kernelModule()): KernelExports {
  let kernels = instances.get(module);
  if (!kernels) {
    kernels = instantiate<KernelExports>(module);
    instances.set(module, kernels);
  }
  return kernels;
}
