import type { ResolvedDeepNetwork } from '../../experiment/resolved';
import { deepLayers } from '../models/deepNetwork';
import { randomStream } from '../random/stream';
import type { DeepTeacher } from '../targets/deepTeacher';

/** An upper bound of the optimistic sample size of a deep network as a target. */
export interface DeepRankBound {
  readonly rank: number;
  readonly formula: string;
  readonly source: string;
}

/**
 * d m'_1 + m'_1 m'_2 + … + m'_(L−1), with biases Σ m'_l + 1 more: the number of parameters of the smallest known network that is
 * the target, since critical embeddings keep its tangent space ("Local linear recovery", arXiv 2406.18035, Theorem 4). Where the
 * scale of a neuron moves freely between its input and its output, one parameter a neuron is redundant.
 */
export function deepRankBound(model: ResolvedDeepNetwork, widths: readonly number[]): DeepRankBound {
  const sizes = [model.inputs, ...widths, 1];
  const weights = sizes
    .slice(1)
    .map((size, l) => ({ text: size === 1 ? `${sizes[l]}` : `${sizes[l]}·${size}`, value: size * sizes[l] }));
  const biases = model.bias ? widths.reduce((sum, width) => sum + width, 1) : 0;
  const isRelu = model.activation === 'relu';
  const redundant = isRelu || (model.activation === 'exp' && model.bias) ? widths.reduce((sum, width) => sum + width, 0) : 0;
  const rank = weights.reduce((sum, { value }) => sum + value, biases - redundant);
  const parts = [
    weights.map(({ text }) => text).join(' + '),
    ...(biases > 0 ? [`+ ${biases}`] : []),
    ...(redundant > 0 ? [`− ${redundant}`] : []),
  ].join(' ');
  const why = [
    ...(biases > 0 ? [`${biases} for the biases`] : []),
    ...(redundant > 0 ? [`${redundant} less for the free scale of each neuron`] : []),
  ];
  const words = widths.map((_, l) => (l === 0 ? "d·m'1" : `m'${l}·m'${l + 1}`));
  return {
    rank,
    formula: `≤ ${[...words, `m'${widths.length}`].join(' + ')}${biases > 0 ? " + Σm' + 1" : ''} = ${parts} = ${rank}${why.length > 0 ? `, with ${why.join(' and ')}` : ''}`,
    source: isRelu
      ? 'number of independent parameters of the teacher; relu is not analytic, so the theorems on optimistic sample sizes do not cover it'
      : 'upper bound: free expressiveness in width, "Local linear recovery" (arXiv 2406.18035), Theorem 4; whether a smaller network is the same function is not known',
  };
}

/** The activation at 0 is 0, so that a neuron of zeros adds nothing. */
function vanishesAtZero({ activation }: ResolvedDeepNetwork): boolean {
  return (
    activation === 'tanh' ||
    activation === 'sin' ||
    activation === 'relu' ||
    (typeof activation !== 'string' && activation.shift === 0)
  );
}

/** What neuron i of hidden layer l of the wide network stands for: a neuron of the teacher, or nothing (−1). */
type Assignment = (layer: number, neuron: number) => number;

/**
 * A network of which hidden neurons are copies of the teacher's. `share` is the part of the copied neuron's output weights that a
 * copy has towards neuron `to` of the next layer; the parts of all copies add up to 1. Neurons that stand for nothing are zero.
 */
function embed(
  model: ResolvedDeepNetwork,
  teacher: DeepTeacher,
  assigned: Assignment,
  share: (layer: number, neuron: number, to: number) => number,
): Float64Array {
  const wide = deepLayers(model);
  const narrow = deepLayers(teacher.model);
  const last = wide[wide.length - 1];
  const parameters = new Float64Array(last.weights + last.rows * (last.columns + (last.biases < 0 ? 0 : 1)));
  wide.forEach(({ rows, columns, weights, biases }, l) => {
    const isLast = l === wide.length - 1;
    for (let i = 0; i < rows; i++) {
      const from = isLast ? i : assigned(l, i);
      if (from < 0) continue;
      const source = narrow[l];
      for (let j = 0; j < columns; j++) {
        const column = l === 0 ? j : assigned(l - 1, j);
        if (column < 0) continue;
        const weight = teacher.parameters[source.weights + from * source.columns + column];
        parameters[weights + i * columns + j] = l === 0 ? weight : share(l - 1, j, i) * weight;
      }
      if (biases >= 0) parameters[biases + i] = teacher.parameters[source.biases + from];
    }
  });
  return parameters;
}

