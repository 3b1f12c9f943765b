import type { ConstructionName } from '../../experiment/schema/lifting';
import { createModel } from '../models/registry';
import { randomStream } from '../random/stream';
import {
  compatibleEmbedding,
  nullEmbedding,
  signFlippedEmbedding,
  splittingEmbedding,
  type Lifted,
  type Lifting,
} from './embeddings';
import { degenerateLift, FreeNeuron } from './freeNeurons';
import { liftingProbes, testSampleIndependence } from './sampleIndependence';
import type { DataSet } from './squaredLoss';

/** A lifted point, or why there is none. */
export type Constructed = Lifted | { obstacle: string };

/** @param residuals of the narrow point at the data */
export function construct(
  construction: ConstructionName,
  lifting: Lifting,
  data: DataSet,
  residuals: Float64Array,
  seed: number,
): Constructed {
  const stream = randomStream(seed, 'lifting', construction);
  const orElse = (lifted: Lifted | null, obstacle: string) => lifted ?? { obstacle };
  switch (construction) {
    case 'null':
      return nullEmbedding(lifting, stream);
    case 'splitting':
      return splittingEmbedding(lifting, stream);
    case 'signFlipped':
      return orElse(signFlippedEmbedding(lifting, stream), 'The activation is not odd.');
    case 'compatible':
      return compatibleEmbedding(lifting, stream);
    case 'degenerate':
      return orElse(
        degenerateLift(lifting, stream),
        'The narrow point has no hidden layer without influence on the output, behind a layer that becomes wider.',
      );
    case 'sampleDependent': {
      if (!FreeNeuron.fits(lifting)) return { obstacle: 'The last hidden layer does not become wider.' };
      const neuron = new FreeNeuron(lifting, stream);
      return orElse(
        neuron.solve(data, residuals, stream, (wideParameters) => isSampleDependent(lifting, wideParameters)),
        'For these data no input weights of a further neuron were found at which the point is critical.',
      );
    }
  }
}

/** Of the zeros of its equations a free neuron may find those at which embeddings are: copies, constants. */
function isSampleDependent({ narrow, wide, parameters }: Lifting, wideParameters: Float64Array): boolean {
  const pair = { narrow: createModel(narrow), narrowParameters: parameters, wide: createModel(wide), wideParameters };
  return testSampleIndependence(pair, liftingProbes(pair, 1), 0).sampleIndependent === false;
}
