import type { PointConfig, RankExperimentFile } from '../schema';
import { parameterCountOf } from '../sizes';
import { counted } from '../words';
import type { Check } from './check';

/** Points have as many parameters as the model, their names differ, and embeddings are asked of models that have them. */
export const checkPoints: Check = (file, report) => {
  if (file.experiment !== 'rank') return;
  const names = new Map<string, number>();
  file.points?.forEach((point, i) => {
    if (point.kind === 'given') {
      const parameters = parameterCountOf(file.model);
      if (point.parameters.length !== parameters) {
        const message = `The point has ${counted(point.parameters.length, 'parameter')}, but the model has ${parameters}.`;
        report('point-shape', ['points', i, 'parameters'], message);
      }
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
  if (point.kind === 'given' || point.kind === 'random' || model.kind !== 'formula') return undefined;
  return `A formula model has no neurons, so there is no ${point.kind} embedding. Use a "given" or "random" point.`;
}
