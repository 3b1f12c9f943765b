import type { ResolvedModel, ResolvedRecoveryExperiment } from './resolved';
import { resolveModel, resolveTarget } from './resolve';
import type { ModelConfig, RecoveryExperimentFile, RecoveryExpectationsConfig, VaryConfig } from './schema';

/** One of the experiments of a file that varies something. */
export interface Variant {
  /** For tables and legends, such as `width 30`. */
  name: string;
  /** The value, where it is a number; else its place in the list, from 1. */
  value: number;
  /** Varies nothing any more. */
  experiment: ResolvedRecoveryExperiment;
}

/** The experiments that a file stands for, in the order of its values. Expectations hold for all; those of `variants` for one. */
export function variantsOf(experiment: ResolvedRecoveryExperiment): Variant[] {
  const { vary } = experiment;
  if (!vary) return [{ name: '', value: 0, experiment }];
  return vary.values.map((_, index) => {
    const { variants = [], ...expected } = experiment.expect;
    const own = variants[index] ?? {};
    const plain: ResolvedRecoveryExperiment = { ...experiment, expect: { ...expected, ...own } as RecoveryExpectationsConfig };
    delete plain.vary;
    return withValue(plain, vary, index);
  });
}

/** What a varied quantity is called in tables and on axes. */
export const VARIED: Readonly<Record<VaryConfig['kind'], string>> = {
  width: 'width',
  scale: 'initial scale',
  learningRate: 'learning rate',
  dropout: 'dropout',
  target: 'target',
  model: 'model',
};

/** How many experiments a file stands for. */
export function variantCount(file: Pick<RecoveryExperimentFile, 'vary'>): number {
  return file.vary?.values.length ?? 1;
}

function withValue(experiment: ResolvedRecoveryExperiment, vary: VaryConfig, index: number): Variant {
  if (vary.kind === 'target') {
    const { name, target } = vary.values[index];
    return {
      name: name ?? `target ${index + 1}`,
      value: index + 1,
      experiment: { ...experiment, target: resolveTarget(target) },
    };
  }
  if (vary.kind === 'model') {
    const { name, model, target } = vary.values[index];
    const own = { model: resolveModel(model), ...(target ? { target: resolveTarget(target) } : {}) };
    return { name: name ?? `model ${index + 1}`, value: index + 1, experiment: { ...experiment, ...own } };
  }
  const value = vary.values[index];
  const name = `${VARIED[vary.kind]} ${value}`;
  const { training, model } = experiment;
  switch (vary.kind) {
    case 'width':
      return { name, value, experiment: { ...experiment, model: withWidth(model, value) as ResolvedModel } };
    case 'scale': {
      const initialization = { ...training.initialization, scale: value } as typeof training.initialization;
      return { name, value, experiment: { ...experiment, training: { ...training, initialization } } };
    }
    case 'learningRate': {
      const optimizer = { ...training.optimizer, learningRate: value } as typeof training.optimizer;
      return { name, value, experiment: { ...experiment, training: { ...training, optimizer } } };
    }
    case 'dropout': {
      const varied: typeof training = { ...training, dropout: value };
      if (value === 0) {
        delete varied.dropout;
        delete varied.dropoutSteps;
      }
      return { name, value, experiment: { ...experiment, training: varied } };
    }
  }
}

/** The model with another width; undefined where it has none of its own. */
export function withWidth<M extends ModelConfig | ResolvedModel>(model: M, width: number): M | undefined {
  switch (model.kind) {
    case 'twoLayer':
      return { ...model, width };
    case 'convolution':
      return { ...model, kernels: width };
    case 'deepNetwork':
      return { ...model, widths: model.widths.map(() => width) };
    case 'matrixFactorization':
      return 'dimensions' in model && model.dimensions !== undefined ? undefined : { ...model, inner: width };
    default:
      return undefined;
  }
}
