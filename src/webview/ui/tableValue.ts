import type { TableColumn, TableValue } from '../../protocol/table';
import { NO_VALUE, formatCount, formatNumber } from '../format';
import * as strings from '../strings';

/** A value of a table as a person reads it; counts keep all their digits. */
export function formatTableValue(value: TableValue, kind: TableColumn['kind'] = 'number'): string {
  if (value === null) return NO_VALUE;
  if (typeof value === 'boolean') return value ? strings.tables.yes : strings.tables.no;
  if (typeof value === 'string') return value;
  if (kind === 'integer' && Number.isInteger(value)) return formatCount(value);
  // With a power of ten three digits are as much as anybody compares; the copied table has all.
  const size = Math.abs(value);
  return formatNumber(value, size < 1e-3 || size >= 1e5 ? 3 : 4);
}
