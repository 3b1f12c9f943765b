import type { ResolvedGeometryExperiment } from '../../experiment/kinds/geometry';
import type { Prediction } from '../../protocol/events';
import {
  branchProblem,
  branchTypes,
  exactCount,
  geometryThresholds,
  totalBranches,
  typeCount,
  typeName,
  type BranchProblem,
  type BranchType,
  type GeometryThresholds,
} from './branches';
import { createModel } from '../models/registry';

/** More types than this are no table that anybody reads. */
export const MOST_TYPES = 20_000;

const PAPER = '"Geometry and local recovery of global minima" (arXiv 2309.00508)';

/** All that the theory knows of a geometry experiment. */
export interface Geometry {
  readonly problem: BranchProblem;
  readonly types: readonly BranchType[];
  readonly thresholds: GeometryThresholds;
  readonly total: bigint;
}

/** The branches of an experiment, or in words why none are known. */
export function geometryOf({ model, target }: Pick<ResolvedGeometryExperiment, 'model' | 'target'>): Geometry | string {
  const problem = branchProblem(model, target);
  if (typeof problem === 'string') return problem;
  const { family, width: m, targetWidth: m0 } = problem;
  const count = typeCount(family, m, m0);
  if (count > MOST_TYPES) return `there are ${count} types of branches; the most that are listed is ${MOST_TYPES}`;
  const types = branchTypes(family, m, m0);
  return { problem, types, thresholds: geometryThresholds(family, types, m), total: totalBranches(family, m, m0) };
}

/** How many branches there are and when they separate: what stands at the file before anything runs. */
export function predictGeometry(experiment: ResolvedGeometryExperiment): Prediction {
  const parameters = createModel(experiment.model).parameterCount;
  const geometry = geometryOf(experiment);
  if (typeof geometry === 'string') {
    return { optimisticSampleSize: null, exact: false, formula: '', source: sentence(geometry), parameters };
  }
  const { problem, types, thresholds, total } = geometry;
  const { optimistic, firstSeparated, lastSeparated, everything } = thresholds;
  const separated =
    firstSeparated === lastSeparated
      ? `from n = ${firstSeparated}`
      : `one after another from n = ${firstSeparated} to ${lastSeparated}`;
  const { family } = problem;
  const note = family.note === '' ? '' : `; ${family.note}`;
  return {
    optimisticSampleSize: optimistic,
    headline: `${exactCount(total)} branches of ${types.length} ${types.length === 1 ? 'type' : 'types'}, separated ${separated}; everything from n = ${everything}`,
    thresholds: { firstSeparated, lastSeparated, everything },
    exact: family.complete,
    formula: `codim r + (m + m0 − r)d${family.outputBias ? ' + 1' : ''}, d = ${family.dimension}: ${eventsText(types)}`,
    source: `${PAPER}, Lemma 4.2 and Table 2 (Thm 5.3 prints the larger m + (m + m0 − r)d)${misprint(types)}${note}`,
    parameters,
  };
}

/** What else the paper prints otherwise, as far as it is about these types. */
function misprint(types: readonly BranchType[]): string {
  if (!types.some(({ morseBott }) => morseBott)) return '';
  return '; by Thm 5.4 nothing would be stable at n = rank = codim, where Morse–Bott branches are separated';
}

/** More sample sizes than this at which branches separate are told by the first and the last. */
const MOST_EVENTS = 6;

/** `n = 4 separates (1) | (1) (Morse–Bott), n = 5 separates (2)`. */
function eventsText(types: readonly BranchType[]): string {
  const sizes = [...new Set(types.map(({ threshold }) => threshold))].sort((a, b) => a - b);
  const told = sizes.length > MOST_EVENTS ? [sizes[0]!, sizes[sizes.length - 1]!] : sizes;
  return told
    .map((n) => {
      const own = types.filter(({ threshold }) => threshold === n);
      const names = own.slice(0, 3).map((type) => `${typeName(type)}${type.morseBott ? ' (Morse–Bott)' : ''}`);
      const more = own.length > 3 ? ` and ${own.length - 3} more types` : '';
      return `n = ${n} separates ${names.join(', ')}${more}`;
    })
    .join(told === sizes ? '; ' : '; …; ');
}

/** Why there is nothing to compute, at the place where that is to be mended. */
export function geometryObstacles(experiment: ResolvedGeometryExperiment): { path: string[]; message: string }[] {
  const { model, target } = experiment;
  const geometry = geometryOf(experiment);
  if (typeof geometry !== 'string') return [];
  const path = aboutModel(experiment)
    ? ['model', typeof model.activation === 'string' ? 'activation' : 'kind']
    : ['target', target.kind === 'teacher' && target.width !== undefined ? 'width' : 'kind'];
  return [{ path, message: `The branches of this experiment are not known: ${geometry}.` }];
}

/** Whether any target would have the same obstacle. */
function aboutModel({ model }: Pick<ResolvedGeometryExperiment, 'model'>): boolean {
  const target = { kind: 'teacher' as const, width: 1, seed: 1 };
  return typeof branchProblem(model, target) === 'string';
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
