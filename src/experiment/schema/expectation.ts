import { Type, type Static } from '@sinclair/typebox';
import { closed } from './common';

const plain = Type.Number({
  title: 'Number',
  description: 'The number itself; a count must be equal, any other number within rounding.',
});

const Within = Type.Object(
  {
    value: Type.Number({ title: 'Value', description: 'The expected number.' }),
    within: Type.Number({ title: 'Within', description: 'Largest difference that is still as expected.', minimum: 0 }),
  },
  { title: 'Number with its tolerance', description: 'A number and how far from it the result may be.', ...closed },
);

const Bounds = Type.Object(
  {
    below: Type.Optional(Type.Number({ title: 'Below', description: 'The result must be less than this.' })),
    above: Type.Optional(Type.Number({ title: 'Above', description: 'The result must be greater than this.' })),
  },
  { title: 'Bounds', description: 'Where the result must lie.', ...closed },
);

export const ExpectedNumberSchema = Type.Union([plain, Within, Bounds]);

/** How a file says which number it expects: `7`, `{ "value": 0.5, "within": 1e-9 }` or `{ "below": 1e-6 }`. */
export type ExpectedNumber = Static<typeof ExpectedNumberSchema>;

/** An expected number as a property of `expect`; optional. */
export const expectedNumber = (title: string, description: string) =>
  Type.Optional(Type.Union([plain, Within, Bounds], { title, description }));

/** An expected yes or no as a property of `expect`; optional. */
export const expectedFlag = (title: string, description: string) => Type.Optional(Type.Boolean({ title, description }));
