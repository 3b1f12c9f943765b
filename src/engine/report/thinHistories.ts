import type { RunRecord } from '../../protocol/record';
import { numbersOf, type SpectrumHistory } from '../../protocol/spectra';

type Histories = RunRecord['histories'];

/**
 * Spectra during training with at most about `mostNumbers` numbers: of every training one in so many, and the last. Where even first and
 * last of all trainings are too much, the trainings that come first are kept.
 */
export function thinHistories(histories: Histories, mostNumbers: number): { kept: Histories; numbers: number } {
  const entries = Object.entries(histories);
  const sizes = entries.map(([, { spectra }]) => spectra.map(({ measurement }) => numbersOf(measurement)));
  const total = sum(sizes.map(sum));
  if (total <= mostNumbers) return { kept: histories, numbers: total };
  let every = Math.ceil(total / mostNumbers);
  const longest = Math.max(1, ...sizes.map(({ length }) => length));
  const kept: Histories = {};
  for (; ; every *= 2) {
    const numbers = entries.map(([, history], k) => sum(sizes[k].filter((_, i) => isKept(i, history, every))));
    if (sum(numbers) > mostNumbers && every < longest) continue;
    let taken = 0;
    entries.forEach(([id, history], k) => {
      if (taken + numbers[k] > mostNumbers) return;
      taken += numbers[k];
      kept[id] = { ...history, spectra: history.spectra.filter((_, i) => isKept(i, history, every)) };
    });
    return { kept, numbers: taken };
  }
}

function isKept(index: number, { spectra }: SpectrumHistory, every: number): boolean {
  return index % every === 0 || index === spectra.length - 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
