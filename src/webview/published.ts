import type { ComparedRun } from '../protocol/compare';
import * as shared from '../protocol/publishedTable';
import type { RunRecord } from '../protocol/record';
import type { ResultTable } from '../protocol/table';
import { published } from './strings';

/** Published numbers beside what a run measured; none where its file has none. */
export const publishedTable = (record: RunRecord): ResultTable[] => shared.publishedTable(record, published);

/** The same for several runs, a column for what each measured. */
export const comparedPublishedTable = (runs: readonly ComparedRun[], names: readonly string[]): ResultTable[] =>
  shared.comparedPublishedTable(runs, names, published);
