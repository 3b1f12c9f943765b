import { Operation } from '../models/expression/tape';
import type { KernelExports } from './kernelInstance';
import type { MemoryLayout } from './memoryLayout';
import type { TapeProblem } from './problem';

/** Tables of a tape in the kernels' memory, byte offsets. */
export interface TapeTables {
  padded: number;
  operations: number;
  dependence: number;
  left: number;
  right: number;
  constants: number;
  /** Fills `rows` rows from this place on: those of constants and inputs, all others are 0. */
  fillRows(at: number, rows: number): void;
}

/** Lays a tape out, with rows for values, adjoints and slopes. Parameters are loaded apart. */
export function loadTape(
  kernels: Pick<KernelExports, 'memory' | 'setTape'>,
  layout: MemoryLayout,
  { tape, features, count }: TapeProblem,
): TapeTables {
  const padded = count + (count & 1);
  const { length } = tape;
  const operations = layout.int32(length);
  const dependence = layout.int32(length);
  const left = layout.int32(length);
  const right = layout.int32(length);
  const constants = layout.float64(length);
  const parameterRows = layout.int32(tape.parameterCount);
  const values = layout.float64((2 * length + 1) * padded);
  const { buffer } = kernels.memory;
  new Uint8Array(buffer, operations, length).set(tape.operations);
  new Uint8Array(buffer, dependence, length).set(tape.dependence);
  new Int32Array(buffer, left, length).set(tape.left);
  new Int32Array(buffer, right, length).set(tape.right);
  new Float64Array(buffer, constants, length).set(tape.constants);
  const parameterRow = new Int32Array(buffer, parameterRows, tape.parameterCount).fill(-1);
  for (let row = 0; row < length; row++) if (tape.operations[row] === Operation.parameter) parameterRow[tape.left[row]] = row;
  const fillRows = (at: number, rowCount: number): void => {
    const rows = new Float64Array(kernels.memory.buffer, at, rowCount * padded).fill(0);
    for (let row = 0; row < length; row++) {
      const index = tape.left[row];
      if (tape.operations[row] === Operation.constant) rows.fill(tape.constants[row], row * padded, (row + 1) * padded);
      else if (tape.operations[row] === Operation.input)
        rows.set(features.subarray(index * count, (index + 1) * count), row * padded);
    }
  };
  fillRows(values, 2 * length + 1);
  const { result, parameterCount } = tape;
  kernels.setTape(
    length,
    result,
    count,
    padded,
    parameterCount,
    operations,
    dependence,
    left,
    right,
    constants,
    parameterRows,
    values,
  );
  return { padded, operations, dependence, left, right, constants, fillRows };
}
