import type { ResolvedRankExperiment } from '../../../experiment/resolved';
import { matrixShapeOf } from '../../../experiment/sizes';
import type { LocalRecoveryResult } from '../../../protocol/events';
import type { ResultFigure } from '../../../protocol/figure';
import type { ResultTable } from '../../../protocol/table';
import { linearRecovery } from '../../rank/linearRecovery';
import { tangentRank } from '../../rank/tangentRank';
import { perturbFrom } from './perturbation';
import type { JobProgress } from '../study';
import type { Workbench } from '../workbench';

/** Draws that are told apart; inputs that are no random ones are one draw. */
export function drawCount({ analysis }: ResolvedRankExperiment, random: boolean): number {
  return random ? (analysis.localRecovery?.draws ?? 0) : 1;
}

/**
 * n*(X) of a point over draws of the inputs ("Local linear recovery", arXiv 2406.18035, Theorem 1): draw t has the inputs that trial t
 * of a training would have. Pauses between draws.
 */
export function* measureLocalRecovery(
  bench: Workbench,
  experiment: ResolvedRankExperiment,
  point: { name: string; parameters: Float64Array },
): Generator<JobProgress, LocalRecoveryResult> {
  const { model, sampler } = bench;
  const options = { tolerance: experiment.analysis.rankTolerance };
  const probes = tangentRank(model, point.parameters, bench.probes, options);
  const largest = inputCount(experiment, probes.rank);
  const sampleSizes: (number | null)[] = [];
  let inconclusive = 0;
  for (let draw = 0; draw < drawCount(experiment, sampler.random); draw++) {
    const inputs = sampler.training(draw, largest);
    const { sampleSize, conclusive } = linearRecovery(model, point.parameters, inputs, probes.rank, options);
    sampleSizes.push(conclusive ? sampleSize : null);
    if (!conclusive) inconclusive += 1;
    yield { steps: 0, curve: { steps: [], losses: [] } };
  }
  const least = Math.ceil(probes.rank / (model.outputCount ?? 1));
  const found = sampleSizes.filter((size) => size !== null).sort((a, b) => a - b);
  const asked = experiment.analysis.localRecovery?.perturbation !== undefined;
  const perturbation = asked ? yield* perturbFrom(bench, experiment, point, probes.rank, largest) : undefined;
  return {
    name: point.name,
    modelRank: probes.rank,
    conclusive: probes.conclusive && inconclusive === 0,
    draws: sampleSizes.length,
    sampleSizes,
    atRank: found.filter((size) => size === least).length,
    smallest: found[0] ?? null,
    median: found[Math.floor((found.length - 1) / 2)] ?? null,
    largest: found.at(-1) ?? null,
    largestSample: largest,
    ...(perturbation ? { perturbation } : {}),
  };
}

/** How many inputs of a draw are looked at: all there are, or some more than twice those that almost all draws need. */
function inputCount({ model, data }: ResolvedRankExperiment, rank: number): number {
  const { inputs } = data;
  if (inputs.kind === 'points') return inputs.values.length;
  if (inputs.kind !== 'entries' || model.kind !== 'matrixFactorization') return 2 * rank + 20;
  const { rows, columns } = matrixShapeOf(model);
  return typeof inputs.order === 'string' ? rows * columns : inputs.order.length;
}

/** n*(X) of every point: smallest, median and largest over the draws. */
export function localRecoveryTable(results: readonly (LocalRecoveryResult | undefined)[]): Omit<ResultTable, 'id'> {
  return {
    title: 'Local linear recovery',
    columns: [
      { title: 'Point', kind: 'text' },
      { title: 'Model rank', kind: 'integer' },
      { title: 'Draws', kind: 'integer' },
      { title: 'At the rank', kind: 'integer' },
      { title: 'Smallest n*', kind: 'integer' },
      { title: 'Median n*', kind: 'integer' },
      { title: 'Largest n*', kind: 'integer' },
      { title: 'Without n*', kind: 'integer' },
      { title: 'Conclusive', kind: 'flag' },
    ],
    rows: results
      .filter((each) => each !== undefined)
      .map((each) => [
        each.name,
        each.modelRank,
        each.draws,
        each.atRank,
        each.smallest,
        each.median,
        each.largest,
        each.sampleSizes.filter((size) => size === null).length,
        each.conclusive,
      ]),
    note: 'n*(X): from so many of the inputs on, in their order, the rank over them is that of the model at the point, which guarantees local recovery (“Local linear recovery”, arXiv 2406.18035). Almost all draws of inputs with a density have n* at the rank.',
  };
}

/** Share of draws with n* at most n, a line for each point. */
export function localRecoveryFigure(results: readonly (LocalRecoveryResult | undefined)[]): Omit<ResultFigure, 'id'> | null {
  const known = results.filter((each) => each !== undefined).filter(({ smallest }) => smallest !== null);
  if (known.length === 0) return null;
  return {
    title: 'Local linear recovery over draws of inputs',
    caption:
      'Share of draws that guarantee local recovery from their first n inputs on (“Local linear recovery”, arXiv 2406.18035). It jumps to 1 at the rank where nearly every sample of that size will do.',
    x: { title: 'number of inputs n', scale: 'linear', integer: true },
    y: { title: 'share of draws with n*(X) ≤ n', scale: 'linear' },
    layers: known.map(({ name, smallest, largest, sampleSizes, draws }, place) => {
      const from = Math.max(0, (smallest ?? 0) - 2);
      const x = Array.from({ length: (largest ?? 0) + 2 - from + 1 }, (_, i) => from + i);
      const y = x.map((n) => sampleSizes.filter((size) => size !== null && size <= n).length / draws);
      return { kind: 'line', label: name, ink: place, symbol: true, x, y };
    }),
  };
}
