import type { Static } from '@sinclair/typebox';
import { parsed } from '../checks/expressions';
import { withDefaults } from '../defaults';
import { filled, type Filled } from '../resolve';
import type { ActivationConfig, PublishedConfig } from '../schema';
import {
  RepopulationAnalysisSchema,
  RepopulationExperimentSchema,
  RepopulationNetworkSchema,
  RepopulationRuleSchema,
  RepopulationTaskSchema,
  RepopulationTrainingSchema,
  type RepopulationExpectations,
  type RepopulationExperimentFile,
  type RepopulationTask,
} from '../schema/repopulation';
import { headOf, type ExperimentKind } from './kind';

/** With all defaults. */
export type ResolvedTask = {
  [K in RepopulationTask['kind']]: Filled<Extract<RepopulationTask, { kind: K }>>;
}[RepopulationTask['kind']];

export interface ResolvedRepopulationExperiment {
  experiment: 'repopulation';
  title: string;
  description: string;
  published?: PublishedConfig[];
  task: ResolvedTask;
  network: { activation: ActivationConfig; widths: number[] };
  training: Filled<Static<typeof RepopulationTrainingSchema>>;
  repopulation: Filled<Static<typeof RepopulationRuleSchema>>;
  analysis: Filled<Static<typeof RepopulationAnalysisSchema>>;
  expect: RepopulationExpectations;
}

/** Three hidden layers of 1000 neurons, as in the paper, and twice that. */
const MOST_PARAMETERS = 4_000_000;

export const repopulationKind: ExperimentKind<RepopulationExperimentFile, ResolvedRepopulationExperiment> = {
  schema: RepopulationExperimentSchema,
  check(file, report) {
    const task = withDefaults(RepopulationTaskSchema, file.task) as ResolvedTask;
    const { widths } = filled(RepopulationNetworkSchema, file.network ?? {});
    const { batch, decays } = filled(RepopulationTrainingSchema, file.training ?? {});
    if (task.kind === 'function') {
      if (!(task.from < task.to))
        report('empty-interval', ['task', 'to'], `The interval from ${task.from} to ${task.to} is empty.`);
      parsed(task.expression, ['x'], ['task', 'expression'], report);
      if (batch > task.samples) {
        report(
          'batch-size',
          ['training', 'batch'],
          `A batch of ${batch} samples is more than the ${task.samples} training samples.`,
        );
      }
    }
    if (decays !== undefined && decays.length !== widths.length + 1) {
      report(
        'layer-count',
        ['training', 'decays'],
        `There must be ${widths.length + 1} weights, one for each layer, not ${decays.length}.`,
      );
    }
    // Inputs and outputs of a file are not known here; hidden layers are what is large.
    const parameters = widths.reduce((sum, width, l) => sum + width * ((widths[l - 1] ?? 1) + 1), 0);
    if (parameters > MOST_PARAMETERS) {
      report(
        'too-many-parameters',
        ['network', 'widths'],
        `These layers have ${parameters} parameters; at most ${MOST_PARAMETERS} are possible.`,
      );
    }
    const last = widths[widths.length - 1];
    file.analysis?.neurons?.forEach((neurons, i) => {
      if (neurons > last) {
        report(
          'distilled-size',
          ['analysis', 'neurons', i],
          `The last hidden layer has ${last} neurons, so that ${neurons} cannot be kept.`,
        );
      }
    });
    const sizes = filled(RepopulationAnalysisSchema, file.analysis ?? {}).neurons;
    file.expect?.distillation?.forEach(({ neurons }, i) => {
      if (!sizes.includes(neurons)) {
        report(
          'expectation-not-analysed',
          ['expect', 'distillation', i, 'neurons'],
          `${neurons} neurons are not among the sizes of the distillation.`,
        );
      }
    });
  },
  resolve(file) {
    const network = filled(RepopulationNetworkSchema, file.network ?? {});
    const training = filled(RepopulationTrainingSchema, file.training ?? {});
    const analysis = filled(RepopulationAnalysisSchema, file.analysis ?? {});
    const { widths } = network;
    return {
      experiment: 'repopulation',
      ...headOf(file),
      task: withDefaults(RepopulationTaskSchema, file.task) as ResolvedTask,
      network: network as ResolvedRepopulationExperiment['network'],
      training: { ...training, decays: training.decays ?? [0, ...widths.slice(1).map(() => 0.01), 1] },
      repopulation: filled(RepopulationRuleSchema, file.repopulation ?? {}),
      analysis: { ...analysis, neurons: analysis.neurons.filter((neurons) => neurons <= widths[widths.length - 1]) },
      expect: file.expect ?? {},
    };
  },
};
