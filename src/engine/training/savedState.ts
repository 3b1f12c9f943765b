/** Saved data is not that of the training that is to go on. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/** Which numbers may stand in a field. */
interface Range {
  least?: number;
  most?: number;
  whole?: boolean;
}

/** Reads saved data, field by field: what is not as it must be is a StateError that names the field. */
export class SavedFields {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new StateError('it is no record');
    this.fields = value as Record<string, unknown>;
  }

  any(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  record(name: string): SavedFields {
    return new SavedFields(this.any(name));
  }

  number(name: string, { least = -Infinity, most = Infinity, whole = false }: Range = {}): number {
    const value = this.any(name);
    if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isSafeInteger(value))) return value;
    throw new StateError(`its ${name} is ${typeof value === 'number' ? String(value) : 'no number'}`);
  }

  flag(name: string): boolean {
    const value = this.any(name);
    if (typeof value !== 'boolean') throw new StateError(`its ${name} is neither true nor false`);
    return value;
  }

  /** A float64 array of so many numbers, whatever they are. */
  vector(name: string, length: number): Float64Array {
    const value = this.any(name);
    if (value instanceof Float64Array && value.length === length) return value;
    throw new StateError(`its ${name} are not ${length} numbers`);
  }

  /** A plain list of so many numbers. */
  numbers(name: string, length: number): number[] {
    const value = this.list(name, length);
    if (value.length !== length || !value.every((each) => typeof each === 'number'))
      throw new StateError(`its ${name} are not ${length} numbers`);
    return value as number[];
  }

  /** A list of records, so many of them, each with these fields, which are numbers. */
  rows<K extends string>(name: string, count: number, numbers: readonly K[]): Record<K, number>[] {
    const value = this.list(name, count);
    if (value.length !== count) throw new StateError(`its ${name} are not ${count}`);
    return value.map((each) => {
      const fields = new SavedFields(each);
      for (const field of numbers) fields.number(field);
      return each as Record<K, number>;
    });
  }

  /** How many numbers a float64 array has: so many at most. */
  length(name: string, most: number): number {
    const value = this.any(name);
    if (value instanceof Float64Array && value.length <= most) return value.length;
    throw new StateError(`its ${name} are not at most ${most} numbers`);
  }

  /** A list of so many items at most. */
  list(name: string, most: number): readonly unknown[] {
    const value = this.any(name);
    if (Array.isArray(value) && value.length <= most) return value as unknown[];
    throw new StateError(`its ${name} are no list of at most ${most}`);
  }
}
