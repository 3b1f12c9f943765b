import { parse } from 'jsonc-parser';
import type { ExperimentKindName } from '../kinds';
import type { JsonPath } from '../problem';
import type { ModelConfig, TargetConfig } from '../schema';
import { isPlainObject } from '../variant';
import { TEMPLATES } from './templates';

/** A model of every kind, complete and small. */
export const MODEL_BLOCKS: readonly ModelConfig[] = [
  { kind: 'matrixFactorization', rows: 4, columns: 4 },
  { kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 5 },
  {
    kind: 'formula',
    parameters: ['theta0', 'theta1', 'theta2'],
    inputs: ['x'],
    expression: 'theta0 + theta1*theta2*x',
  },
  { kind: 'diagonal', inputs: 10, depth: 2 },
  { kind: 'deepNetwork', activation: 'tanh', inputs: 2, widths: [4, 4] },
  { kind: 'convolution', activation: 'tanh', inputs: 5, kernel: 3, kernels: 3 },
];

/** A target of every kind, in the order in which they are tried. */
export const TARGET_BLOCKS: readonly TargetConfig[] = [
  { kind: 'lowRank', rank: 1, seed: 1 },
  { kind: 'teacher', width: 1, seed: 1 },
  { kind: 'teacher', widths: [1, 1], seed: 1 },
  { kind: 'formula', expression: '1' },
  { kind: 'vector', values: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  {
    kind: 'matrix',
    values: [
      [1, 2],
      [2, 4],
    ],
  },
];

/** The template of a kind as a value. */
export function templateValue(kind: ExperimentKindName): Record<string, unknown> {
  return parse(TEMPLATES[kind], [], { allowTrailingComma: true }) as Record<string, unknown>;
}

/** What stands at a path of the template of a kind; undefined where nothing does. */
export function templatePart(kind: ExperimentKindName, path: JsonPath): unknown {
  let value: unknown = templateValue(kind);
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isPlainObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** Complete values for `model` or `target`, one for each kind; none for other properties. */
export function blocksNamed(name: string): readonly unknown[] {
  if (name === 'model') return MODEL_BLOCKS;
  return name === 'target' ? TARGET_BLOCKS : [];
}
