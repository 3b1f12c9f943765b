/**
 * The time below which one step of gradient descent cannot go, in seconds, of a two-layer tanh network with hidden biases: its
 * (4(d + 1) + 8)·m·n floating-point operations at the peak rate of the vector unit and m·n times the shortest possible tanh. Rates
 * measured on one core of an AMD EPYC (Zen 4) at 3.6 GHz: multiplication and addition in 128-bit vectors 23.8 GFLOP/s, tanh 1.5 ns
 * (WebAssembly); fused in 512-bit vectors 57.8 GFLOP/s, 0.75 ns (AVX-512).
 */
export function limits(width: number, dimension: number, count: number): { webAssembly: number; chip: number } {
  const operations = (4 * (dimension + 1) + 8) * width * count;
  const tanhs = width * count;
  const bounds = operationLimits(operations);
  return { webAssembly: bounds.webAssembly + tanhs * 1.5e-9, chip: bounds.chip + tanhs * 0.75e-9 };
}

/** The same of floating-point operations alone. */
export function operationLimits(operations: number): { webAssembly: number; chip: number } {
  return { webAssembly: operations / 23.8e9, chip: operations / 57.8e9 };
}
