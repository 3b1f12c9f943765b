import type { JsonPath } from '../problem';
import type { ModelConfig, ModelExperimentFile, PointConfig } from '../schema';
import { parameterCountOf } from '../sizes';
import { counted } from '../words';
import type { Check } from './check';

/** The points of a file with their places in it: one as `point`, or a list as `points`. */
export function pointsOf(file: ModelExperimentFile): { point: PointConfig; path: JsonPath }[] {
  const listed = (file.points ?? []).map((point, i) => ({ point, path: ['points', i] }));
  const alone = file.experiment === 'rank' ? file.point : undefined;
  return alone ? [{ point: alone, path: ['point'] }, ...listed] : listed;
}

/** Points have as many parameters as the model, their names differ, and embeddings are asked of models that have them. */
export const checkPoints: Check = (file, report) => {
  if (file.experiment === 'rank' && file.point && file.points) {
    const message = 'There is one "point", or a list of "points", not both. Add the point to the list.';
    report('point-twice', ['point'], message, { at: 'key' });
    return;
  }
  const names = new Map<string, number>();
  pointsOf(file).forEach(({ point, path }, i) => {
    if ('parameters' in point && point.parameters) {
      const parameters = parameterCountOf(file.model);
      if (point.parameters.length !== parameters) {
        const message = `The point has ${counted(point.parameters.length, 'parameter')}, but the model has ${parameters}.`;
        report('point-shape', [...path, 'parameters'], message);
      }
    }
    if ('file' in point) {
      const reason = whyNoFile(point.file);
      if (reason) report('point-file', [...path, 'file'], reason);
    }
    const reason = whyNoEmbedding(point, file.model);
    if (reason) report('point-embedding', [...path, 'kind'], reason);
    if (point.name === undefined) return;
    const earlier = names.get(point.name);
    if (earlier === undefined) names.set(point.name, i);
    else report('duplicate-name', [...path, 'name'], `Point ${earlier + 1} has the same name. Results are told apart by it.`);
  });
};

function whyNoEmbedding(point: PointConfig, model: ModelConfig): string | undefined {
  if ('file' in point || 'parameters' in point || point.kind === 'random' || model.kind !== 'formula') return undefined;
  return `A formula model has no neurons, so there is no ${point.kind} embedding. Use a "given" or "random" point.`;
}

const ENDINGS = ['.npz', '.npy', '.safetensors', '.json'];

/** What the name alone tells; whether there is such a file, the engine finds out. */
function whyNoFile(file: string): string | undefined {
  if (!ENDINGS.some((ending) => file.endsWith(ending))) return `Weights are read from files that end in ${ENDINGS.join(', ')}.`;
  const steps = file.split(/[\\/]/);
  const isAbsolute = steps[0] === '' || /^[a-z]:/i.test(file);
  return isAbsolute || steps.includes('..')
    ? 'The file must be given relative to the folder of the experiment, and lie in it or in a folder inside of it.'
    : undefined;
}
