import binary from 'profile:wasm';
import { setFlagsFromString } from 'node:v8';
import type { NetworkProblem } from './networkProblem';

interface ProfileExports {
  memory: WebAssembly.Memory;
  run(part: number, times: number, width: number, dimension: number, padded: number, memoryAt: number): void;
  heapBase(): number;
}

/** In the order of their numbers in ../assembly/profile.ts. */
const PARTS = ['forward', 'backward', 'tanh', 'update'] as const;
export type StepProfile = Record<(typeof PARTS)[number], number>;

/** Best seconds of each part of a step in the WebAssembly kernels; `forward` includes the tanhs. */
export function stepProfile({ inputs, starts, width }: NetworkProblem, secondsEach: number): StepProfile {
  setFlagsFromString('--no-liftoff');
  const kernels = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as ProfileExports;
  const { count, dimension, values } = inputs;
  const padded = (count + 3) & ~3;
  const parameters = (width * (dimension + 2) + 1) & ~1;
  const total = dimension * padded + 2 * parameters + padded + width * padded;
  const base = (kernels.heapBase() + 63) & ~63;
  kernels.memory.grow(Math.ceil((base + 8 * total) / 65536));
  const memory = new Float64Array(kernels.memory.buffer, base, total);
  for (let s = 0; s < padded; s++) {
    for (let j = 0; j < dimension; j++) memory[j * padded + s] = values[(s % count) * dimension + j];
  }
  memory.set(starts[0], dimension * padded);

  const profile: StepProfile = { forward: 0, backward: 0, tanh: 0, update: 0 };
  PARTS.forEach((name, part) => {
    const seconds = (times: number): number => {
      const started = performance.now();
      kernels.run(part, times, width, dimension, padded, base);
      return (performance.now() - started) / 1000;
    };
    let times = 1;
    // Chunks so short that most of them are not interrupted.
    while (seconds(times) < 0.001) times *= 2;
    let best = Infinity;
    for (const end = performance.now() + 1000 * secondsEach; performance.now() < end;) best = Math.min(best, seconds(times));
    profile[name] = best / times;
  });
  return profile;
}
