import { Type, type Static } from '@sinclair/typebox';
import { closed, text } from './common';

const PublishedValue = Type.Object(
  {
    x: Type.Optional(
      Type.Number({ title: 'x', description: 'Place on the horizontal axis of the chart; alone: a vertical line.' }),
    ),
    y: Type.Optional(
      Type.Number({ title: 'y', description: 'Place on the vertical axis of the chart; alone: a horizontal line.' }),
    ),
    label: Type.Optional(text('Label', 'What the number is, such as `recovered from`.')),
    measured: Type.Optional(
      text(
        'Measured',
        'Which result of the run stands beside it: its path in the summary, such as `recoveredFrom` or `branches[0].separatedFrom`. Default: of a point what the chart has at the same x.',
      ),
    ),
    series: Type.Optional(text('Series', 'Label of the line or points that a point is compared with. Default: the first.')),
  },
  { title: 'Value', description: 'A published number: x, y or both.', skeleton: ['x'], ...closed },
);

export const PublishedSchema = Type.Object(
  {
    source: text('Source', 'The paper, such as `arXiv 2211.11623`.'),
    figure: Type.Optional(text('Figure', 'Where it stands there: figure, table or section.')),
    chart: Type.Optional(
      text(
        'Chart',
        'In which chart it is drawn: `testError`, `lossCurves`, `singularValues`, `empiricalRank`, or the id of a figure of the kind, as `recovery run --events` names it. Without, it stands in the table alone.',
      ),
    ),
    values: Type.Array(PublishedValue, { title: 'Values', description: 'The published numbers.', minItems: 1, maxItems: 1000 }),
  },
  {
    title: 'Published figure',
    description: 'Numbers of a published figure or table, drawn in a chart of the run and set beside what the run measures.',
    skeleton: ['source', 'figure', 'chart', 'values'],
    ...closed,
  },
);

/** What experiments of every kind may have beside their expectations; no part of the hash. */
export const PublishedList = Type.Array(PublishedSchema, {
  title: 'Published',
  description:
    'What was published, for comparison with what the run measures. Nothing is judged by it; that is what `expect` does.',
  maxItems: 20,
});

export type PublishedConfig = Static<typeof PublishedSchema>;
export type PublishedValueConfig = Static<typeof PublishedValue>;
