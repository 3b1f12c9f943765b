import { inputNamesOf } from '../../../experiment/inputNames';
import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import type { InputsConfig } from '../../../experiment/schema';
import { inputDimensionOf, matrixShapeOf } from '../../../experiment/sizes';
import type { Inputs } from '../../models/model';
import { createModel } from '../../models/registry';
import { gridInputs } from '../../inputs/points';
import { allEntries } from '../../targets/probes';

/** Points of a function of one input, and of two in each direction: the second where there are many cells. */
const CURVE_POINTS = 201;
const SURFACE_POINTS = [41, 21] as const;
/** Entries of the largest matrix. */
const MOST_ENTRIES = 4096;

/** Normal inputs are drawn to so many standard deviations. */
const DEVIATIONS = 3;

/** Where a recovered function is looked at. */
export interface PictureGrid {
  kind: 'curve' | 'surface' | 'matrix';
  /** Of a matrix its columns, then its rows. */
  axes: { title: string; values: number[] }[];
  /** Row by row: the first axis runs fastest. */
  inputs: Inputs;
}

/**
 * The grid over the range of the training inputs of a function of one or two inputs, or all entries of a matrix. Null of functions
 * of more inputs, of several outputs, and of larger matrices.
 */
export function pictureGrid({ model, data }: ResolvedRecoveryExperiment, coarse: boolean): PictureGrid | null {
  if (model.kind === 'matrixFactorization') {
    const { rows, columns } = matrixShapeOf(model);
    if (rows * columns > MOST_ENTRIES) return null;
    const axes = [
      { title: 'column', values: upTo(columns) },
      { title: 'row', values: upTo(rows) },
    ];
    return { kind: 'matrix', axes, inputs: allEntries(rows, columns) };
  }
  const dimension = inputDimensionOf(model);
  if (dimension > 2 || (createModel(model).outputCount ?? 1) !== 1) return null;
  const names = [...inputNamesOf(model)];
  const points = dimension === 1 ? CURVE_POINTS : SURFACE_POINTS[coarse ? 1 : 0];
  const axes = Array.from({ length: dimension }, (_, i) => ({
    // Of several names of an input the last is the shorter one.
    title: names.filter(([, place]) => place === i).at(-1)?.[0] ?? `x${i + 1}`,
    values: [...gridInputs(...rangeOf(data.inputs, i), points).values],
  }));
  const [first, second] = axes;
  const values = second ? second.values.flatMap((y) => first.values.flatMap((x) => [x, y])) : first.values;
  return {
    kind: dimension === 1 ? 'curve' : 'surface',
    axes,
    inputs: { count: values.length / dimension, dimension, values: Float64Array.from(values) },
  };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k + 1);
}

/** Ends of an input of the training data. */
function rangeOf(inputs: InputsConfig, axis: number): [number, number] {
  switch (inputs.kind) {
    case 'uniform':
    case 'grid':
      return [inputs.low, inputs.high];
    case 'points': {
      const values = inputs.values.map((point) => point[axis]);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return low < high ? [low, high] : [low - 1, high + 1];
    }
    case 'normal': {
      const reach = DEVIATIONS * (inputs.scale ?? 1);
      return [-reach, reach];
    }
    case 'entries':
      throw new Error('entries are of matrices alone');
  }
}
