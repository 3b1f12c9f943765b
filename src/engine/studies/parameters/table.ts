import type { ParameterResults } from '../../../protocol/results';
import type { ResultTable } from '../../../protocol/table';

/** A row for each parameter at each sample size. */
export function parameterTable({ names, sampleSizes }: ParameterResults): Omit<ResultTable, 'id'> {
  return {
    title: 'Parameters of the solutions',
    columns: [
      { title: 'Sample size', kind: 'integer' },
      { title: 'Parameter', kind: 'text' },
      { title: 'Mean', kind: 'number' },
      { title: 'Standard deviation', kind: 'number' },
      { title: 'Trainings', kind: 'integer' },
    ],
    rows: sampleSizes.flatMap(({ sampleSize, trials, mean, standardDeviation }) =>
      names.map((name, k) => [sampleSize, name, mean?.[k] ?? null, standardDeviation?.[k] ?? null, trials]),
    ),
    note: 'Over the trainings that did not diverge.',
  };
}
