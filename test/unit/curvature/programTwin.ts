import type { ActivationConfig } from '../../../src/experiment/schema';
import type { ListKernelExports } from '../../../src/engine/curvature/listKernels';
import { KERNEL_ACTIVATIONS } from '../../../src/engine/kernels/problem';
import { activationFunction } from '../../../src/engine/models/activation';

/** The lists of src/engine/curvature/assembly/program.ts in plain loops, number by number: the oracle of its bits. */
export function programTwin(): ListKernelExports {
  const memory = growingMemory();
  return {
    memory,
    getHeapBase: () => 64,
    setProgram: () => undefined,
    runProducts(list, count, point, direction, out, targets, activation, shift) {
      const buffer = memory.buffer as ArrayBuffer;
      const f = new Float64Array(buffer);
      const i32 = new Int32Array(buffer);
      let loss = 0;
      for (let i = 0; i < count; i++) {
        const [number, ...o] = new Uint32Array(buffer, list + 64 * i, 16);
        const vector = (number & 64 ? 0 : number & 32 ? direction : point) / 8;
        const context = {
          f,
          i32,
          o,
          vector,
          point: point / 8,
          direction: direction / 8,
          out: (number & 64 ? 0 : out) / 8,
          targets: targets / 8,
          activation: named(activation, shift),
        };
        loss = OPERATIONS[number & 31](context) ?? loss;
      }
      return loss;
    },
  };
}

/** Memory as WebAssembly's. */
function growingMemory(): WebAssembly.Memory {
  let buffer = new ArrayBuffer(65536);
  return {
    get buffer() {
      return buffer;
    },
    grow(pages: number) {
      const larger = new ArrayBuffer(buffer.byteLength + 65536 * pages);
      new Uint8Array(larger).set(new Uint8Array(buffer));
      buffer = larger;
      return 0;
    },
  } as WebAssembly.Memory;
}

interface Context {
  f: Float64Array;
  i32: Int32Array;
  /** Operands. */
  o: number[];
  /** Places in numbers, not bytes, from here on. */
  vector: number;
  point: number;
  direction: number;
  out: number;
  targets: number;
  activation: ReturnType<typeof activationFunction>;
}

function named(number: number, shift: number): Context['activation'] {
  const name = KERNEL_ACTIVATIONS[number];
  return activationFunction(name === 'shiftedTanh' ? { kind: 'tanh', shift } : (name as ActivationConfig));
}

/** Even and odd numbers apart. */
function halves(count: number, term: (s: number) => number): number {
  const sums = [0, 0];
  for (let s = 0; s < count; s++) sums[s % 2] += term(s);
  return sums[0] + sums[1];
}

