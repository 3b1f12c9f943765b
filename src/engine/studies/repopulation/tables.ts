import type { RepopulationResults } from '../../../protocol/events';
import type { ResultTable, TableColumn, TableValue } from '../../../protocol/table';

const NETS = { repopulated: 'repopulated', baseline: 'without' };

type Table = Omit<ResultTable, 'id'>;

const numbers = (...titles: string[]): TableColumn[] => titles.map((title) => ({ title, kind: 'number' }));

export function historyTable({ history, baseline, distillationMeasure }: RepopulationResults): Table {
  const classes = distillationMeasure === 'errorRate';
  const row = (name: string, state: RepopulationResults['history'][number]): TableValue[] => [
    state.epoch,
    name,
    state.trainError,
    state.testError,
    ...(classes ? [state.testErrorRate ?? null] : []),
    state.regularizer,
    state.discretizationVariance,
    state.importanceVariation,
  ];
  return {
    title: 'Training with repopulation and without',
    columns: [
      { title: 'Epoch', kind: 'integer' },
      { title: 'Net', kind: 'text' },
      ...numbers('Train error', 'Test error', ...(classes ? ['Wrong classes'] : [])),
      ...numbers('Regulariser', 'Discretisation variance', 'Importance variation'),
    ],
    rows: history.flatMap((state, i) => [
      row(NETS.repopulated, state),
      ...(baseline[i] ? [row(NETS.baseline, baseline[i])] : []),
    ]),
  };
}

export function repopulationTable({ repopulations }: RepopulationResults): Table {
  return {
    title: 'Repopulations',
    columns: [
      { title: 'Epoch', kind: 'integer' },
      ...numbers('Regulariser', 'at the optimum', 'Gap', 'after drawing', 'Variation', 'at the optimum'),
      ...numbers('Marginal variation', 'at the optimum'),
    ],
    rows: repopulations.map((each) => [
      each.epoch,
      each.before,
      each.optimal,
      each.gap,
      each.resampled,
      each.variationBefore,
      each.variationOptimal,
      each.marginalBefore,
      each.marginalOptimal,
    ]),
    note: 'At the optimal densities the net computes the same function. The optimum is proven to the gap. Variation: coefficient of variation of the importance weights |ũ|/p of the last hidden layer, 0 at the optimum where receiving costs nothing. Else they are √(λr + ν) there and may differ more than before; what is then equal is (ũ/p)² − λr, whose variation is the marginal one.',
  };
}

export function measuredTable({ convexity, path }: RepopulationResults): Table {
  return {
    title: 'Convexity',
    columns: [
      { title: 'Measured', kind: 'text' },
      { title: 'Value', kind: 'number' },
    ],
    rows: [
      ...(convexity
        ? [
            ['random segments', convexity.segments],
            ['segments on which the objective rose above its chord', convexity.violations],
          ]
        : []),
      ...(path
        ? [
            ['barrier between two nets, straight line of parameters', path.rawBarrier],
            ['barrier between them in the repopulated representation', path.repopulatedBarrier],
          ]
        : []),
    ],
    note: 'With w̃ fixed, loss plus regulariser is convex in output weights and densities. A barrier is the largest rise of the test loss above the chord.',
  };
}

export function distillationTable({ distillation, distillationMeasure }: RepopulationResults): Table {
  return {
    title: 'Distillation of the last hidden layer',
    columns: [{ title: 'Neurons', kind: 'integer' }, ...numbers('Error by importance', '±', 'Error uniformly', '±')],
    rows: distillation.map(({ neurons, importance, importanceSpread, uniform, uniformSpread }) => [
      neurons,
      importance,
      importanceSpread,
      uniform,
      uniformSpread,
    ]),
    note:
      distillationMeasure === 'errorRate'
        ? 'Part of wrong classes on the test set, with output weights fitted anew by least squares; mean and standard deviation over the draws.'
        : 'Mean squared error on the test set, with output weights fitted anew by least squares; mean and standard deviation over the draws.',
  };
}
