import type { ResolvedDeepNetwork } from '../../experiment/resolved';
import type { TeacherTargetConfig } from '../../experiment/schema';
import { deepLayers } from '../models/deepNetwork';
import { randomStream } from '../random/stream';

/** A deep network with its parameters. */
export interface DeepTeacher {
  readonly model: ResolvedDeepNetwork;
  readonly parameters: Float64Array;
}

/**
 * A random teacher of the given widths: weights of the first layer from N(0, 1), of later hidden layers from N(0, 2/width before), biases
 * from N(0, 1/4), output weights of size U[0.5, 1.5] with a random sign. For exp all are scaled down, which keeps its values
 * within a few orders of magnitude.
 */
export function deepTeacher(model: ResolvedDeepNetwork, target: TeacherTargetConfig): DeepTeacher {
  const teacher = { ...model, widths: [...(target.widths ?? model.widths.map(() => 1))] };
  const layers = deepLayers(teacher);
  const stream = randomStream(target.seed ?? 1, 'target', 'teacher');
  const last = layers[layers.length - 1];
  const parameters = new Float64Array(last.weights + last.rows * (last.columns + (last.biases < 0 ? 0 : 1)));
  const damped = model.activation === 'exp';
  layers.forEach(({ rows, columns, weights, biases }, l) => {
    const isLast = l === layers.length - 1;
    const scale = damped ? 0.5 / Math.sqrt(columns) : l === 0 ? 1 : Math.sqrt(2 / columns);
    for (let i = 0; i < rows * columns; i++) {
      parameters[weights + i] = isLast ? (0.5 + stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1) : scale * stream.normal();
    }
    if (biases >= 0) for (let i = 0; i < rows; i++) parameters[biases + i] = (damped ? 0.25 : 0.5) * stream.normal();
  });
  return { model: teacher, parameters };
}
