import { activationFunction } from '../models/activation';
import type { RandomStream } from '../random/stream';
import { compatibleDimension, nullDimension, splittingDimension } from './embeddingDimension';
import { isOdd, layersOf, parametersOfLayers, vanishesAtZero, widthsOf, type FullyConnected, type LayerWeights } from './layers';

/**
 * How a wide network stands for a narrow one. Hidden neuron i of layer l copies neuron `owners[l][i]` of the narrow network (−1:
 * none), up to the sign `signs[l][i]`, and answers for the part `parts[l][i]` of its gradient: these are the β of general compatible
 * embeddings, and add up to 1 over the copies of one neuron.
 */
interface Plan {
  owners: number[][];
  signs: number[][];
  parts: number[][];
}

/** Narrow network, and the network of the same depth that it is lifted into. */
export interface Lifting {
  readonly narrow: FullyConnected;
  readonly wide: FullyConnected;
  readonly parameters: Float64Array;
}

/** A point of a family of lifted points. */
export interface Lifted {
  readonly parameters: Float64Array;
  /** Of the family around the point: its degrees of freedom. Null where no formula tells. */
  readonly dimension: number | null;
}

/**
 * One-step null embeddings as often as needed ("Embedding principle", arXiv 2111.15527): further neurons have neither input nor output
 * weights. Where σ(0) ≠ 0 and the next layer has no bias they still add a direction.
 */
export function nullEmbedding(lifting: Lifting, stream: RandomStream): Lifted {
  const plan = planOf(lifting, () => -1);
  return { parameters: write(lifting, plan, stream), dimension: nullDimension(narrowLayers(lifting), plan.owners) };
}

/** Further neurons copy random ones; copies share the output weights in random parts. */
export function splittingEmbedding(lifting: Lifting, stream: RandomStream): Lifted {
  const plan = planOf(lifting, (narrow) => stream.integer(narrow));
  const parameters = write(lifting, { ...plan, parts: randomParts(plan.owners, stream) }, stream);
  return { parameters, dimension: splittingDimension(narrowLayers(lifting), plan.owners) };
}

/** Copies with parts 1 and 0: the narrow network with idle copies, which is in the closure of every splitting. */
export function idleCopies(lifting: Lifting, stream: RandomStream): Float64Array {
  const plan = planOf(lifting, (narrow) => stream.integer(narrow));
  return write(lifting, plan, stream);
}

/** As splitting, with every further copy turned: −σ(−z) = σ(z). Null where the activation is not odd. */
export function signFlippedEmbedding(lifting: Lifting, stream: RandomStream): Lifted | null {
  if (!isOdd(lifting.narrow.activation)) return null;
  const plan = planOf(lifting, (narrow) => stream.integer(narrow));
  const narrow = widthsOf(lifting.narrow);
  const signs = plan.owners.map((owners, l) => owners.map((_, i) => (i < narrow[l] ? 1 : -1)));
  const parameters = write(lifting, { ...plan, signs, parts: randomParts(plan.owners, stream) }, stream);
  return { parameters, dimension: splittingDimension(narrowLayers(lifting), plan.owners) };
}

/**
 * General compatible embedding ("Embedding principle", arXiv 2111.15527, for all depths): copies and neurons of constant output mixed;
 * the output weights of copies are shared in parts that differ from one receiver to the other. With I the owners: the parts α_ij of
 * the copies j of one neuron add up to 1 for every copy i of a next neuron, and to 0 for null neurons i (forward); Σ_i β_i α_ij over
 * the copies i of one next neuron is β_j for copies j and 0 for null neurons j (backward). Constants are made up for in biases.
 */
export function compatibleEmbedding(lifting: Lifting, stream: RandomStream): Lifted {
  const layers = narrowLayers(lifting);
  const harmless = vanishesAtZero(lifting.narrow.activation);
  const plan = planOf(lifting, (narrow, l) => {
    const mayBeNull = harmless || layers[l + 1].biases !== null;
    return mayBeNull && stream.uniform() < 0.3 ? -1 : stream.integer(narrow);
  });
  const parameters = write(lifting, { ...plan, parts: randomParts(plan.owners, stream) }, stream, true);
  return { parameters, dimension: compatibleDimension(layers, plan.owners) };
}

function narrowLayers({ narrow, parameters }: Lifting): LayerWeights[] {
  return layersOf(narrow, parameters);
}

function planOf({ narrow, wide }: Lifting, choose: (narrowWidth: number, layer: number) => number): Plan {
  const widths = widthsOf(narrow);
  const owners = widthsOf(wide).map((width, l) =>
    Array.from({ length: width }, (_, i) => (i < widths[l] ? i : choose(widths[l], l))),
  );
  return {
    owners,
    signs: owners.map((each) => each.map(() => 1)),
    // The first copy answers for everything.
    parts: owners.map((each, l) => each.map((_, i) => (i < widths[l] ? 1 : 0))),
  };
}

/** Parts around an equal share: they add up to 1 whatever the draws. */
function randomParts(owners: readonly number[][], stream: RandomStream): number[][] {
  return owners.map((layer) => {
    const raw = layer.map(() => stream.normal());
    return layer.map((owner, i) => {
      if (owner < 0) return 0;
      const copies = copiesOf(layer, owner);
      const mean = copies.reduce((sum, j) => sum + raw[j], 0) / copies.length;
      return 1 / copies.length + (0.5 * (raw[i] - mean)) / copies.length;
    });
  });
}

