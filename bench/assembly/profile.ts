// The parts of a step of a two-layer tanh network, each alone and many times, to see where the time goes. The host lays out memory.

import { at } from '../../src/engine/kernels/assembly/lanes';
import { gradientDescentUpdate } from '../../src/engine/kernels/assembly/optimizers';
import { backward, forward } from '../../src/engine/kernels/assembly/twoLayer';
import { TANH } from '../../src/engine/kernels/assembly/vectorActivation';
import { vectorTanhFast } from '../../src/engine/kernels/assembly/vectorTanh';

/** All of it in a row, each at a boundary of 16 bytes: inputs, parameters (with hidden biases), gradient, residuals, activations. */
export function run(part: i32, times: i32, width: i32, dimension: i32, padded: i32, memoryAt: usize): void {
  const m = <usize>width;
  const d = <usize>dimension;
  const n = <usize>padded;
  const count = (m * (d + 2) + 1) & ~1;
  const inputs = memoryAt;
  const parameters = at(inputs, d * n);
  const gradient = at(parameters, count);
  const residuals = at(gradient, count);
  const hidden = at(residuals, n);
  const biases = m + m * d;
  for (let i = 0; i < times; i++) {
    if (part == 0) forward(TANH, 0, m, d, n, inputs, parameters, at(parameters, m), at(parameters, biases), hidden, 0, residuals);
    else if (part == 1) backward(TANH, m, d, n, inputs, parameters, gradient, at(gradient, biases), hidden, 0, residuals);
    else if (part == 2) tanhs(m * n, hidden);
    else gradientDescentUpdate(count, 1e-9, parameters, gradient);
  }
}

/** Four at a time, as `forward` does it. */
function tanhs(count: usize, values: usize): void {
  for (let i: usize = 0; i + 7 < count; i += 8) {
    const p = at(values, i);
    const a = vectorTanhFast(v128.load(p));
    const b = vectorTanhFast(v128.load(p, 16));
    const c = vectorTanhFast(v128.load(p, 32));
    const e = vectorTanhFast(v128.load(p, 48));
    v128.store(p, a);
    v128.store(p, b, 16);
    v128.store(p, c, 32);
    v128.store(p, e, 48);
  }
}

export function heapBase(): usize {
  return __heap_base;
}
