import type { MemoryLayout } from '../kernels/memoryLayout';
import type { MatrixFactorizationProblem } from '../kernels/problem';
import type { Arrangement, CurvatureProgram, EntryList } from './curvatureProgram';
import type { PassesInMemory } from './passes';

const paddedInner = (inner: number): number => (inner + 3) & ~3;

/** Numbers of all buffers of a product of two factors at entries. */
export function entryNumbers({ rows, columns, inner, order }: MatrixFactorizationProblem): number {
  return (rows + columns) * (5 * paddedInner(inner) + 2) + 12 * (order.length + 1);
}

/** f(i, j) = a_i·b_j around a point, at the sampled entries alone, which stand row by row. */
export function entriesInMemory(
  { rows, columns, inner, rowOf, columnOf, order }: MatrixFactorizationProblem,
  targets: Float64Array,
  layout: MemoryLayout,
  numbers: (at: number, count: number) => Float64Array,
): PassesInMemory {
  const count = order.length;
  const n = count + (count & 1);
  const arrangement: Arrangement = { rows, columns, inner, padded: paddedInner(inner) };
  const size = (rows + columns) * arrangement.padded;
  const arranged = () => layout.float64(size);
  const [point, direction, trained, gradient, trainedGradient] = [arranged(), arranged(), arranged(), arranged(), arranged()];
  const row = () => layout.float64(n);
  const [values, residuals, tangentValues, tangentSeeds] = [row(), row(), row(), row()];
  const [trainedValues, evaluatedSeeds, otherSeeds, mask] = [row(), row(), row(), row()];

  const rowBytes = 8 * arrangement.padded;
  const rowAt = (s: number): number => rowOf[order[s]] * rowBytes;
  const columnAt = (s: number): number => (rows + columnOf[order[s]]) * rowBytes;
  const places = Array.from({ length: count }, (_, s) => s);
  const byRows = entryList(places, rowAt, columnAt);
  // In each column the rows ascend.
  const columnPlaces = places.slice().sort((s, t) => columnAt(s) - columnAt(t) || s - t);
  const byColumns = entryList(columnPlaces, columnAt, rowAt);
  const integers = (words: readonly number[]) => ({ at: layout.int32(words.length), words });
  const tables = [byRows, byColumns].map(({ groups, entries }) => ({ groups: integers(groups), entries: integers(entries) }));
  const [rowList, columnList] = tables.map(({ groups, entries }): EntryList => ({
    groups: groups.at,
    groupCount: groups.words.length / 2,
    entries: entries.at,
    inner: arrangement.padded,
  }));
  const gather = (program: CurvatureProgram, u: number, x: number, v: number, y: number, out: number): void => {
    program.gather(rowList, u, x, v, y, out);
    program.gather(columnList, u, x, v, y, out);
  };

  return {
    activation: { number: 0, shift: 0 },
    targets: Float64Array.from(order, (s) => targets[s]),
    passes: {
      seedCount: n,
      evaluatedSeeds,
      tangentSeeds,
      otherSeeds,
      linearize(program) {
        program.arrange(arrangement, point);
        program.multiplyEntries(rowList, point, 0, values);
        program.entryLoss(rowList, count, values, residuals);
      },
      gradient(program) {
        gather(program, residuals, point, 0, 0, gradient);
        program.arrangeBack(arrangement, gradient);
      },
      tangents(program) {
        program.along(() => program.arrange(arrangement, direction));
        program.multiplyEntries(rowList, direction, point, tangentValues);
      },
      seeds(program, out, other) {
        program.seeds(count, 1, n, tangentValues, mask, out, other);
      },
      pullTangents(program, curved, add) {
        gather(program, tangentSeeds, point, curved ? residuals : 0, direction, gradient);
        program.arrangeBack(arrangement, gradient, add);
      },
      evaluate(program) {
        program.arrange(arrangement, trained);
        program.multiplyEntries(rowList, trained, 0, trainedValues);
        program.entryLoss(rowList, count, trainedValues, evaluatedSeeds);
      },
      pullBack(program, seeds) {
        gather(program, seeds, trained, 0, 0, trainedGradient);
        program.arrangeBack(arrangement, trainedGradient);
      },
    },
    fill() {
      // Padding, and rows without an entry, whose gradients nobody writes.
      for (const buffer of [point, direction, trained, gradient, trainedGradient]) numbers(buffer, size).fill(0);
      for (const buffer of [tangentValues, residuals, evaluatedSeeds, otherSeeds]) numbers(buffer, n).fill(0);
      numbers(mask, n).fill(0).fill(1, 0, count);
      const { buffer } = numbers(0, 0);
      for (const { groups, entries } of tables)
        for (const { at, words } of [groups, entries]) new Int32Array(buffer, at, words.length).set(words);
    },
    readResiduals(out) {
      const f = numbers(values, count);
      for (let s = 0; s < count; s++) out[order[s]] = f[s] - targets[order[s]];
    },
  };
}

/** Groups and entries as assembly/entries.ts wants them; `places` are sorted by `ownAt`. */
function entryList(places: readonly number[], ownAt: (s: number) => number, otherAt: (s: number) => number) {
  const groups: number[] = [];
  const entries: number[] = [];
  places.forEach((s, k) => {
    if (k === 0 || ownAt(s) !== ownAt(places[k - 1])) groups.push(ownAt(s), 0);
    groups[groups.length - 1]++;
    entries.push(8 * s, otherAt(s));
  });
  return { groups, entries };
}
