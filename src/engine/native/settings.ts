/** The fields of `struct settings` in source/training.h, in its order. */
const FIELDS = [
  'variant',
  'activation',
  'shift',
  'width',
  'dimension',
  'count',
  'padded',
  'hiddenBias',
  'outputBias',
  'inputs',
  'targets',
  'mask',
  'hidden',
  'slopes',
  'residuals',
  'gradient',
  'first',
  'second',
  'parameterCount',
  'adam',
  'beta1',
  'beta2',
  'epsilon',
  'beta1Power',
  'beta2Power',
  'stopLoss',
  'stopGradientNorm',
  'divergenceLoss',
  'status',
  'lastLoss',
  'firstLoss',
] as const;

type Field = (typeof FIELDS)[number];

/** What the native kernels know of a training, in memory that both sides read and write. */
export class Settings {
  readonly values = new Float64Array(FIELDS.length);

  get(field: Field): number {
    return this.values[FIELDS.indexOf(field)];
  }

  set(fields: Partial<Record<Field, number>>): void {
    for (const [field, value] of Object.entries(fields)) this.values[FIELDS.indexOf(field as Field)] = value;
  }
}
