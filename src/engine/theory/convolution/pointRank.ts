import type { ResolvedConvolution } from '../../../experiment/resolved';
import { convolutionShapeOf } from '../../../experiment/sizes';
import { convolutionOffsets, windowIndices } from '../../models/convolution';
import { activationFamily, activationShift, classesOf, isZero, spanDimension } from '../twoLayer/neurons';
import { Places, trimKernel } from './padded';

/** Whether neurons of this model are equal exactly up to sign, so that ranks are counts. */
export function isOddFamily({ activation, hiddenBias }: ResolvedConvolution): boolean {
  const family = activationFamily(activation);
  return family === 'tanh' || (family === 'sin' && !hiddenBias);
}

/** One kernel of a point; without sharing one kernel at one position, `outputWeights` being 0 at the others. */
interface PointKernel {
  readonly weights: readonly number[];
  readonly outputWeights: readonly number[];
  readonly bias: number;
  readonly positions: readonly number[];
}

function kernelsOf(model: ResolvedConvolution, parameters: Float64Array): PointKernel[] {
  const { positions, weights: s } = convolutionShapeOf(model);
  const offsets = convolutionOffsets(model);
  const all = Array.from({ length: positions }, (_, p) => p);
  const kernels: PointKernel[] = [];
  for (let k = 0; k < model.kernels; k++) {
    for (const p of model.sharing ? [-1] : all) {
      const index = p < 0 ? k : k * positions + p;
      kernels.push({
        weights: Array.from(parameters.subarray(offsets.weights + index * s, offsets.weights + (index + 1) * s)),
        outputWeights: all.map((each) => (p < 0 || each === p ? parameters[k * positions + each] : 0)),
        bias: offsets.biases < 0 ? 0 : parameters[offsets.biases + index],
        positions: p < 0 ? all : [p],
      });
    }
  }
  return kernels;
}

/**
 * Exact rank at any point of a convolution with an odd activation: "Local linear recovery" (arXiv 2406.18035), m_a s + m_K P with
 * sharing, extended to kernels that are shifts of each other and to kernels of zeros.
 *
 * Modulo affine functions, σ and σ′·x_t of different padded kernels are independent (Prop. 2 there). So the rank counts padded
 * kernels that differ, and adds for each displacement τ between a padded kernel and an input coordinate the dimension of the
 * output maps that the kernels have which reach it.
 */
export function convolutionPointRank(model: ResolvedConvolution, parameters: Float64Array): number {
  const { window } = convolutionShapeOf(model);
  const shift = activationShift(model.activation);
  const places = new Places(model);
  const kernels = kernelsOf(model, parameters);
  const effective = kernels.filter(({ weights }) => !isZero(weights));
  const trimmed = effective.map(({ weights }) => trimKernel(model, weights));
  const classes = classesOf(
    effective.map(({ bias }, i) => [...trimmed[i].weights, bias + shift]),
    'sign',
  );
  let rank = 0;
  for (const { members } of classes) {
    const values = new Set<number>();
    /** By displacement: output maps as functions of the place of the padded kernel. */
    const maps = new Map<string, Map<number, number>[]>();
    for (const i of members) {
      const { row, column } = trimmed[i];
      const map = new Map<number, number>();
      for (const p of effective[i].positions) {
        const place = places.placeAt(p, row, column);
        values.add(place);
        if (effective[i].outputWeights[p] !== 0) map.set(place, effective[i].outputWeights[p]);
      }
      if (map.size === 0) continue;
      const add = (displacement: string): void => {
        maps.set(displacement, [...(maps.get(displacement) ?? []), map]);
      };
      for (let t = 0; t < window[0]; t++) for (let u = 0; u < window[1]; u++) add(`${t - row},${u - column}`);
      if (model.hiddenBias) add('bias');
    }
    rank += values.size;
    for (const each of maps.values()) rank += each.length === 1 ? 1 : dimensionOf(each);
  }
  return (
    rank +
    affineRank(
      model,
      kernels.filter(({ weights }) => isZero(weights)),
      shift,
    )
  );
}

function dimensionOf(maps: readonly Map<number, number>[]): number {
  const places = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return spanDimension(maps.map((map) => places.map((place) => map.get(place) ?? 0)));
}

/** Kernels of zeros give affine functions alone. */
function affineRank(model: ResolvedConvolution, kernels: readonly PointKernel[], shift: number): number {
  const { inputs, weights: s } = convolutionShapeOf(model);
  const indices = windowIndices(model);
  const affine: number[][] = [];
  const unit = (): number[] => new Array<number>(inputs + 1).fill(0);
  for (const { outputWeights, bias } of kernels) {
    const constant = unit();
    if (bias + shift !== 0) {
      constant[inputs] = 1;
      affine.push(constant);
    }
    for (let t = 0; t < s; t++) {
      const vector = unit();
      outputWeights.forEach((a, p) => (vector[indices[p * s + t]] += a));
      if (!isZero(vector)) affine.push(vector);
    }
    const sum = outputWeights.reduce((total, a) => total + a, 0);
    if (model.hiddenBias && sum !== 0) affine.push(Object.assign(unit(), { [inputs]: 1 }));
  }
  return affine.length === 0 ? 0 : spanDimension(affine);
}
