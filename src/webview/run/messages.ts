import type { EngineEvent } from '../../protocol/events';
import type { ToPanel } from '../../protocol/panel';
import { RUN_STATES } from '../../protocol/record';
import { isObject } from '../readView';

const EVENT_TYPES: ReadonlySet<string> = new Set<EngineEvent['type']>([
  'hello',
  'accepted',
  'phase',
  'progress',
  'curve',
  'rank',
  'spectrum',
  'cell',
  'sampleSize',
  'table',
  'figure',
  'verdict',
  'finished',
  'failed',
]);
const STATES: ReadonlySet<string> = new Set(RUN_STATES);
const RECORD_PARTS = ['curves', 'spectra', 'cells', 'cellsLeftOut', 'sampleSizes'] as const;
const RECORD_LISTS = ['ranks', 'verdicts'] as const;
const COMPARED_LISTS = ['sampleSizes', 'verdicts', 'figures', 'tables'] as const;

/** A message of the host, or null for anything else. What is inside comes from our own reducer and is trusted in detail. */
export function readMessage(data: unknown): ToPanel | null {
  if (!isObject(data)) return null;
  switch (data.type) {
    case 'snapshot':
      return isRecord(data.record) && isObject(data.view) && typeof data.canRun === 'boolean'
        ? (data as unknown as ToPanel)
        : null;
    case 'events':
      return Array.isArray(data.events) && data.events.every(isEvent) ? (data as unknown as ToPanel) : null;
    case 'state':
      return isState(data.state) && (data.crash === null || typeof data.crash === 'string') && isPosition(data.queuePosition)
        ? (data as unknown as ToPanel)
        : null;
    case 'trials':
      return isObject(data.cell) && (data.found === null || isCellTrials(data.found)) ? (data as unknown as ToPanel) : null;
    case 'comparison':
      return typeof data.id === 'string' && Array.isArray(data.runs) && data.runs.every(isComparedRun)
        ? (data as unknown as ToPanel)
        : null;
    default:
      return null;
  }
}

/** Whether a value has the parts of a run record that are drawn. */
export function isRecord(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    typeof value.fileName === 'string' &&
    isState(value.state) &&
    RECORD_PARTS.every((part) => isObject(value[part])) &&
    RECORD_LISTS.every((part) => Array.isArray(value[part]))
  );
}

function isCellTrials(value: unknown): boolean {
  return (
    isObject(value) &&
    Array.isArray(value.trials) &&
    Number.isInteger(value.count) &&
    (value.opened === null || isObject(value.opened))
  );
}

function isComparedRun(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.fileName === 'string' &&
    isState(value.state) &&
    isObject(value.results) &&
    COMPARED_LISTS.every((part) => Array.isArray(value[part]))
  );
}

function isEvent(value: unknown): boolean {
  return isObject(value) && typeof value.type === 'string' && EVENT_TYPES.has(value.type);
}

function isPosition(value: unknown): boolean {
  return value === undefined || (Number.isInteger(value) && Number(value) > 0);
}

function isState(value: unknown): boolean {
  return typeof value === 'string' && STATES.has(value);
}
