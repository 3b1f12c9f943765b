import { stretchNorm } from './stretchNorm';

/**
 * Completes `known` orthonormal vectors of `length` numbers (vector i at i·length) to `count` ones: each time the unit vector
 * that is farthest from their span, made orthogonal twice ("twice is enough", Parlett and Kahan).
 */
export function completeBasis(vectors: Float64Array, length: number, count: number, known: number): void {
  if (known >= count) return;
  // 1 − |projection of e_i onto the span|², for every unit vector.
  const distance = new Float64Array(length).fill(1);
  const account = (vector: number) => {
    for (let i = 0; i < length; i++) distance[i]! -= vectors[vector * length + i]! * vectors[vector * length + i]!;
  };
  for (let vector = 0; vector < known; vector++) account(vector);
  for (let vector = known; vector < count; vector++) {
    const own = vector * length;
    let farthest = 0;
    for (let i = 1; i < length; i++) if (distance[i]! > distance[farthest]!) farthest = i;
    vectors.fill(0, own, own + length);
    vectors[own + farthest] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < vector; other++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += vectors[own + i]! * vectors[other * length + i]!;
        for (let i = 0; i < length; i++) vectors[own + i]! -= dot * vectors[other * length + i]!;
      }
      const norm = stretchNorm(vectors, own, own + length);
      for (let i = own; i < own + length; i++) vectors[i]! /= norm;
    }
    account(vector);
  }
}
