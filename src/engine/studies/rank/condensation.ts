import type { ResolvedRankExperiment } from '../../../experiment/resolved';
import type { CondensationResult } from '../../../protocol/events';
import type { ResultFigure } from '../../../protocol/figure';
import type { ResultTable } from '../../../protocol/table';
import { branchOf, branchProblem } from '../../theory/branches';
import { angleOf } from '../../theory/twoLayer/angle';
import { condensationOf } from '../../theory/twoLayer/condensation';

/** For directions, weights and sums: what a training to a small loss still leaves. */
const TOLERANCE = 1e-6;

/** Neurons of the largest map; it has their number squared as cells. */
const LARGEST_WIDTH = 300;

export interface CondensationMap {
  result: CondensationResult;
  cosines: (number | null)[][];
  amplitudes: number[];
}

/** Condensation and branch membership at a point of a two-layer network; null of other models and of very wide ones. */
export function mapCondensation({ model, target }: ResolvedRankExperiment, parameters: Float64Array): CondensationMap | null {
  if (model.kind !== 'twoLayer' || model.width > LARGEST_WIDTH) return null;
  const { cosines, amplitudes, groups, zero } = condensationOf(model, parameters, TOLERANCE);
  const problem = branchProblem(model, target);
  const membership = typeof problem === 'string' ? null : branchOf(model, problem, parameters, TOLERANCE);
  const branch =
    typeof problem === 'string' ? { branch: null, noBranch: problem } : { branch: membership && membership.blocks, noBranch: '' };
  return { result: { tolerance: TOLERANCE, groups, zero, ...branch }, cosines, amplitudes };
}

/** Groups of condensed neurons at a point. */
export function condensationTable(name: string, { result }: CondensationMap): Omit<ResultTable, 'id'> {
  const { tolerance, groups, zero, branch, noBranch } = result;
  const blocks = (sizes: readonly number[]) => (sizes.length > 0 ? sizes.join(', ') : 'none');
  const where = branch
    ? `The point lies on the branch of global minima with target blocks ${blocks(branch.targetBlocks)}, extra blocks ${blocks(branch.extraBlocks)}; neurons without input weights: ${branch.zeroBlock}.`
    : noBranch
      ? `No branches of global minima are known here: ${noBranch}.`
      : 'The point lies on no branch of global minima: it is not the target to this tolerance, or neurons cancel in ways that blocks do not describe.';
  return {
    title: `Condensation at ${name}`,
    columns: [
      { title: 'Neurons', kind: 'text' },
      { title: 'Number', kind: 'integer' },
      { title: 'Same weights', kind: 'flag' },
      { title: 'Σ ±a', kind: 'number' },
    ],
    rows: [
      ...groups.map(({ neurons, signs, equal, outputWeight }) => [
        neurons.map((k, i) => (signs[i] < 0 ? `−${k}` : String(k))).join(', '),
        neurons.length,
        equal,
        outputWeight,
      ]),
      ...(zero.length > 0 ? [[`${zero.join(', ')}: (w, b) = 0`, zero.length, true, null]] : []),
    ],
    note: `Neurons of a group have (w, b) of one direction to ${tolerance}; a minus stands before those of the opposite direction, which is the same for an odd activation. ${where}`,
  };
}

/** Cosine similarities, neurons in the order of their groups. */
export function cosineFigure(name: string, { result, cosines }: CondensationMap): Omit<ResultFigure, 'id'> {
  const order = [...result.groups.flatMap(({ neurons }) => neurons), ...result.zero];
  const places = order.map((_, i) => i + 1);
  return {
    title: `Cosine similarity of neurons at ${name}`,
    caption:
      'Of (w, b) of every two neurons, those of a group side by side. Squares of 1 and −1 are condensed neurons; blank: (w, b) = 0.',
    x: { title: 'place in the order of the groups', scale: 'linear', integer: true },
    y: { title: 'neuron', scale: 'linear', integer: true },
    layers: [
      {
        kind: 'heatMap',
        label: 'cosine similarity',
        scale: 'linear',
        x: places,
        y: places,
        rowNames: order.map((k) => `neuron ${k}`),
        values: order.map((j) => order.map((k) => cosines[j - 1][k - 1])),
      },
    ],
  };
}

/** Amplitude against orientation; null where every neuron is 0. */
export function orientationFigure(
  name: string,
  { result, cosines, amplitudes }: CondensationMap,
): Omit<ResultFigure, 'id'> | null {
  const directed = result.groups.flatMap(({ neurons }) => neurons);
  if (directed.length === 0) return null;
  const strongest = directed.reduce((best, k) => (amplitudes[k - 1] > amplitudes[best - 1] ? k : best));
  const angle = (k: number) => {
    const cosine = cosines[strongest - 1][k - 1] ?? 1;
    return angleOf(cosine, Math.sqrt(Math.max(0, 1 - cosine * cosine)));
  };
  return {
    title: `Amplitude against orientation at ${name}`,
    caption: `Every neuron by the angle of (w, b) to that of neuron ${strongest}, which has the largest amplitude, and by its amplitude |a|·‖(w, b)‖. Condensed neurons stand above each other.`,
    x: { title: `angle to neuron ${strongest} (radians)`, scale: 'linear' },
    y: { title: 'amplitude |a|·‖(w, b)‖', scale: 'linear' },
    layers: result.groups.map(({ neurons }, group) => ({
      kind: 'points',
      label: `group ${group + 1}`,
      ink: group,
      x: neurons.map(angle),
      y: neurons.map((k) => amplitudes[k - 1]),
      names: neurons.map((k) => `neuron ${k}`),
    })),
  };
}