const OPERATIONS: Record<number, (context: Context) => number | void> = {
  // Combined rows.
  0({ f, o, vector, activation }) {
    const [rows, inner, n, w, rowStep, innerStep, bias, biasStep, x, out, outStep, mode, values, slopes, extra] = o;
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < n; s++) {
        const place = r * outStep + s;
        const to = out / 8 + place;
        let sum = mode & 8 ? f[to] : bias > 0 ? f[vector + bias - 1 + r * biasStep] : 0;
        for (let q = 0; q < inner; q++) sum += f[vector + w + r * rowStep + q * innerStep] * f[x / 8 + q * n + s];
        const value = values / 8 + place;
        const slope = slopes / 8 + place;
        f[to] = sum;
        switch (mode & 7) {
          case 1: {
            const one = Float64Array.of(sum);
            const itsSlope = new Float64Array(1);
            activation.train(one, itsSlope, 0, 1);
            f[to] = one[0];
            if (activation.slopeFromValue === null) f[slope] = itsSlope[0];
            break;
          }
          case 2: {
            const h = f[value];
            const kind = activation.slopeFromValue;
            if (kind === 'tanh') f[to] = sum - sum * h * h;
            else if (kind === 'sigmoid') f[to] = sum * h - sum * h * h;
            else f[to] = kind === 'exp' ? sum * h : sum * f[slope];
            break;
          }
          case 4:
            f[extra / 8 + place] = sum * f[slope];
            f[to] = sum * f[value];
            break;
          case 3:
            f[to] = sum * f[value];
            break;
          case 5:
            f[to] = sum * f[value] + f[slope];
        }
      }
    }
  },
  // Products of rows.
  1({ f, o, out }) {
    const [rows, inner, n, to, step, u, uStep, x, add] = o;
    for (let r = 0; r < rows; r++) {
      for (let q = 0; q < inner; q++) {
        const sum = halves(n, (s) => f[u / 8 + r * uStep + s] * f[x / 8 + q * n + s]);
        f[out + to + r * step + q] = add ? f[out + to + r * step + q] + sum : sum;
      }
    }
  },
  // Sums of rows.
  2({ f, o, out }) {
    const [rows, n, to, step, u, uStep, add] = o;
    for (let r = 0; r < rows; r++) {
      const sum = halves(n, (s) => f[u / 8 + r * uStep + s]);
      f[out + to + r * step] = add ? f[out + to + r * step] + sum : sum;
    }
  },
  // Squared errors.
  3({ f, o, targets }) {
    const [samples, n, values, residuals, , rows] = o;
    const count = samples * rows;
    const inside = (i: number) => i % n < samples;
    const r = (i: number) => (inside(i) ? f[values / 8 + i] - f[targets + i] : 0);
    for (let i = 0; i < rows * n; i++) f[residuals / 8 + i] = (2 / count) * r(i);
    return halves(rows * n, (i) => r(i) * r(i)) / count;
  },
  // The same at entries.
  4({ f, i32, o, targets }) {
    const [count, rows, n, matrix, residuals, rowOf, columnOf] = o;
    const place = (s: number) => i32[rowOf / 4 + s] * n + i32[columnOf / 4 + s];
    const r = (s: number) => f[matrix / 8 + place(s)] - f[targets + s];
    f.fill(0, residuals / 8, residuals / 8 + rows * n);
    for (let s = 0; s < count; s++) f[residuals / 8 + place(s)] += (2 / count) * r(s);
    return halves(count, (s) => r(s) * r(s)) / count;
  },
  // Copies.
  5({ f, o, vector, out }) {
    const [rows, columns, padded, place, buffer, mode] = o;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < padded; c++) {
        const row = buffer / 8 + r * padded + c;
        if (mode === 0) f[row] = f[vector + place + r * columns + Math.min(c, columns - 1)];
        else if (c < columns) f[out + place + r * columns + c] = (mode === 2 ? f[out + place + r * columns + c] : 0) + f[row];
      }
    }
  },
  // Activations.
  8({ f, o, activation }) {
    const [count, values, first, second] = o.map((at, k) => (k === 0 ? at : at / 8));
    for (let i = 0; i < count; i++) {
      const z = f[values + i];
      f[first + i] = activation.first(z);
      f[second + i] = activation.second(z);
      f[values + i] = activation.value(z);
    }
  },
  // Seeds.
  9({ f, o }) {
    const [samples, rows, n, tangents, , out, other] = o;
    for (let i = 0; i < rows * n; i++) {
      const term = i % n < samples ? (2 / (samples * rows)) * f[tangents / 8 + i] : 0;
      f[out / 8 + i] = (other ? f[other / 8 + i] : 0) + term;
    }
  },
  10({ f, i32, o }) {
    const [count, rows, n, matrix, out, other, rowOf, columnOf] = o;
    for (let i = 0; i < rows * n; i++) f[out / 8 + i] = other ? f[other / 8 + i] : 0;
    for (let s = 0; s < count; s++) {
      const place = i32[rowOf / 4 + s] * n + i32[columnOf / 4 + s];
      f[out / 8 + place] += (2 / count) * f[matrix / 8 + place];
    }
  },
  // Difference.
  11({ f, o }) {
    const [count, a, b, out] = o.map((at, k) => (k === 0 ? at : at / 8));
    for (let i = 0; i < count; i++) f[out + i] = f[a + i] - f[b + i];
  },
  // Products of the factors on either side of each.
  12({ f, o, vector }) {
    const [depth, d, before, behind] = o;
    const row = (at: number, l: number) => at / 8 + l * (d + (d % 2));
    for (let j = 0; j < d; j++) {
      f[row(before, 0) + j] = 1;
      for (let l = 0; l < depth; l++) f[row(before, l + 1) + j] = f[row(before, l) + j] * f[vector + l * d + j];
      f[row(behind, depth) + j] = 1;
      for (let l = depth - 1; l >= 0; l--) f[row(behind, l) + j] = f[row(behind, l + 1) + j] * f[vector + l * d + j];
    }
  },
  // Their derivatives.
  13({ f, o, point, direction }) {
    const [depth, d, before, behind, beforeTangents, behindTangents] = o;
    const row = (at: number, l: number) => at / 8 + l * (d + (d % 2));
    for (let j = 0; j < d; j++) {
      f[row(beforeTangents, 0) + j] = 0;
      for (let l = 0; l < depth; l++) {
        const [a, v] = [f[point + l * d + j], f[direction + l * d + j]];
        f[row(beforeTangents, l + 1) + j] = f[row(beforeTangents, l) + j] * a + f[row(before, l) + j] * v;
      }
      f[row(behindTangents, depth) + j] = 0;
      for (let l = depth - 1; l >= 0; l--) {
        const [a, v] = [f[point + l * d + j], f[direction + l * d + j]];
        f[row(behindTangents, l) + j] = f[row(behindTangents, l + 1) + j] * a + f[row(behind, l + 1) + j] * v;
      }
    }
  },
  // The gradient by factors.
  14({ f, o, out }) {
    const [depth, d, before, behind, g, add] = o;
    const row = (at: number, l: number) => at / 8 + l * (d + (d % 2));
    for (let l = 0; l < depth; l++) {
      for (let j = 0; j < d; j++) {
        const value = f[g / 8 + j] * (f[row(before, l) + j] * f[row(behind, l + 1) + j]);
        f[out + l * d + j] = add ? f[out + l * d + j] + value : value;
      }
    }
  },
  15({ f, o, out }) {
    const [depth, d, before, behind, beforeTangents, behindTangents, g] = o;
    const row = (at: number, l: number) => at / 8 + l * (d + (d % 2));
    for (let l = 0; l < depth; l++) {
      for (let j = 0; j < d; j++) {
        const first = f[row(beforeTangents, l) + j] * f[row(behind, l + 1) + j];
        const second = f[row(before, l) + j] * f[row(behindTangents, l + 1) + j];
        f[out + l * d + j] += f[g / 8 + j] * (first + second);
      }
    }
  },
  // Arrangements of two factors.
  16({ f, o, vector, out }) {
    const [rows, columns, inner, padded, buffer, mode] = o;
    for (let i = 0; i < rows + columns; i++) {
      for (let k = 0; k < inner; k++) {
        const place = i < rows ? i * inner + k : rows * inner + k * columns + (i - rows);
        const arranged = buffer / 8 + i * padded + k;
        if (mode === 0) f[arranged] = f[vector + place];
        else f[out + place] = mode === 2 ? f[out + place] + f[arranged] : f[arranged];
      }
    }
  },
  // Products at entries.
  17({ f, i32, o }) {
    const [groups, groupCount, entries, inner, x, y, out] = o;
    for (const { own, value, other } of entriesOf(i32, groups, groupCount, entries)) {
      const dot = (a: number, b: number) => {
        const sums = [0, 0];
        for (let k = 0; k < inner; k++) sums[k % 2] += f[(a + own) / 8 + k] * f[(b + other) / 8 + k];
        return sums;
      };
      const [even, odd] = dot(x, y || x);
      const [swappedEven, swappedOdd] = y ? dot(y, x) : [0, 0];
      f[(out + value) / 8] = y ? even + swappedEven + (odd + swappedOdd) : even + odd;
    }
  },
  18({ f, i32, o, targets }) {
    const [groups, groupCount, count, values, residuals] = o;
    let [loss, s] = [0, 0];
    for (let g = 0; g < groupCount; g++) {
      let rowLoss = 0;
      for (const end = s + i32[groups / 4 + 2 * g + 1]; s < end; s++) {
        const r = f[values / 8 + s] - f[targets + s];
        rowLoss += r * r;
        f[residuals / 8 + s] = (2 / count) * r;
      }
      loss += rowLoss;
    }
    return loss / count;
  },
  // Sums over the entries of rows.
  19({ f, i32, o }) {
    const [groups, groupCount, entries, inner, u, x, v, y, out] = o;
    const sums = new Map<number, number[]>();
    for (const { own, value, other } of entriesOf(i32, groups, groupCount, entries)) {
      const sum = sums.get(own) ?? new Array<number>(inner).fill(0);
      sums.set(own, sum);
      for (let k = 0; k < inner; k++) {
        sum[k] += f[(u + value) / 8] * f[(x + other) / 8 + k];
        if (v) sum[k] += f[(v + value) / 8] * f[(y + other) / 8 + k];
      }
    }
    for (const [own, sum] of sums) f.set(sum, (out + own) / 8);
  },
};

/** Entries with the place of their row. */
function entriesOf(i32: Int32Array, groups: number, groupCount: number, entries: number) {
  const out: { own: number; value: number; other: number }[] = [];
  for (let g = 0; g < groupCount; g++) {
    const [own, count] = i32.subarray(groups / 4 + 2 * g, groups / 4 + 2 * g + 2);
    for (let k = 0; k < count; k++) {
      const at = entries / 4 + 2 * out.length;
      out.push({ own, value: i32[at], other: i32[at + 1] });
    }
  }
  return out;
}
