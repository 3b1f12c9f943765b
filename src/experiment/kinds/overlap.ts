import type { Report } from '../checks/check';
import { withDefaults } from '../defaults';
import type { JsonPath } from '../problem';
import {
  OverlapExpectationsSchema,
  OverlapExperimentSchema,
  type OverlapExpectations,
  type OverlapExperimentFile,
} from '../schema/overlap';
import type { PublishedConfig } from '../schema';
import { headOf, type ExperimentKind } from './kind';

/** Weights of the neuron; w has one entry for every input. */
export interface ResolvedNeuronPoint {
  w: number[];
  a: number;
}

/** How the only sample of a data set is told. */
export type ResolvedDataSet =
  { x: number[]; y: number } | { x: number[]; through: ResolvedNeuronPoint } | { limit: ResolvedNeuronPoint };

export interface ResolvedOverlapExperiment {
  experiment: 'overlap';
  title: string;
  description: string;
  published?: PublishedConfig[];
  activation: OverlapExperimentFile['activation'];
  start: ResolvedNeuronPoint & { refine: 'rounding' | 'always' | 'never' };
  /** Absent for the activation `recipe`, which makes its own. */
  datasets?: ResolvedDataSet[];
  /** Two for the activation `recipe`, else absent. */
  limits?: ResolvedNeuronPoint[];
  expect: OverlapExpectations;
}

type Vector = number | number[];
type Point = { w: Vector; a: number };

const listed = (vector: Vector): number[] => (typeof vector === 'number' ? [vector] : vector);
const resolved = ({ w, a }: Point): ResolvedNeuronPoint => ({ w: listed(w), a });

export const overlapKind: ExperimentKind<OverlapExperimentFile, ResolvedOverlapExperiment> = {
  schema: OverlapExperimentSchema,
  check(file, report) {
    const inputs = listed(file.start.w).length;
    const sameInputs = (vector: Vector, path: JsonPath) => {
      const count = listed(vector).length;
      if (count !== inputs) {
        report('input-dimension', path, `There are ${count} numbers here, but the start has ${inputs} input weights.`);
      }
    };
    checkForm(file, report);
    file.limits?.forEach(({ w }, i) => sameInputs(w, ['limits', i, 'w']));
    file.datasets?.forEach(({ x, through, limit }, i) => {
      if (x !== undefined) {
        sameInputs(x, ['datasets', i, 'x']);
        if (listed(x).every((entry) => entry === 0)) {
          report('zero-input', ['datasets', i, 'x'], 'At an input of 0 the weights w never move. Choose another input.');
        }
      }
      if (through) sameInputs(through.w, ['datasets', i, 'through', 'w']);
      if (limit) sameInputs(limit.w, ['datasets', i, 'limit', 'w']);
    });
    if (file.expect?.slopes && inputs > 1) {
      report('expectation-not-analysed', ['expect', 'slopes'], 'Slopes da/dw are of neurons with one input.', { at: 'key' });
    }
  },
  resolve(file) {
    const { w, a, refine } = file.start;
    return {
      experiment: 'overlap',
      ...headOf(file),
      activation: file.activation,
      start: { ...resolved({ w, a }), refine: refine ?? 'rounding' },
      ...(file.datasets ? { datasets: file.datasets.map(resolvedDataSet) } : {}),
      ...(file.limits ? { limits: file.limits.map(resolved) } : {}),
      expect: withDefaults(OverlapExpectationsSchema, file.expect ?? {}) as ResolvedOverlapExperiment['expect'],
    };
  },
};

type DataSetFile = NonNullable<OverlapExperimentFile['datasets']>[number];

function resolvedDataSet({ x, y, through, limit }: DataSetFile): ResolvedDataSet {
  if (limit) return { limit: resolved(limit) };
  return through ? { x: listed(x!), through: resolved(through) } : { x: listed(x!), y: y! };
}

/** A recipe has limits and makes its data sets; everything else has data sets, each told in one way. */
function checkForm({ activation, datasets, limits }: OverlapExperimentFile, report: Report): void {
  if (activation === 'recipe') {
    if (!limits)
      report('data-set-form', ['limits'], 'The activation "recipe" needs "limits": two points for it to be made for.', {
        at: 'holder',
      });
    if (datasets)
      report('data-set-form', ['datasets'], 'The recipe makes its data sets itself. Remove this property.', { at: 'key' });
    return;
  }
  if (limits)
    report(
      'data-set-form',
      ['limits'],
      'Only the activation "recipe" is made for limits. For exp write "limit" into a data set.',
      { at: 'key' },
    );
  if (!datasets) {
    report('data-set-form', ['datasets'], 'The property "datasets" is missing: one flow runs for each data set.', {
      at: 'holder',
    });
  }
  datasets?.forEach(({ x, y, through, limit }, i) => {
    const told = [x, y, through, limit].map((value) => value !== undefined);
    const forms = [
      [true, true, false, false],
      [true, false, true, false],
      [false, false, false, true],
    ];
    if (!forms.some((form) => form.every((has, k) => has === told[k]))) {
      report(
        'data-set-form',
        ['datasets', i],
        'A data set is { x, y }, or { x, through } for a point of zero loss, or { limit } for where the flow is to end.',
      );
    } else if (limit && activation !== 'exp') {
      report(
        'data-set-form',
        ['datasets', i, 'limit'],
        'A sample for a wanted limit has a formula for the activation exp alone.',
        { at: 'key' },
      );
    }
  });
}
