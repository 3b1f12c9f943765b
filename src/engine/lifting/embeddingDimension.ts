import type { LayerWeights } from './layers';

/**
 * K + Σ_l K_l K_(l−1) with K_l = m′_l − m_l, term by term: the degrees of freedom of general compatible embeddings where all weights
 * behind the first layer differ from 0 ("Embedding principle", arXiv 2111.15527). K: parts of copies, biases of null neurons.
 */
export function compatibleFreedom(narrow: readonly number[], wide: readonly number[]): { own: number[]; mixed: number[] } {
  const own = wide.map((width, l) => width - narrow[l]);
  return { own, mixed: own.slice(1).map((each, l) => each * own[l]) };
}

/**
 * Of the family of null embeddings: a bias for each null neuron where both its layer and the next have biases, else nothing.
 *
 * @param layers of the narrow network
 * @param owners of each hidden neuron of the wide one the narrow neuron that it copies, −1 for null neurons
 */
export function nullDimension(layers: readonly LayerWeights[], owners: readonly (readonly number[])[]): number {
  return owners.reduce((sum, each, l) => sum + (freeBiases(layers, l) ? each.filter((owner) => owner < 0).length : 0), 0);
}

/** Of the family of splittings, an affine one: a part for each further copy of a neuron that has output weights. */
export function splittingDimension(layers: readonly LayerWeights[], owners: readonly (readonly number[])[]): number {
  return owners.reduce((sum, each, l) => {
    const isHeard = (s: number) => layers[l + 1].weights.some((row) => row[s] !== 0);
    const further = each.filter((owner, i) => owner >= 0 && each.indexOf(owner) < i && isHeard(owner));
    return sum + further.length;
  }, 0);
}

/**
 * Of the family of general compatible embeddings with these owners: K + Σ_l K_l K_(l−1), less a bias for each null neuron that can
 * have none. Null where a weight behind the first layer is 0: what is shared there cannot be seen.
 */
export function compatibleDimension(layers: readonly LayerWeights[], owners: readonly (readonly number[])[]): number | null {
  if (layers.slice(1).some(({ weights }) => weights.some((row) => row.includes(0)))) return null;
  const widths = layers.slice(0, -1).map(({ weights }) => weights.length);
  const { mixed } = compatibleFreedom(
    widths,
    owners.map(({ length }) => length),
  );
  return splittingDimension(layers, owners) + nullDimension(layers, owners) + mixed.reduce((sum, each) => sum + each, 0);
}

/** Whether null neurons of a hidden layer may have any bias: the constant that they give is one of the next layer's biases. */
function freeBiases(layers: readonly LayerWeights[], l: number): boolean {
  return layers[l].biases !== null && layers[l + 1].biases !== null;
}
