import type { ResultFigure } from '../../../protocol/figure';
import type { LocalRecoveryResult, PerturbationResult } from '../../../protocol/results';
import type { ResultTable } from '../../../protocol/table';
import type { LiveResults } from '../liveResults';
import { MOST_LINES } from '../varied/pictures';

/** Tables and figures of what is known. */
export function tellLocalRecovery(live: LiveResults, results: readonly (LocalRecoveryResult | undefined)[]): void {
  live.table('localRecovery', () => localRecoveryTable(results));
  live.figure('localRecovery', () => localRecoveryFigure(results));
  live.table('perturbation', () => perturbationTable(results));
  live.figure('perturbation', () => perturbationFigure(results));
}

/** n*(X) of every point: smallest, median and largest over the draws. */
function localRecoveryTable(results: readonly (LocalRecoveryResult | undefined)[]): Omit<ResultTable, 'id'> {
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
function localRecoveryFigure(results: readonly (LocalRecoveryResult | undefined)[]): Omit<ResultFigure, 'id'> | null {
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

const WORDS: Record<PerturbationResult['state'], string> = {
  linear: 'of order ε',
  quadratic: 'of order ε²',
  recovered: 'recovered',
  inconclusive: 'inconclusive',
};

/** Errors after fits from near each point, by sample size. */
function perturbationTable(results: readonly (LocalRecoveryResult | undefined)[]): Omit<ResultTable, 'id'> | null {
  const tests = testsOf(results);
  if (tests.length === 0) return null;
  const epsilons = tests[0].test.epsilons.map(({ epsilon }) => epsilon);
  return {
    title: 'Fits from near the points',
    columns: [
      { title: 'Point', kind: 'text' },
      { title: 'n', kind: 'integer' },
      { title: 'Guaranteed', kind: 'integer' },
      { title: 'Trials', kind: 'integer' },
      { title: 'Outcome', kind: 'text' },
      { title: 'Order', kind: 'number' },
      ...epsilons.map((epsilon) => ({ title: `GE, ε = ${epsilon}`, kind: 'number' as const })),
    ],
    rows: tests.map(({ name, test }) => [
      name,
      test.sampleSize,
      test.guaranteed,
      test.trials,
      WORDS[test.state],
      test.order,
      ...test.epsilons.map((each) => each.median),
    ]),
    note: 'Each point is moved by ε·N(0, I) and fitted to the values that it had at n inputs; GE: median of the root mean squared error over the probe inputs. Guaranteed: trials whose inputs have the rank of the model at the point.',
  };
}

/** Median errors at the largest ε against the sample size, a line for each point. */
function perturbationFigure(results: readonly (LocalRecoveryResult | undefined)[]): Omit<ResultFigure, 'id'> | null {
  const known = results.filter((each) => each?.perturbation?.length).slice(0, MOST_LINES);
  if (known.length === 0) return null;
  const epsilons = known[0]!.perturbation![0].epsilons.map(({ epsilon }) => epsilon);
  const shown = [0, epsilons.length - 1];
  return {
    title: 'Error after fits from near the points',
    caption:
      'Median generalisation error after each point was moved by ε·N(0, I) and fitted to n of its own values: of order ε below the rank, rounding where the function is recovered (“Local linear recovery”, arXiv 2406.18035).',
    x: { title: 'number of inputs n', scale: 'linear', integer: true },
    y: { title: 'generalisation error', scale: 'log' },
    layers: known.flatMap((each, place) =>
      shown.map((e) => ({
        kind: 'line' as const,
        label: `${each!.name}, ε = ${epsilons[e]}`,
        ink: place,
        dash: e > 0,
        symbol: true,
        x: each!.perturbation!.map(({ sampleSize }) => sampleSize),
        y: each!.perturbation!.map((test) => test.epsilons[e].median || null),
      })),
    ),
  };
}

function testsOf(results: readonly (LocalRecoveryResult | undefined)[]) {
  return results.flatMap((each) => each?.perturbation?.map((test) => ({ name: each.name, test })) ?? []);
}