/** Null embedding ("Optimistic estimate", arXiv 2307.08921): the teacher in a corner of every layer, all else 0. */
export function deepNullPoint(model: ResolvedDeepNetwork, teacher: DeepTeacher): Float64Array {
  const { widths } = teacher.model;
  return embed(
    model,
    teacher,
    (l, i) => (i < widths[l] ? i : -1),
    () => 1,
  );
}

/**
 * The teacher at least known rank: the null embedding where a neuron of zeros adds no direction; otherwise further neurons are
 * copies of the first one of their layer without output weights.
 */
export function deepMinimalPoint(model: ResolvedDeepNetwork, teacher: DeepTeacher): Float64Array {
  if (model.bias || vanishesAtZero(model)) return deepNullPoint(model, teacher);
  const { widths } = teacher.model;
  return embed(
    model,
    teacher,
    (l, i) => (i < widths[l] ? i : 0),
    (l, j) => (j < widths[l] ? 1 : 0),
  );
}

/** Splitting embedding ("Embedding principle", arXiv 2111.15527): copies share the output weights of a neuron in random parts. */
export function deepSplittingPoint(model: ResolvedDeepNetwork, teacher: DeepTeacher, seed: number): Float64Array {
  const { assigned, parts } = randomCopies(model, teacher, seed);
  return embed(
    model,
    teacher,
    (l, i) => assigned[l][i],
    (l, j) => parts[l][j],
  );
}

/**
 * General compatible embedding ("Embedding principle", arXiv 2111.15527, for all depths): copies of a neuron share its output
 * weights in parts α_ij that differ from one next neuron i to the other, such that Σ_j α_ij = 1 over the copies j of one neuron
 * and Σ_i β_i α_ij = β_j over the copies i of one next neuron. Here α_ij = β_j + ε_ij with ε of vanishing sums both ways.
 */
export function deepCompatiblePoint(model: ResolvedDeepNetwork, teacher: DeepTeacher, seed: number): Float64Array {
  const { assigned, parts } = randomCopies(model, teacher, seed);
  const stream = randomStream(seed, 'splitting', 'compatible');
  const shares = parts.map((part, l) => {
    // Outputs are copies of nothing but themselves.
    const outputs = Array.from({ length: model.outputs }, (_, o) => o);
    const next = l + 1 < assigned.length ? assigned[l + 1] : outputs;
    const nextParts = l + 1 < parts.length ? parts[l + 1] : outputs.map(() => 1);
    const raw = next.map(() => part.map(() => 0.5 * stream.normal()));
    const copiesOf = (owners: readonly number[], owner: number) => owners.flatMap((each, i) => (each === owner ? [i] : []));
    const alphas = raw.map((row) => row.map(() => 0));
    for (const k of new Set(next)) {
      const rows = copiesOf(next, k);
      for (const s of new Set(assigned[l])) {
        const columns = copiesOf(assigned[l], s);
        const centred = rows.map((i) =>
          columns.map((j) => raw[i][j] - rows.reduce((sum, other) => sum + nextParts[other] * raw[other][j], 0)),
        );
        rows.forEach((i, r) => {
          const mean = centred[r].reduce((sum, value) => sum + value, 0) / columns.length;
          columns.forEach((j, c) => (alphas[i][j] = part[j] + centred[r][c] - mean));
        });
      }
    }
    return alphas;
  });
  return embed(
    model,
    teacher,
    (l, i) => assigned[l][i],
    (l, j, i) => shares[l][i][j],
  );
}

/** Every further neuron copies a random one; the parts of the copies of a neuron are around an equal share and add up to 1. */
function randomCopies(
  model: ResolvedDeepNetwork,
  teacher: DeepTeacher,
  seed: number,
): { assigned: number[][]; parts: number[][] } {
  const stream = randomStream(seed, 'splitting');
  const assigned = model.widths.map((width, l) => {
    const narrow = teacher.model.widths[l];
    return Array.from({ length: width }, (_, i) => (i < narrow ? i : stream.integer(narrow)));
  });
  const parts = assigned.map((owners) => {
    const raw = owners.map(() => stream.normal());
    return owners.map((owner, i) => {
      const copies = owners.flatMap((each, j) => (each === owner ? [j] : []));
      const mean = copies.reduce((sum, j) => sum + raw[j], 0) / copies.length;
      return 1 / copies.length + (0.5 * (raw[i] - mean)) / copies.length;
    });
  });
  return { assigned, parts };
}
