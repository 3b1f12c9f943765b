import { h, setText } from './dom';

export interface TableRow {
  cells: string[];
  /** A word that marks the row, for instance `predicted`. */
  mark?: string;
  /** Class of the row, for colour besides the words. */
  tone?: string;
}

/** A table that is patched in place: rows keep their elements while data streams in, so selection and scrolling stay. */
export class TableView {
  readonly element: HTMLTableElement;
  private readonly body = h('tbody');
  private readonly caption: HTMLTableCaptionElement;

  /** `numeric` says which columns hold numbers, which stand right. */
  constructor(
    caption: string,
    columns: readonly string[],
    captionHidden = false,
    private readonly numeric: readonly boolean[] = [],
  ) {
    this.caption = h('caption', { class: captionHidden ? 'visually-hidden' : undefined }, caption);
    const head = h(
      'tr',
      {},
      ...columns.map((column, i) =>
        h('th', { scope: 'col', class: this.classOf(i) }, h('span', {}, column.replaceAll(' = ', '\u00a0=\u00a0'))),
      ),
    );
    this.element = h('table', {}, this.caption, h('thead', {}, head), this.body);
  }

  update(rows: readonly TableRow[], caption?: string): void {
    if (caption !== undefined) setText(this.caption, caption);
    while (this.body.rows.length > rows.length) this.body.deleteRow(-1);
    rows.forEach((row, index) => this.updateRow(this.body.rows[index] ?? this.body.insertRow(), row));
  }

  private classOf(column: number): string | undefined {
    return this.numeric[column] === true ? 'number' : undefined;
  }

  private updateRow(element: HTMLTableRowElement, row: TableRow): void {
    const tone = row.tone ?? '';
    if (element.className !== tone) element.className = tone;
    row.cells.forEach((text, column) => {
      let cell = element.cells[column];
      if (!cell) {
        const attributes = { class: this.classOf(column) };
        cell = column === 0 ? h('th', { scope: 'row', ...attributes }, h('span')) : h('td', attributes, h('span'));
        element.append(cell);
      }
      const [value, mark] = [cell.children[0], cell.children[1]];
      if (value) setText(value, text);
      if (column > 0) return;
      if (row.mark === undefined) mark?.remove();
      else if (mark) setText(mark, row.mark);
      else cell.append(h('span', { class: 'tag' }, row.mark));
    });
  }
}
