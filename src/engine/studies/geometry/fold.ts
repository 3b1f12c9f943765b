import { median } from 'd3-array';
import type {
  BranchResult,
  GeometryPointResult,
  GeometryResults,
  ImbalanceFlow,
  ImbalanceResult,
  SeparationResult,
} from '../../../protocol/results/geometry';
import { branchLattice, exactCount, typeName, type BranchType } from '../../theory/branches';
import { holdsFrom } from '../aggregate';
import type { Certified } from '../certification';
import type { DecayOutput, GeometryJob, GeometryOutput } from './jobs';
import type { GeometrySetting } from './setting';

/** Results with the curves that figures draw and summaries leave out. */
export interface FoldedGeometry {
  results: GeometryResults;
  decays: DecayOutput[];
}

/** The outputs that are there, in the order of their jobs and by kind. */
interface Sorted {
  ranks: Map<number, Certified>;
  points: GeometryPointResult[];
  separation: SeparationResult[];
  decay: DecayOutput[];
  flows: ImbalanceFlow[];
}

/**
 * The results as far as the jobs are done. They depend on the outputs alone and not on the order in which these came.
 *
 * @param outputs with the places of their jobs; undefined where a job is not done
 */
export function foldGeometry(
  setting: GeometrySetting,
  jobs: readonly GeometryJob[],
  outputs: readonly (GeometryOutput | undefined)[],
): FoldedGeometry {
  const { geometry, experiment } = setting;
  const { ranks, points, separation, decay, flows } = sort(setting, jobs, outputs);
  const branches = geometry.types.map((type, place): BranchResult => {
    const rank = ranks.get(place);
    const name = typeName(type);
    const tests = separation.filter(({ branch }) => branch === name);
    return {
      ...branchResult(type),
      ...(rank ? measuredRank(rank) : {}),
      ...(tests.length > 0 ? { separatedFrom: holdsFrom(tests, ({ state }) => state === 'separated') } : {}),
    };
  });
  const { optimistic, firstSeparated, lastSeparated, parameters, everything } = geometry.thresholds;
  const results: GeometryResults = {
    totalBranches: exactCount(geometry.total),
    complete: geometry.problem.family.complete,
    thresholds: { optimistic, firstSeparated, lastSeparated, parameters, everything },
    branches,
    lattice: branchLattice(geometry.problem.family, geometry.types),
    separation,
    points,
    decay: decay.map(({ result }) => result),
    imbalance: foldImbalance(flows, experiment.imbalance?.ratios !== undefined),
    imbalanceFlows: flows,
  };
  return { results, decays: decay };
}

function measuredRank({ measurement }: Certified): Partial<BranchResult> {
  const { rank, gap, conclusive, certified } = measurement;
  return { numericRank: rank, numericGap: gap, numericConclusive: conclusive, ...(certified ? { certified } : {}) };
}

function branchResult(type: BranchType): BranchResult {
  const { targetBlocks, extraBlocks, zeroBlock, dimension, codimension, rank, deficient, threshold, morseBott } = type;
  return {
    name: typeName(type),
    targetBlocks: [...targetBlocks],
    extraBlocks: [...extraBlocks],
    zeroBlock,
    count: exactCount(type.count),
    dimension,
    codimension,
    rank,
    deficient,
    threshold,
    morseBott,
    learningCoefficient: morseBott ? codimension / 2 : null,
  };
}

function sort(
  { experiment }: GeometrySetting,
  jobs: readonly GeometryJob[],
  outputs: readonly (GeometryOutput | undefined)[],
): Sorted {
  const sorted: Sorted = { ranks: new Map(), points: [], separation: [], decay: [], flows: [] };
  jobs.forEach((job, index) => {
    const output = outputs[index];
    if (!output) return;
    switch (output.kind) {
      case 'rank':
        if (job.kind === 'rank') sorted.ranks.set(job.branch, output.rank);
        break;
      case 'point': {
        if (job.kind !== 'point') break;
        const { branch, codimension, rank } = output.point;
        const { rank: modelRank, gap, conclusive, certified } = rank.measurement;
        const { name } = experiment.points[job.point]!;
        const proof = certified ? { certified } : {};
        sorted.points.push({ name, branch, codimension, modelRank, gap, conclusive, ...proof, fractions: [] });
        break;
      }
      case 'fraction': {
        const name = job.kind === 'fraction' ? experiment.points[job.point]!.name : '';
        sorted.points.find((point) => point.name === name)?.fractions.push(output.fraction);
        break;
      }
      case 'separation':
        sorted.separation.push(output.separation);
        break;
      case 'decay':
        sorted.decay.push(output.decay);
        break;
      case 'imbalance':
        sorted.flows.push(...output.flows);
        break;
    }
  });
  return sorted;
}

function foldImbalance(flows: readonly ImbalanceFlow[], chosen: boolean): ImbalanceResult[] {
  const sizes = [...new Set(flows.map(({ sampleSize }) => sampleSize))].sort((a, b) => a - b);
  return sizes.map((sampleSize) => {
    const own = flows.filter((flow) => flow.sampleSize === sampleSize);
    const ratios = own.map(({ ratio }) => ratio ?? 0);
    const ends = [Math.min(...ratios), Math.max(...ratios)];
    const isEnd = ({ ratio }: ImbalanceFlow): boolean =>
      chosen && ratio !== null && ends.some((end) => Math.abs(ratio - end) < 1e-9);
    const inner = own.filter((flow) => !isEnd(flow));
    const branches = new Map<string, number>();
    for (const { branch } of own) if (branch !== null) branches.set(branch, (branches.get(branch) ?? 0) + 1);
    return {
      sampleSize,
      flows: own.length,
      recoveredFraction: recovered(own),
      recoveredAtEnds: chosen ? own.filter(isEnd).every((flow) => flow.recovered) : null,
      recoveredBetween: chosen ? recovered(inner) : null,
      dataSetsBetween: chosen ? dataSetsOf(inner.filter((flow) => flow.recovered)) / Math.max(1, dataSetsOf(own)) : null,
      medianError: median(own, ({ generalizationError }) => generalizationError) ?? 0,
      scales: [...new Set(own.map(({ scale }) => scale))].map((scale) => ({
        scale,
        medianError: median(own, (flow) => (flow.scale === scale ? flow.generalizationError : undefined)) ?? 0,
      })),
      condensedAbove: condensedAbove(own),
      branches: [...branches].map(([branch, count]) => ({ branch, flows: count })),
    };
  });
}

function dataSetsOf(flows: readonly ImbalanceFlow[]): number {
  return new Set(flows.map(({ dataSet }) => dataSet)).size;
}

function recovered(flows: readonly ImbalanceFlow[]): number {
  return flows.length === 0 ? 0 : flows.filter((flow) => flow.recovered).length / flows.length;
}

/** The smallest min(|c|, 1/|c|) from which on every flow ends with one block: sorted by it, the end of the list is condensed. */
function condensedAbove(flows: readonly ImbalanceFlow[]): number | null {
  const sorted = flows
    .filter(({ ratio, recovered: done }) => ratio !== null && done)
    .map(({ ratio, branch }) => ({ size: Math.min(Math.abs(ratio!), 1 / Math.abs(ratio!)), condensed: branch === '(2)' }))
    .sort((a, b) => a.size - b.size);
  let from: number | null = null;
  for (let i = sorted.length - 1; i >= 0 && sorted[i]!.condensed; i--) from = sorted[i]!.size;
  return from;
}
