import { duration, ratio } from '../harness/markdown';

/**
 * The time in seconds below which some work cannot go on one core of an AMD EPYC (Zen 4) at 3.6 GHz, by its arithmetic alone: with
 * multiplication and addition in the 128-bit vectors of WebAssembly (23.8 GFLOP/s), and fused in 512-bit vectors (57.8 GFLOP/s).
 */
export interface Limits {
  webAssembly: number;
  chip: number;
}

export function operationLimits(operations: number): Limits {
  return { webAssembly: operations / 23.8e9, chip: operations / 57.8e9 };
}

/**
 * One step of gradient descent of a two-layer tanh network with hidden biases: (4(d + 1) + 8)·m·n operations, and m·n times the
 * shortest possible tanh, which is 1.5 ns in WebAssembly and 0.75 ns in AVX-512.
 */
export function networkStepLimits(width: number, dimension: number, count: number): Limits {
  const bounds = operationLimits((4 * (dimension + 1) + 8) * width * count);
  const tanhs = width * count;
  return { webAssembly: bounds.webAssembly + tanhs * 1.5e-9, chip: bounds.chip + tanhs * 0.75e-9 };
}

/**
 * A product with the Hessian of the same network at a fixed point, whose tanhs are known: for every neuron and sample a dot product with
 * the direction and one multiple of the input, 2(d + 1) operations each, and 12 between them.
 */
export function hessianProductLimits(width: number, dimension: number, count: number): Limits {
  return operationLimits((4 * (dimension + 1) + 12) * width * count);
}

/**
 * The dense Hessian of the same network: JᵀJ, of which half is needed, and a symmetric block of second derivatives for each neuron.
 * P = m(d + 2) parameters.
 */
export function hessianLimits(width: number, dimension: number, count: number): Limits {
  const parameters = width * (dimension + 2);
  return operationLimits(parameters * (parameters + 1) * count + width * (dimension + 2) * (dimension + 3) * count);
}

/** Work after work. */
export function together(...parts: readonly { times: number; limits: Limits }[]): Limits {
  const sum = (of: keyof Limits) => parts.reduce((seconds, { times, limits }) => seconds + times * limits[of], 0);
  return { webAssembly: sum('webAssembly'), chip: sum('chip') };
}

/** n × n pivots eliminated in fixed point of `bits`: n³/3 products of ⌈bits/64⌉² multiplications of 64 bits, one a cycle. */
export function eliminationLimit(n: number, bits: number): number {
  return ((n ** 3 / 3) * Math.ceil(bits / 64) ** 2) / 3.6e9;
}

/** What the limits are and how far we are from that of WebAssembly. */
export function ofLimits(seconds: number, { webAssembly, chip }: Limits): string {
  return `${duration(webAssembly)} with the two lanes of WebAssembly, of which ours takes ${ratio(seconds / webAssembly)}, and ${duration(chip)} with AVX-512`;
}
