/** The fields of `struct settings` in source/training.h, in its order. */
export const TRAINING_FIELDS = [
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

/** The fields of `struct factorSettings` in source/batch.h, in its order. */
export const FACTOR_FIELDS = [
  'variant',
  'rows',
  'columns',
  'inner',
  'rate',
  'points',
  'a',
  'b',
  'gradient',
  'targets',
  'masks',
  'residuals',
  'scale',
  'samples',
  'stopLoss',
  'divergenceLoss',
  'stepLimit',
  'step',
  'nextPoint',
  'lastLoss',
  'status',
  'keptSteps',
  'losses',
] as const;

/** What the native kernels know of a training or a batch, in memory that both sides read and write. */
export class Settings<Field extends string> {
  readonly values: Float64Array;

  constructor(private readonly fields: readonly Field[]) {
    this.values = new Float64Array(fields.length);
  }

  get(field: Field): number {
    return this.values[this.fields.indexOf(field)];
  }

  set(values: Partial<Record<Field, number>>): void {
    for (const [field, value] of Object.entries<number | undefined>(values))
      this.values[this.fields.indexOf(field as Field)] = value!;
  }
}
