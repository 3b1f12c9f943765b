import type { ResultTable } from '../../protocol/table';
import { typeset } from '../format';
import * as strings from '../strings';
import { copyButton } from '../ui/copyButton';
import type { Controls } from '../ui/controls';
import { h, setText, show } from '../ui/dom';
import { TableView } from '../ui/table';
import { formatTableValue } from '../ui/tableValue';

/** Rows that are shown at most: a page of text, not a data base. */
const MOST_ROWS = 1000;

interface Shown {
  element: HTMLElement;
  view: TableView;
  note: HTMLElement;
  more: HTMLElement;
  /** What the elements cannot change any more. */
  key: string;
  table: ResultTable;
}

/** The tables that a study tells, in their order. */
export class TablesSection {
  readonly element: HTMLElement;
  private readonly list = h('div');
  private readonly shown = new Map</* table id */ string, Shown>();

  constructor(
    private readonly controls: Controls,
    private readonly copy: (text: string) => Promise<void>,
  ) {
    this.element = h(
      'section',
      { 'aria-labelledby': 'tables-title', hidden: true },
      h('h2', { id: 'tables-title' }, strings.tables.section),
      this.list,
    );
  }

  update(tables: readonly ResultTable[]): void {
    show(this.element, tables.length > 0);
    for (const [id, { element }] of this.shown) {
      if (tables.some((table) => table.id === id)) continue;
      element.remove();
      this.shown.delete(id);
    }
    for (const table of tables) {
      const known = this.shown.get(table.id);
      if (known?.table !== table) this.draw(table, known);
    }
  }

  private draw(table: ResultTable, known: Shown | undefined): void {
    const key = JSON.stringify([table.title, table.columns]);
    const shown = known?.key === key ? known : this.create(table, key, known);
    shown.table = table;
    const { columns, rows, note } = table;
    shown.view.update(
      rows.slice(0, MOST_ROWS).map((row) => ({ cells: columns.map(({ kind }, i) => formatTableValue(row[i] ?? null, kind)) })),
    );
    setText(shown.note, typeset(note ?? ''));
    show(shown.note, note !== undefined && note !== '');
    setText(shown.more, rows.length > MOST_ROWS ? strings.tables.shortened(MOST_ROWS, rows.length) : '');
    show(shown.more, rows.length > MOST_ROWS);
  }

  private create(table: ResultTable, key: string, known: Shown | undefined): Shown {
    const { id, title, columns } = table;
    const titles = columns.map((column) => column.title);
    const numeric = columns.map(({ kind }) => kind === 'number' || kind === 'integer');
    const view = new TableView(title, titles, true, numeric);
    const heading = `table-title-${id}`;
    const note = h('p', { class: 'chart-note' });
    const more = h('p', { class: 'chart-note' });
    const copy = copyButton(this.controls, title, () => ({ columns: titles, rows: shown.table.rows }), this.copy);
    const element = h(
      'div',
      { class: 'result-table', 'data-table': id },
      h('div', { class: 'chart-head' }, h('h3', { id: heading }, typeset(title)), h('div', { class: 'chart-actions' }, copy)),
      h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-labelledby': heading }, view.element),
      note,
      more,
    );
    const shown: Shown = { element, view, note, more, key, table };
    if (known) known.element.replaceWith(element);
    else this.list.append(element);
    this.shown.set(id, shown);
    return shown;
  }
}
