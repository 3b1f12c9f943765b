import type { TableValue } from '../../protocol/table';
import { toCsv } from '../csv';
import * as strings from '../strings';
import type { Controls } from './controls';

/** For how long the button says what became of the copy. */
const SAID_MS = 2000;

/** A button that puts data on the clipboard as comma-separated values, numbers with all their digits. */
export function copyButton(
  controls: Controls,
  title: string,
  data: () => { columns: readonly string[]; rows: readonly TableValue[][] },
  copy: (text: string) => Promise<void>,
): HTMLElement {
  const button = controls.button(strings.tables.copy, 'secondary', () => {
    const { columns, rows } = data();
    const say = (text: string) => {
      button.setLabel(text, text);
      setTimeout(() => button.setLabel(strings.tables.copy, strings.tables.copyLabel(title)), SAID_MS);
    };
    copy(toCsv(columns, rows)).then(
      () => say(strings.tables.copied),
      () => say(strings.tables.notCopied),
    );
  });
  button.setLabel(strings.tables.copy, strings.tables.copyLabel(title));
  return button.element;
}
