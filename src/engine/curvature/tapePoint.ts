import { loadTape } from '../kernels/loadTape';
import type { MemoryLayout } from '../kernels/memoryLayout';
import type { TapeProblem } from '../kernels/problem';
import { Operation, type Tape } from '../models/expression/tape';
import type { CurvatureExports } from './curvatureInstance';
import type { PointKernels } from './pointKernels';

export type TapeKernelExports = Pick<
  CurvatureExports,
  | 'memory'
  | 'setTape'
  | 'setTapePoint'
  | 'linearizeTape'
  | 'gradientTape'
  | 'productTape'
  | 'evaluateTape'
  | 'lossAndGradientTape'
  | 'iterationGradientTape'
>;

/** For each instruction the number of its first row of partial derivatives, as assembly/tape.ts keeps them, and how many there are. */
function partialRows({ length, operations }: Tape): { slots: Int32Array; rows: number } {
  const slots = new Int32Array(length);
  let rows = 0;
  for (let i = 0; i < length; i++) {
    slots[i] = rows;
    const operation = operations[i];
    if (operation === Operation.divide || operation === Operation.power) rows += 5;
    else if (operation > Operation.negate) rows += 2;
  }
  return { slots, rows };
}

/** Numbers of all buffers of a formula. */
export function tapeNumbers({ tape, count }: TapeProblem): number {
  return (count + 1) * (6 * tape.length + partialRows(tape).rows + 3) + 4 * tape.length;
}

/** A formula around a point. */
export function tapeInMemory(
  kernels: TapeKernelExports,
  layout: MemoryLayout,
  problem: TapeProblem,
  targets: Float64Array,
): PointKernels {
  const { tape, count } = problem;
  const { length, result } = tape;
  const { padded, operations, dependence, left, right, constants, fillRows } = loadTape(kernels, layout, problem);
  const { slots, rows } = partialRows(tape);
  const targetsAt = layout.float64(count);
  const rowsAt = layout.float64(4 * length * padded);
  const slotsAt = layout.int32(length);
  const partialsAt = layout.float64(rows * padded);
  const seedsAt = layout.float64(2 * padded);
  fillRows(rowsAt, 4 * length);
  const { buffer } = kernels.memory;
  new Float64Array(buffer, targetsAt, count).set(targets);
  new Int32Array(buffer, slotsAt, length).set(slots);
  new Float64Array(buffer, seedsAt, 2 * padded).fill(0);
  kernels.setTapePoint(
    length,
    result,
    count,
    padded,
    operations,
    dependence,
    left,
    right,
    constants,
    targetsAt,
    rowsAt,
    slotsAt,
    partialsAt,
    seedsAt,
  );
  return {
    linearize: (point) => kernels.linearizeTape(point),
    gradient: (_point, out) => kernels.gradientTape(out),
    product: (_point, direction, out, curved) => kernels.productTape(direction, out, Number(curved)),
    readResiduals(out) {
      const values = new Float64Array(kernels.memory.buffer, rowsAt + 8 * result * padded, count);
      for (let s = 0; s < count; s++) out[s] = values[s] - targets[s];
    },
    loss: (parameters) => kernels.evaluateTape(parameters),
    lossAndGradient: (parameters, out) => kernels.lossAndGradientTape(parameters, out),
    iterationGradient: (_point, parameters, increment, out) => kernels.iterationGradientTape(parameters, increment, out),
  };
}
