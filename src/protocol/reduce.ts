import { keepCell, keepSpectrum } from './cells';
import { appendCurve } from './curves';
import type { EngineEvent } from './events';
import { LAST_FIGURES, type ResultFigure } from './figure';
import { cellId, type RunRecord } from './record';
import { appendSpectrum } from './spectra';

/** The record of a run of which nothing has been heard yet. `startedAt` is in milliseconds since 1970. */
export function emptyRecord({ id, fileName, startedAt }: Pick<RunRecord, 'id' | 'fileName' | 'startedAt'>): RunRecord {
  return {
    id,
    fileName,
    state: 'waiting',
    startedAt,
    engine: null,
    accepted: null,
    phase: null,
    progress: null,
    curves: {},
    ranks: [],
    spectra: {},
    histories: {},
    cells: {},
    cellsLeftOut: {},
    sampleSizes: {},
    tables: [],
    figures: [],
    verdicts: [],
    finished: null,
    failed: null,
    crash: null,
    unreadableLines: 0,
  };
}

/**
 * Folds one event into the record, which it changes. What has a key (a cell, a sample size, a rank, a verdict) replaces what
 * was there under the same key; points of curves are appended. Of
 * very many cells only some are kept (see `cells.ts`), so that a record stays within memory. An event of an unknown type changes nothing.
 */
export function applyEvent(record: RunRecord, event: EngineEvent): void {
  switch (event.type) {
    case 'hello':
      record.engine = event.engine;
      break;
    case 'accepted':
      record.accepted = withoutType(event);
      if (record.state === 'waiting') record.state = 'running';
      break;
    case 'phase':
      record.phase = event.phase;
      break;
    case 'progress':
      record.progress = withoutType(event);
      break;
    case 'curve':
      appendCurve(record, event);
      break;
    case 'rank':
      replaceOrPush(record.ranks, { name: event.name, measurement: event.measurement }, ({ name }) => name);
      break;
    case 'spectrum':
      if (event.step === undefined) keepSpectrum(record, cellId(event), event.measurement);
      else appendSpectrum(record, event);
      break;
    case 'cell':
      keepCell(record, event.cell);
      break;
    case 'sampleSize':
      record.sampleSizes[String(event.result.sampleSize)] = event.result;
      break;
    case 'table':
      replaceOrPush(record.tables, event.table, ({ id }) => id);
      break;
    case 'figure':
      replaceOrPush(record.figures, event.figure, ({ id }) => id);
      record.figures.sort(byPlace);
      break;
    case 'verdict':
      replaceOrPush(record.verdicts, event.verdict, ({ id }) => id);
      break;
    case 'finished':
      record.finished = withoutType(event);
      record.state = 'finished';
      break;
    case 'failed':
      record.failed = withoutType(event);
      record.state = event.code === 'cancelled' ? 'cancelled' : 'failed';
      break;
  }
}

function withoutType<T extends { type: string }>(event: T): Omit<T, 'type'> {
  const rest: Omit<T, 'type'> & { type?: string } = { ...event };
  delete rest.type;
  return rest;
}

/** Sorting is stable: figures that have no place of their own stay in the order of their arrival. */
const byPlace = (one: ResultFigure, other: ResultFigure) => LAST_FIGURES.indexOf(one.id) - LAST_FIGURES.indexOf(other.id);

function replaceOrPush<T>(items: T[], item: T, keyOf: (item: T) => string): void {
  const index = items.findIndex((each) => keyOf(each) === keyOf(item));
  if (index < 0) items.push(item);
  else items[index] = item;
}
