import { Type, type TSchema } from '@sinclair/typebox';

/**
 * Largest sizes an experiment may ask for. They are checked before anything is allocated, so that a misplaced zero is an
 * error with a line number and not a machine without memory.
 */
export const LIMITS = {
  fileBytes: 4 * 1024 * 1024,
  dimension: 10_000,
  width: 100_000,
  /** Numbers of one input. */
  inputs: 1_000_000,
  /** Layers of a deep model. */
  depth: 100,
  parameters: 1_000_000,
  sampleSize: 100_000,
  testSamples: 1_000_000,
  trials: 100_000,
  cells: 1_000_000,
  steps: 1_000_000_000,
  /** Entries of the largest dense matrix that an analysis may form: a tangent matrix or a Hessian. */
  denseEntries: 50_000_000,
  expressionLength: 10_000,
} as const;

/** A union whose variants are told apart by the constant in their property `kind`. */
export function byKind<T extends TSchema[]>(
  title: string,
  description: string,
  variants: [...T],
  options: { default?: unknown } = {},
) {
  return Type.Union(variants, { title, description, discriminator: { propertyName: 'kind' }, ...options });
}

export const kind = <const K extends string>(name: K, description: string) => Type.Literal(name, { title: name, description });

export const text = (title: string, description: string, options: { default?: string; maxLength?: number } = {}) =>
  Type.String({ title, description, maxLength: 10_000, ...options });

export const count = (
  title: string,
  description: string,
  maximum: number,
  options: { default?: number; minimum?: number } = {},
) => Type.Integer({ title, description, minimum: 1, maximum, ...options });

export const number = (
  title: string,
  description: string,
  options: { default?: number; minimum?: number; maximum?: number; exclusiveMinimum?: number; exclusiveMaximum?: number } = {},
) => Type.Number({ title, description, ...options });

export const flag = (title: string, description: string, byDefault: boolean) =>
  Type.Boolean({ title, description, default: byDefault });

export const seed = (description: string) =>
  Type.Integer({ title: 'Seed', description, minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 });

/** Objects are closed: an unknown property is an error, because it is nearly always a misspelt one. */
export const closed = { additionalProperties: false } as const;
