import type { KernelExports } from './kernelInstance';
import { integers, loadGradientOrder, loadParameters, numbers, type LoadedProblem } from './loadParameters';
import { MemoryLayout } from './memoryLayout';
import type { MatrixFactorizationProblem } from './problem';

/**
 * Two factors as assembly/matrixFactorization.ts wants them. There B is transposed and the inner dimension padded, so the parameters
 * are rearranged on the way in and out.
 */
export function loadFactors(
  kernels: KernelExports,
  layout: MemoryLayout,
  problem: MatrixFactorizationProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const load = isSmall(problem) ? loadSmall : loadLists;
  return load(kernels, layout, problem, targets, parameters);
}

/** Entries from which on it is quicker to compute all sixteen. */
const SMALL_FROM = 9;

/** Whether assembly/smallFactors.ts can and should take it: small, most entries sampled, none twice. */
function isSmall({ rows, columns, inner, rowOf, columnOf }: MatrixFactorizationProblem): boolean {
  if (Math.max(rows, columns, inner) > 4 || rowOf.length < SMALL_FROM) return false;
  return new Set(rowOf.map((row, s) => row * columns + columnOf[s])).size === rowOf.length;
}

function loadSmall(
  kernels: KernelExports,
  heap: MemoryLayout,
  { rows, columns, inner, rowOf, columnOf }: MatrixFactorizationProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const layout = new MemoryLayout(kernels.memory, kernels.smallFactorsAt());
  const rearranged = new Float64Array(32);
  const places = { rows, columns, inner, padded: 4, columnsFrom: 4 };
  rearrange(parameters, rearranged, places, true);
  const loaded = loadParameters(kernels, layout, new Float64Array(0), rearranged);
  // These follow the parameters.
  const [targetsAt, masksAt] = [layout.float64(16), layout.float64(16)];
  const allTargets = numbers(kernels, targetsAt, 16).fill(0);
  const masks = integers(kernels, masksAt, 32).fill(0);
  for (let s = 0; s < rowOf.length; s++) {
    const entry = 4 * rowOf[s] + columnOf[s];
    allTargets[entry] = targets[s];
    masks.fill(-1, 2 * entry, 2 * entry + 2);
  }
  kernels.setSmallFactors(rowOf.length);
  kernels.useFactors(true);
  return inOrder(kernels, heap, loaded, parameters, rearranged, places);
}

function loadLists(
  kernels: KernelExports,
  layout: MemoryLayout,
  { rows, columns, inner, rowOf, columnOf, order }: MatrixFactorizationProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const padded = (inner + 3) & ~3;
  const rowBytes = 8 * padded;
  const count = order.length;
  const rearranged = new Float64Array((rows + columns) * padded);
  const arrangement = { rows, columns, inner, padded, columnsFrom: rows };
  rearrange(parameters, rearranged, arrangement, true);
  const rowMajorTargets = new Float64Array(count);
  for (let s = 0; s < count; s++) rowMajorTargets[s] = targets[order[s]];

  const residuals = layout.float64(count);
  const [rowGroups, columnGroups] = [layout.int32(2 * rows), layout.int32(2 * columns)];
  const [rowEntries, columnEntries] = [layout.int32(2 * count), layout.int32(2 * count)];
  const loaded = loadParameters(kernels, layout, rowMajorTargets, rearranged);
  const a = loaded.parametersAt;
  const b = a + rows * rowBytes;

  // Sorted by row already; stable by column, in each column the rows ascend.
  const places = Array.from({ length: count }, (_, s) => s);
  const rowAt = (s: number) => a + rowOf[order[s]] * rowBytes;
  const columnAt = (s: number) => b + columnOf[order[s]] * rowBytes;
  const residualAt = (s: number) => residuals + 8 * s;
  const words = new Int32Array(kernels.memory.buffer);
  const rowGroupCount = writeGroups(words, rowGroups, rowEntries, places, rowAt, columnAt, residualAt);
  places.sort((s, t) => columnAt(s) - columnAt(t) || s - t);
  const columnGroupCount = writeGroups(words, columnGroups, columnEntries, places, columnAt, rowAt, residualAt);

  kernels.setFactors(
    padded,
    count,
    rowGroups,
    rowGroupCount,
    rowEntries,
    columnGroups,
    columnGroupCount,
    columnEntries,
    loaded.targetsAt,
    residuals,
    rearranged.length * 8,
  );
  kernels.useFactors(false);
  return inOrder(kernels, layout, loaded, parameters, rearranged, arrangement);
}

/** Reads what the kernels have rearranged. */
function inOrder(
  kernels: KernelExports,
  layout: MemoryLayout,
  loaded: LoadedProblem,
  parameters: Float64Array,
  rearranged: Float64Array,
  arrangement: Arrangement,
): LoadedProblem {
  const places = new Float64Array(parameters.length);
  rearrange(
    places,
    rearranged.map((_, place) => place),
    arrangement,
    false,
  );
  loadGradientOrder(kernels, layout, places);
  return {
    read(part, out) {
      loaded.read(part, rearranged);
      rearrange(out, rearranged, arrangement, false);
    },
    write(part, values) {
      rearranged.fill(0);
      rearrange(values, rearranged, arrangement, true);
      loaded.write(part, rearranged);
    },
  };
}

/** Writes the groups of entries of the same row of a factor, and the entries; returns the number of groups. */
function writeGroups(
  words: Int32Array,
  groupsAt: number,
  entriesAt: number,
  places: readonly number[],
  ownAt: (s: number) => number,
  otherAt: (s: number) => number,
  residualAt: (s: number) => number,
): number {
  let groups = 0;
  let group = groupsAt >> 2;
  let entry = entriesAt >> 2;
  for (let i = 0; i < places.length; i++) {
    const s = places[i];
    if (i === 0 || ownAt(s) !== ownAt(places[i - 1])) {
      group = (groupsAt >> 2) + 2 * groups++;
      words[group] = ownAt(s);
      words[group + 1] = 0;
    }
    words[group + 1]++;
    words[entry++] = residualAt(s);
    words[entry++] = otherAt(s);
  }
  return groups;
}

interface Arrangement {
  rows: number;
  columns: number;
  inner: number;
  padded: number;
  /** Row in which B begins. */
  columnsFrom: number;
}

/** Copies A and B into their rearranged places, or back. */
function rearrange(
  parameters: Float64Array,
  rearranged: Float64Array,
  { rows, columns, inner, padded, columnsFrom }: Arrangement,
  into: boolean,
): void {
  for (let i = 0, place = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++, place++) {
      if (into) rearranged[i * padded + k] = parameters[place];
      else parameters[place] = rearranged[i * padded + k];
    }
  }
  for (let k = 0, place = rows * inner; k < inner; k++) {
    for (let j = 0; j < columns; j++, place++) {
      if (into) rearranged[(columnsFrom + j) * padded + k] = parameters[place];
      else parameters[place] = rearranged[(columnsFrom + j) * padded + k];
    }
  }
}
