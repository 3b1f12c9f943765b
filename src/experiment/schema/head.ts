import { Type } from '@sinclair/typebox';
import { text } from './common';
import { ExecutionSchema } from './execution';
import { PublishedList } from './published';

/** The properties with which an experiment of every kind begins. */
export const experimentHead = <const K extends string>(kind: K, description: string) => ({
  $schema: Type.Optional(text('JSON schema', 'Ignored; editors use it.')),
  experiment: Type.Literal(kind, { title: kind, description }),
  title: Type.Optional(text('Title', 'Shown in panels and reports.')),
  description: Type.Optional(text('Description', 'Free text: paper, figure, what to expect.')),
  execution: Type.Optional(ExecutionSchema),
  published: Type.Optional(PublishedList),
});