function copiesOf(owners: readonly number[], owner: number): number[] {
  return owners.flatMap((each, i) => (each === owner ? [i] : []));
}

/** The wide parameters of a plan; `general` lets shares differ by receiver and gives null neurons output weights where they may have some. */
function write({ narrow, wide, parameters }: Lifting, plan: Plan, stream: RandomStream, general = false): Float64Array {
  const source = layersOf(narrow, parameters);
  const last = source.length - 1;
  const identity = source[last].weights.map((_, o) => o);
  const ones = identity.map(() => 1);
  const inputs = source[0].weights[0].map((_, j) => j);
  /** Biases of null neurons: arbitrary where the next layer has biases, that is where a constant adds nothing. */
  const arbitrary = plan.owners.map((owners, l) =>
    owners.map((owner) => (owner < 0 && source[l].biases && source[l + 1].biases ? stream.normal() : 0)),
  );
  const layers = source.map(({ weights, biases }, l): LayerWeights => {
    const owners = l < last ? plan.owners[l] : identity;
    const signs = l < last ? plan.signs[l] : ones;
    const parts = l < last ? plan.parts[l] : ones;
    const from = l === 0 ? inputs : plan.owners[l - 1];
    const fromSigns = l === 0 ? inputs.map(() => 1) : plan.signs[l - 1];
    const fromParts = l === 0 ? inputs.map(() => 1) : plan.parts[l - 1];
    const shares = sharesOf(owners, parts, from, fromParts, general && l > 0 ? stream : null);
    return {
      weights: owners.map((owner, i) =>
        from.map((each, j) => (owner < 0 || each < 0 ? 0 : signs[i] * fromSigns[j] * shares[i][j] * weights[owner][each])),
      ),
      biases: biases && owners.map((owner, i) => (owner < 0 ? arbitrary[l][i] : signs[i] * biases[owner])),
    };
  });
  if (general) connectNullNeurons(layers, plan, wide, stream);
  return parametersOfLayers(wide, layers);
}

/** α_ij: the part of receiver i in what copy j of a neuron gives; parts[j], or that with vanishing sums both ways added. */
function sharesOf(
  owners: readonly number[],
  parts: readonly number[],
  from: readonly number[],
  fromParts: readonly number[],
  stream: RandomStream | null,
): number[][] {
  const shares = owners.map(() => [...fromParts]);
  if (!stream) return shares;
  for (const k of new Set(owners)) {
    if (k < 0) continue;
    const rows = copiesOf(owners, k);
    for (const s of new Set(from)) {
      if (s < 0) continue;
      const columns = copiesOf(from, s);
      const raw = rows.map(() => columns.map(() => 0.5 * stream.normal()));
      // Parts of the copies add up to 1, so that Σ_i β_i ε_ij vanishes.
      const centred = raw.map((row) => row.map((value, c) => value - rows.reduce((sum, i, r) => sum + parts[i] * raw[r][c], 0)));
      rows.forEach((i, r) => {
        const mean = centred[r].reduce((sum, value) => sum + value, 0) / columns.length;
        columns.forEach((j, c) => (shares[i][j] += centred[r][c] - mean));
      });
    }
  }
  return shares;
}

/**
 * Null neurons may feed the copies of a neuron where Σ_i β_i α_ij = 0, and the constant that they bring is taken from the biases; and
 * a null neuron may listen to other ones, and to the copies of a neuron with weights that cancel. Without biases null neurons are 0.
 */
function connectNullNeurons(layers: LayerWeights[], { owners, parts }: Plan, wide: FullyConnected, stream: RandomStream): void {
  /** What each null neuron of the layer before gives, whatever the input. */
  let constants = owners[0].map((owner, i) => (owner < 0 ? constantOutput(layers[0].biases?.[i] ?? 0, wide) : 0));
  for (let l = 1; l < layers.length - 1; l++) {
    const { weights, biases } = layers[l];
    for (const k of new Set(owners[l])) {
      if (k < 0) continue;
      const rows = copiesOf(owners[l], k);
      owners[l - 1].forEach((owner, j) => {
        if (owner >= 0 || rows.length < 2) return;
        const raw = rows.map(() => 0.5 * stream.normal());
        const mean = rows.reduce((sum, i, r) => sum + parts[l][i] * raw[r], 0);
        rows.forEach((i, r) => {
          weights[i][j] = raw[r] - mean;
          if (biases) biases[i] -= (raw[r] - mean) * constants[j];
        });
      });
    }
    owners[l].forEach((owner, i) => {
      if (owner >= 0) return;
      for (const s of new Set(owners[l - 1])) {
        const columns = copiesOf(owners[l - 1], s);
        const raw = columns.map(() => 0.5 * stream.normal());
        const mean = s < 0 ? 0 : raw.reduce((sum, value) => sum + value, 0) / raw.length;
        columns.forEach((j, c) => (weights[i][j] = raw[c] - mean));
      }
    });
    constants = owners[l].map((owner, i) => {
      if (owner >= 0) return 0;
      const z = weights[i].reduce((sum, weight, j) => sum + weight * constants[j], biases?.[i] ?? 0);
      return constantOutput(z, wide);
    });
  }
}

function constantOutput(z: number, { activation }: FullyConnected): number {
  return activationFunction(activation).value(z);
}
