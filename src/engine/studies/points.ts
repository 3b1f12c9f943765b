import type { ModelExperiment, ResolvedPoint } from '../../experiment/resolved';
import { EngineError } from '../errors';
import { randomStream } from '../random/stream';
import { compatibleEmbedding, nullEmbedding, splittingEmbedding } from '../targets/representation';
import type { Workbench } from './workbench';

/** Whether a user gave the numbers of a point. */
export function isUsers({ kind }: ResolvedPoint): boolean {
  return kind === 'given' || kind === 'file';
}

export function pointName(point: ResolvedPoint, index: number): string {
  return point.name ?? `${point.kind} ${index + 1}`;
}

/**
 * All parameters of a point, in the order of the model.
 *
 * @param index place in the list of points, which names it in what is thrown
 */
export function pointParameters(
  bench: Workbench,
  { model, target, data }: ModelExperiment,
  point: ResolvedPoint,
  index: number,
): Float64Array {
  switch (point.kind) {
    case 'given':
      return Float64Array.from(point.parameters);
    case 'file':
      if (!point.parameters) throw new Error(`${point.file} has not been read`);
      return Float64Array.from(point.parameters);
    case 'random': {
      const parameters = new Float64Array(bench.model.parameterCount);
      const stream = randomStream(point.seed ?? 1, 'point');
      for (let i = 0; i < parameters.length; i++) parameters[i] = (point.scale ?? 1) * stream.normal();
      return parameters;
    }
    case 'null':
      return nullEmbedding(model, target, data.inputs) ?? noEmbedding(point, index);
    case 'splitting':
      return splittingEmbedding(model, target, point.seed ?? 1, data.inputs) ?? noEmbedding(point, index);
    case 'compatible':
      return compatibleEmbedding(model, target, point.seed ?? 1, data.inputs) ?? noEmbedding(point, index);
  }
}

function noEmbedding(point: ResolvedPoint, index: number): never {
  throw invalidPoint(
    index,
    `There is no ${point.kind} embedding for this model and target: the target has no known minimal representation in it.`,
  );
}

export function invalidPoint(index: number, message: string): EngineError {
  return new EngineError('invalid-experiment', message, 2, { path: ['points', index] });
}
