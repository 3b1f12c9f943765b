/** A table of results with named columns: shown in panel, report and terminal alike. */
export interface ResultTable {
  /** Stable within the experiment kind; a table that is sent again replaces the one before. */
  id: string;
  title: string;
  columns: TableColumn[];
  /** Each as long as `columns`; null where there is no value. */
  rows: TableValue[][];
  /** What a reader must know besides; absent when nothing. */
  note?: string;
}

export interface TableColumn {
  title: string;
  /** Numbers stand right and are rounded for reading; `flag` is shown as yes or no. */
  kind: 'text' | 'number' | 'integer' | 'flag';
}

export type TableValue = string | number | boolean | null;
