import type { PointConfig, RankExperimentFile } from '../schema';
import { parameterCountOf } from '../sizes';
import { counted } from '../words';
import type { Check } from './check';

/** Points have as many parameters as the model, their names differ, and embeddings are asked of models that have them. */
export const checkPoints: Check = (file, report) => {
  if (file.experiment !== 'rank') return;
  const names = new Map<string, number>();
  file.points?.forEach((point, i) => {
    if ('parameters' in point && point.parameters) {
      const parameters = parameterCountOf(file.model);
      if (point.parameters.length !== parameters) {
        const message = `The point has ${counted(point.parameters.length, 'parameter')}, but the model has ${parameters}.`;
        report('point-shape', ['points', i, 'parameters'], message);
      }
    }
    if ('file' in point) {
      const reason = whyNoFile(point.file);
      if (reason) report('point-file', ['points', i, 'file'], reason);
    }
    const reason = whyNoEmbedding(point, file);
    if (reason) report('point-embedding', ['points', i, 'kind'], reason);
    if (point.name === undefined) return;
    const earlier = names.get(point.name);
    if (earlier === undefined) names.set(point.name, i);
    else report('duplicate-name', ['points', i, 'name'], `Point ${earlier + 1} has the same name. Results are told apart by it.`);
  });
};

function whyNoEmbedding(point: PointConfig, { model }: RankExperimentFile): string | undefined {
  if ('file' in point || point.kind === 'given' || point.kind === 'random' || model.kind !== 'formula') return undefined;
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
