import { parseExperiment } from '../../src/experiment';
import type { ResolvedRecoveryExperiment } from '../../src/experiment/resolved';
import { bestConditionedOrder } from '../../src/engine/inputs/bestConditioned';
import { createSampler } from '../../src/engine/inputs/sampler';
import { createModel } from '../../src/engine/models/registry';
import { planCells } from '../../src/engine/plan';
import { initialParameters } from '../../src/engine/training/initialization';

export type EntryOrder = 'random' | 'bestConditioned';

const ROWS = 4;
const COLUMNS = 4;
export const TARGET = [
  [1, 0.3, 0.7, -0.4],
  [2, 0.6, 1.4, -0.8],
  [4, 1.2, 2.8, -1.6],
  [7, 2.1, 4.9, -2.8],
];
export const LEARNING_RATE = 0.05;
export const TRAIN_LOSS = 1e-9;
export const STEP_LIMIT = 200_000;

/** The experiment file: M1* of "Linear Stability Hypothesis and Rank Stratification" (arXiv 2211.11623), Fig. 2. */
export function sweepText(order: EntryOrder, trials: number, measured: boolean): string {
  return JSON.stringify({
    experiment: 'recovery',
    title: 'Matrix completion, 4×4, rank 1',
    model: { kind: 'matrixFactorization', rows: ROWS, columns: COLUMNS, inner: 4 },
    target: { kind: 'matrix', values: TARGET },
    data: { sampleSizes: { from: 1, to: 16 }, inputs: { kind: 'entries', order } },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate: LEARNING_RATE },
      initialization: { kind: 'normal', scale: 1e-4 },
      stop: { trainLoss: TRAIN_LOSS, steps: STEP_LIMIT },
      trials,
      seed: 1,
    },
    analysis: { rank: measured, hessian: 'none' },
  });
}

export interface SweepCells {
  sampleSizes: number[];
  /** Cells × 16: 1 for a sampled entry. */
  masks: Float64Array;
  /** Cells × 32. */
  starts: Float64Array;
  count: number;
}

/** Samples and starts of all cells, as the engine draws them. */
export function sweepCells(order: EntryOrder, trials: number): SweepCells {
  const experiment = parseExperiment(sweepText(order, trials, false)).resolved as ResolvedRecoveryExperiment;
  const cells = planCells(experiment);
  const sampler = createSampler(experiment, order === 'random' ? null : bestConditionedOrder(experiment));
  const model = createModel(experiment.model);
  const { parameterCount } = model;
  const entries = ROWS * COLUMNS;
  const masks = new Float64Array(cells.length * entries);
  const starts = new Float64Array(cells.length * parameterCount);
  cells.forEach((cell, c) => {
    const { count, values } = sampler.training(cell.trial, cell.sampleSize);
    for (let i = 0; i < count; i++) masks[c * entries + values[2 * i] * COLUMNS + values[2 * i + 1]] = 1;
    const { initialization, seed } = experiment.training;
    starts.set(initialParameters(initialization, model, seed, cell), c * parameterCount);
  });
  return { sampleSizes: cells.map(({ sampleSize }) => sampleSize), masks, starts, count: cells.length };
}
