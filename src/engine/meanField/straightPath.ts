import { regularizerTerms } from './regularizer';
import { NetShape } from './shape';

/** A net on the way between two, with the terms of its regulariser. */
export interface NetBetween {
  shape: NetShape;
  parameters: Float64Array;
  regularizerTerms: number[];
}

/** The net a share t of the way from A to B along the straight line of their parameters. */
export function rawBetween(shape: NetShape, a: Float64Array, b: Float64Array, t: number): NetBetween {
  const parameters = a.map((value, i) => (1 - t) * value + t * b[i]);
  return { shape, parameters, regularizerTerms: regularizerTerms(shape, parameters) };
}

/**
 * The same in the representation of arXiv 1911.07626: both nets are one continuous net with the neurons of either, in which A has all its
 * mass on its own neurons and B on its own. w̃ is common, and the densities and the output weights move along a straight line:
 * at t, A's neurons have mass 1 − t and send out (1 − t)·ũ, B's t and t·ũ. The function is then the mixture of both functions, and the
 * objective is convex along the way. Built as one net of twice the widths.
 */
export function repopulatedBetween(shape: NetShape, a: Float64Array, b: Float64Array, t: number): NetBetween {
  const union = new NetShape(
    shape.inputs,
    shape.widths.map((width) => 2 * width),
    shape.outputs,
  );
  const parameters = new Float64Array(union.parameterCount);
  const share = [1 - t, t];
  shape.layers.forEach((from, l) => {
    const to = union.layers[l];
    const isOutput = l === shape.depth;
    [a, b].forEach((net, side) => {
      const rowShift = isOutput ? 0 : side * from.rows;
      const columnShift = l === 0 ? 0 : side * from.columns;
      const factor = isOutput ? share[side] : 1;
      for (let j = 0; j < from.rows; j++) {
        const row = to.kernel + (rowShift + j) * to.columns + columnShift;
        for (let k = 0; k < from.columns; k++) parameters[row + k] = factor * net[from.kernel + j * from.columns + k];
        parameters[to.biases + rowShift + j] += factor * net[from.biases + j];
      }
    });
  });
  // Densities with mean 1 over twice as many neurons. A hidden unit's mass relative to one net's neurons is half of that.
  const densities = union.widths.map((width) => Float64Array.from({ length: width }, (_, k) => 2 * share[k < width / 2 ? 0 : 1]));
  const terms = regularizerTerms(union, parameters, densities).map((term, l) => (l === 0 ? term : 2 * term));
  return { shape: union, parameters, regularizerTerms: terms };
}

/** How far a curve rises above the chord between its ends, at the given places of [0, 1]. */
export function barrierOf(places: readonly number[], values: readonly number[]): number {
  const last = values.length - 1;
  let most = 0;
  places.forEach((t, i) => (most = Math.max(most, values[i] - ((1 - t) * values[0] + t * values[last]))));
  return most;
}
