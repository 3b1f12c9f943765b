import { checkModel } from '../checks/model';
import { withDefaults } from '../defaults';
import { resolveModel } from '../resolve';
import type { ResolvedDeepNetwork, ResolvedTwoLayer } from '../resolved';
import {
  LiftingExpectations,
  LiftingExperimentSchema,
  LiftingTraining,
  MOST_LIFTED_PARAMETERS,
  type ConstructionName,
  type LiftingExpectationsConfig,
  type LiftingExperimentFile,
} from '../schema/lifting';
import { parameterCountOf } from '../sizes';
import { counted } from '../words';
import type { Report } from '../checks/check';
import type { PublishedConfig } from '../schema';
import { headOf, type ExperimentKind } from './kind';

export interface ResolvedLiftingExperiment {
  experiment: 'lifting';
  title: string;
  description: string;
  published?: PublishedConfig[];
  /** The narrow network. */
  model: ResolvedTwoLayer | ResolvedDeepNetwork;
  point: 'train' | { parameters: number[] };
  training: { seed: number; scale: number; steps: number };
  wide: { width: number } | { widths: number[] };
  data: { points: { x: number[]; y: number[] }[] };
  constructions: ConstructionName[];
  lifts: { name: string; parameters: number[] }[];
  seed: number;
  analysis: { dataSets: number; probeScale: number };
  expect: LiftingExpectationsConfig;
}

export const liftingKind: ExperimentKind<LiftingExperimentFile, ResolvedLiftingExperiment> = {
  schema: LiftingExperimentSchema,
  check(file, report) {
    let wrong = false;
    const listen: Report = (...problem) => {
      wrong = true;
      report(...problem);
    };
    checkModel(file, listen);
    checkWidths(file, listen);
    if (wrong) return;
    checkParameters(file, report);
    checkData(file, report);
  },
  resolve(file) {
    // The names of the defaults are those of the schema; what it leaves optional for the writer is there.
    const full = withDefaults(LiftingExperimentSchema, file) as LiftingExperimentFile;
    const list = (value: number | number[]) => (typeof value === 'number' ? [value] : value);
    return {
      experiment: 'lifting',
      ...headOf(file),
      model: resolveModel(file.model) as ResolvedLiftingExperiment['model'],
      point: full.point ?? 'train',
      training: withDefaults(LiftingTraining, file.training ?? {}) as ResolvedLiftingExperiment['training'],
      wide: file.wide,
      data: { points: file.data.points.map(({ x, y }) => ({ x: list(x), y: list(y) })) },
      constructions: full.constructions ?? [],
      lifts: (file.lifts ?? []).map(({ name, parameters }, i) => ({ name: name ?? `given ${i + 1}`, parameters })),
      seed: full.seed ?? 1,
      analysis: withDefaults(
        LiftingExperimentSchema.properties.analysis,
        file.analysis ?? {},
      ) as ResolvedLiftingExperiment['analysis'],
      expect: withDefaults(LiftingExpectations, file.expect ?? {}) as LiftingExpectationsConfig,
    };
  },
};

/** Of each hidden layer of the wide network. */
export function wideWidths(wide: ResolvedLiftingExperiment['wide']): number[] {
  return 'width' in wide ? [wide.width] : wide.widths;
}

function narrowWidths({ model }: LiftingExperimentFile): number[] {
  return model.kind === 'twoLayer' ? [model.width] : model.widths;
}

/** The wide network has the depth of the narrow one, and at least its widths. */
function checkWidths(file: LiftingExperimentFile, report: Report): void {
  const { wide, model } = file;
  const [property, widths] = 'width' in wide ? (['width', [wide.width]] as const) : (['widths', wide.widths] as const);
  const path = ['wide', property];
  const narrow = narrowWidths(file);
  if (model.kind === 'deepNetwork' && property === 'width' && narrow.length > 1) {
    report('wide-shape', path, `A deep network of ${counted(narrow.length, 'hidden layer')} needs "widths".`, { at: 'key' });
    return;
  }
  if (widths.length !== narrow.length) {
    report(
      'wide-shape',
      path,
      `The wide network has ${counted(widths.length, 'hidden layer')}, the narrow one ${narrow.length}.`,
    );
    return;
  }
  const smaller = widths.findIndex((width, l) => width < narrow[l]);
  if (smaller >= 0) {
    const at = property === 'width' ? path : [...path, smaller];
    report('wide-shape', at, `The wide network is narrower here: ${widths[smaller]} neurons instead of ${narrow[smaller]}.`);
  } else if (widths.every((width, l) => width === narrow[l])) {
    report('wide-shape', path, 'The wide network is no wider than the narrow one.');
  }
}

function checkParameters(file: LiftingExperimentFile, report: Report): void {
  const { model, point, wide, lifts } = file;
  const widths = wideWidths(wide);
  const wideModel = model.kind === 'twoLayer' ? { ...model, width: widths[0] } : { ...model, widths };
  const [few, many] = [parameterCountOf(model), parameterCountOf(wideModel)];
  if (many > MOST_LIFTED_PARAMETERS) {
    const message = `The wide network has ${many} parameters; lifted points are classified for up to ${MOST_LIFTED_PARAMETERS}.`;
    report('too-large', ['wide'], message);
    return;
  }
  if (typeof point === 'object' && point.parameters.length !== few) {
    const message = `The point has ${counted(point.parameters.length, 'parameter')}, but the narrow network has ${few}.`;
    report('point-shape', ['point', 'parameters'], message);
  }
  lifts?.forEach(({ parameters }, i) => {
    if (parameters.length === many) return;
    const message = `The lift has ${counted(parameters.length, 'parameter')}, but the wide network has ${many}.`;
    report('point-shape', ['lifts', i, 'parameters'], message);
  });
}

function checkData({ model, data }: LiftingExperimentFile, report: Report): void {
  const outputs = model.kind === 'deepNetwork' ? (model.outputs ?? 1) : 1;
  const size = (value: number | number[]) => (typeof value === 'number' ? 1 : value.length);
  data.points.forEach(({ x, y }, i) => {
    if (size(x) !== model.inputs)
      report(
        'data-shape',
        ['data', 'points', i, 'x'],
        `This input has ${counted(size(x), 'component')}, and the network has ${counted(model.inputs, 'input')}.`,
      );
    if (size(y) !== outputs)
      report(
        'data-shape',
        ['data', 'points', i, 'y'],
        `This target has ${counted(size(y), 'component')}, and the network has ${counted(outputs, 'output')}.`,
      );
  });
}
