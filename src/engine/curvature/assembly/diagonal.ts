// The factors a_j^[l] of a diagonal model around a point, two inputs a vector: products of those before and behind each factor, of which
// the last row before is the coefficients, and how they change along a direction. The order is that of ../../models/diagonal.ts.
//
// Rows of all buffers have an even number of inputs. Levels of a vector follow one another without padding, so what stands in the
// padding of a buffer is no number of its own level; nobody reads it.

import { at } from '../../kernels/assembly/lanes';
import { operand } from '../../kernels/assembly/program';

/** before[l] = a^[1]…a^[l] and behind[l] = a^[l+1]…a^[L], l = 0 … L. Operands: depth; inputs; before; behind. */
export function multiplyLevels(o: usize, vector: usize): void {
  const depth = operand(o, 1);
  const d = operand(o, 2);
  const n = d + (d & 1);
  const before = operand(o, 3);
  const behind = operand(o, 4);
  for (let j: usize = 0; j < d; j += 2) {
    let product = f64x2.splat(1);
    v128.store(at(before, j), product);
    for (let l: usize = 0; l < depth; l++) {
      product = f64x2.mul(product, v128.load(at(vector, l * d + j)));
      v128.store(at(before, (l + 1) * n + j), product);
    }
    product = f64x2.splat(1);
    v128.store(at(behind, depth * n + j), product);
    for (let l = depth; l > 0; l--) {
      product = f64x2.mul(product, v128.load(at(vector, (l - 1) * d + j)));
      v128.store(at(behind, (l - 1) * n + j), product);
    }
  }
}

/** Their derivatives along a direction. Operands: depth; inputs; before; behind; both derivatives. */
export function multiplyLevelTangents(o: usize, point: usize, direction: usize): void {
  const depth = operand(o, 1);
  const d = operand(o, 2);
  const n = d + (d & 1);
  const before = operand(o, 3);
  const behind = operand(o, 4);
  const beforeTangents = operand(o, 5);
  const behindTangents = operand(o, 6);
  for (let j: usize = 0; j < d; j += 2) {
    let tangent = f64x2.splat(0);
    v128.store(at(beforeTangents, j), tangent);
    for (let l: usize = 0; l < depth; l++) {
      const i = l * d + j;
      const change = f64x2.mul(v128.load(at(before, l * n + j)), v128.load(at(direction, i)));
      tangent = f64x2.add(f64x2.mul(tangent, v128.load(at(point, i))), change);
      v128.store(at(beforeTangents, (l + 1) * n + j), tangent);
    }
    tangent = f64x2.splat(0);
    v128.store(at(behindTangents, depth * n + j), tangent);
    for (let l = depth; l > 0; l--) {
      const i = (l - 1) * d + j;
      const change = f64x2.mul(v128.load(at(behind, l * n + j)), v128.load(at(direction, i)));
      tangent = f64x2.add(f64x2.mul(tangent, v128.load(at(point, i))), change);
      v128.store(at(behindTangents, (l - 1) * n + j), tangent);
    }
  }
}

/** out[l] = g·before[l]·behind[l+1]. Operands: depth; inputs; before; behind; g, one number an input; 1 to add to what stands there. */
export function pullBackLevels(o: usize, out: usize): void {
  const depth = operand(o, 1);
  const d = operand(o, 2);
  const n = d + (d & 1);
  const before = operand(o, 3);
  const behind = operand(o, 4);
  const g = operand(o, 5);
  const add = operand(o, 6) != 0;
  for (let l: usize = 0; l < depth; l++) {
    const from = l * n;
    for (let j: usize = 0; j < d; j += 2) {
      const others = f64x2.mul(v128.load(at(before, from + j)), v128.load(at(behind, from + n + j)));
      put(at(out, l * d + j), f64x2.mul(v128.load(at(g, j)), others), add, j + 1 < d);
    }
  }
}

/** out[l] += g·(before[l]·behind[l+1])˙. Operands: depth; inputs; before; behind; both derivatives; g. */
export function bendLevels(o: usize, out: usize): void {
  const depth = operand(o, 1);
  const d = operand(o, 2);
  const n = d + (d & 1);
  const before = operand(o, 3);
  const behind = operand(o, 4);
  const beforeTangents = operand(o, 5);
  const behindTangents = operand(o, 6);
  const g = operand(o, 7);
  for (let l: usize = 0; l < depth; l++) {
    const from = l * n;
    for (let j: usize = 0; j < d; j += 2) {
      const i = from + j;
      const change = f64x2.add(
        f64x2.mul(v128.load(at(beforeTangents, i)), v128.load(at(behind, i + n))),
        f64x2.mul(v128.load(at(before, i)), v128.load(at(behindTangents, i + n))),
      );
      put(at(out, l * d + j), f64x2.mul(v128.load(at(g, j)), change), true, j + 1 < d);
    }
  }
}

/** A pair, or its first number alone. */
// @ts-ignore: decorator
@inline
function put(place: usize, pair: v128, add: bool, both: bool): void {
  if (both) v128.store(place, add ? f64x2.add(v128.load(place), pair) : pair);
  else store<f64>(place, add ? load<f64>(place) + f64x2.extract_lane(pair, 0) : f64x2.extract_lane(pair, 0));
}
