import type { ResolvedConvolution } from '../../../experiment/resolved';
import { convolutionShapeOf } from '../../../experiment/sizes';
import { exp } from '../../numbers/elementary';
import type { PlacedNeuron, SharedKernel } from '../../targets/convolutionTeacher';
import { activationFamily, activationShift, classesOf } from '../twoLayer/neurons';
import { Places, shiftKernel, trimKernel } from './padded';
import { isOddFamily } from './pointRank';

/** A padded kernel of the target, wherever it lies, with what stands before it at every place. */
export interface PaddedKernel {
  /** Trimmed weights. */
  readonly weights: readonly number[];
  readonly height: number;
  readonly width: number;
  readonly bias: number;
  /** Output weights that are not 0, by place. */
  readonly outputs: ReadonlyMap<number, number>;
  /** A position and where the kernel begins in its window, for every place. */
  readonly origins: ReadonlyMap<number, { position: number; row: number; column: number }>;
  /** Beginnings in the window that the given kernels have, as row · window width + column. */
  readonly beginnings: readonly number[];
}

/** Output weights that cancel to this, relative to their size, are 0. */
const CANCELLED = 1e-12;

/** With more beginnings than this the given ones are taken. */
const LARGEST_SEARCH = 10;

/** Whether padded kernels of this model can be told apart by their weights, up to sign or, for exp, up to a factor. */
export function isCountable(model: ResolvedConvolution): boolean {
  return isOddFamily(model) || model.activation === 'exp';
}

/** The padded kernels that a target consists of, equal ones merged. */
export function paddedKernels(model: ResolvedConvolution, kernels: readonly SharedKernel[]): PaddedKernel[] {
  const { window } = convolutionShapeOf(model);
  const isExp = activationFamily(model.activation) === 'exp';
  const shift = activationShift(model.activation);
  const places = new Places(model);
  const trimmed = kernels.map(({ weights }) => trimKernel(model, weights));
  const classes = classesOf(
    kernels.map(({ bias }, i) => (isExp ? trimmed[i].weights : [...trimmed[i].weights, bias + shift])),
    isExp ? 'equal' : 'sign',
  );
  return classes.flatMap(({ members, signs }) => {
    const first = members[0];
    const terms = new Map<number, number[]>();
    const origins = new Map<number, { position: number; row: number; column: number }>();
    members.forEach((i, at) => {
      const { row, column } = trimmed[i];
      const factor = isExp ? exp(kernels[i].bias - kernels[first].bias) : signs[at];
      kernels[i].outputWeights.forEach((a, position) => {
        if (a === 0) return;
        const place = places.placeAt(position, row, column);
        terms.set(place, [...(terms.get(place) ?? []), factor * a]);
        if (!origins.has(place)) origins.set(place, { position, row, column });
      });
    });
    const outputs = new Map<number, number>();
    for (const [place, list] of terms) {
      const sum = list.reduce((total, value) => total + value, 0);
      const size = list.reduce((total, value) => total + Math.abs(value), 0);
      if (Math.abs(sum) > CANCELLED * size) outputs.set(place, sum);
    }
    if (outputs.size === 0) return [];
    const beginnings = [...new Set(members.map((i) => trimmed[i].row * window[1] + trimmed[i].column))];
    const { weights, height, width } = trimmed[first];
    return [{ weights, height, width, bias: kernels[first].bias, outputs, origins, beginnings }];
  });
}

/** Shared kernels that are one padded kernel at all its places, at the least rank. */
export interface Cover {
  readonly kernels: SharedKernel[];
  /** Padded kernels that they have at all positions, used or not. */
  readonly touched: number;
}

/**
 * A kernel with margins can stand at several beginnings in its window, and each choice reaches other places. Of all sets of
 * beginnings that reach the places of the target, no more than given, takes the one of least rank.
 */
export function coverPlaces(model: ResolvedConvolution, padded: PaddedKernel, slopes: number): Cover {
  const { window } = convolutionShapeOf(model);
  const places = new Places(model);
  const wanted = [...padded.outputs.keys()];
  const all: number[] = [];
  for (let row = 0; row + padded.height <= window[0]; row++) {
    for (let column = 0; column + padded.width <= window[1]; column++) all.push(row * window[1] + column);
  }
  const candidates = all.length <= LARGEST_SEARCH ? all : padded.beginnings.slice(0, 1);
  const reach = new Map(
    [...new Set([...candidates, ...padded.beginnings])].map((beginning) => {
      const [row, column] = [Math.floor(beginning / window[1]), beginning % window[1]];
      return [beginning, new Set(places.placesOf(row, column))];
    }),
  );
  const touchedBy = (set: readonly number[]): Set<number> => new Set(set.flatMap((each) => [...reach.get(each)!]));
  let best: readonly number[] = padded.beginnings;
  let cost = touchedBy(best).size + slopes * best.length;
  for (let choice = 1; choice < 1 << candidates.length; choice++) {
    const set = candidates.filter((_, i) => choice & (1 << i));
    if (set.length > padded.beginnings.length) continue;
    const touched = touchedBy(set);
    const price = touched.size + slopes * set.length;
    if (price < cost && wanted.every((place) => touched.has(place))) [best, cost] = [set, price];
  }
  const left = new Map(padded.outputs);
  const kernels = best.map((beginning) => {
    const [row, column] = [Math.floor(beginning / window[1]), beginning % window[1]];
    const outputWeights = places.placesOf(row, column).map((place) => {
      const value = left.get(place) ?? 0;
      left.delete(place);
      return value;
    });
    return { weights: shiftKernel(model, padded.weights, row, column), outputWeights, bias: padded.bias };
  });
  return { kernels, touched: touchedBy(best).size };
}

/** One neuron for each place, for models without sharing. */
export function neuronsOf(model: ResolvedConvolution, padded: PaddedKernel): PlacedNeuron[] {
  return [...padded.outputs].map(([place, outputWeight]) => {
    const { position, row, column } = padded.origins.get(place)!;
    return { position, outputWeight, weights: shiftKernel(model, padded.weights, row, column), bias: padded.bias };
  });
}
