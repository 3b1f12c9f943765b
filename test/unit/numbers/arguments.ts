/** A small generator for test arguments (mulberry32), independent of the engine's own random streams. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random float64 with |x| between 2^low and 2^high, uniform in its exponent. */
export function logUniform(random: () => number, low: number, high: number, signed = true): number {
  const x = (1 + random() + random() / 4294967296) * 2 ** Math.floor(low + (high - low) * random());
  return signed && random() < 0.5 ? -x : x;
}
