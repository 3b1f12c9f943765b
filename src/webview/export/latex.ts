import type { RunRecord } from '../../protocol/record';
import type { ResultTable, TableColumn, TableValue } from '../../protocol/table';
import { formatTableValue } from '../ui/tableValue';
import { originOf, originSentence, slug } from './origin';
import { runTables } from './runTables';

/** The tables of a run for a paper; they need the package booktabs alone. */
export function runLatex(record: RunRecord): string {
  const title = record.accepted?.config.title || record.fileName;
  const head = [`% ${oneLine(title)}`, `% ${oneLine(originSentence(originOf(record)))}`, '% \\usepackage{booktabs}', ''];
  return [...head, ...runTables(record).map(table)].join('\n');
}

function table({ id, title, columns, rows, note }: ResultTable): string {
  const align = columns.map(({ kind }) => (kind === 'number' || kind === 'integer' ? 'r' : 'l')).join('');
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${text([title, note ?? ''].filter(Boolean).join('. '))}}`,
    `  \\label{tab:${slug(id)}}`,
    `  \\begin{tabular}{${align}}`,
    '    \\toprule',
    line(columns.map((column) => text(column.title))),
    '    \\midrule',
    ...rows.map((values) => line(columns.map((column, i) => value(values[i] ?? null, column)))),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** Numbers as mathematics, `$4.2 \times 10^{-9}$`; with four digits, as they are read. */
function value(content: TableValue, { kind }: TableColumn): string {
  if (typeof content !== 'number') return text(formatTableValue(content, kind));
  if (!Number.isFinite(content)) return Number.isNaN(content) ? '--' : content > 0 ? '$\\infty$' : '$-\\infty$';
  if (Number.isInteger(content) && Math.abs(content) < 1e6) return `$${content}$`;
  const [mantissa = '', exponent = '0'] = content.toExponential(3).split('e');
  const short = mantissa.replace(/\.?0+$/, '');
  const power = Number(exponent);
  if (power >= -3 && power < 5) return `$${Number(content.toPrecision(4))}$`;
  return short === '1' ? `$10^{${power}}$` : `$${short} \\times 10^{${power}}$`;
}

const CHARACTERS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '×': '$\\times$',
  '−': '$-$',
  '–': '--',
  '\u00a0': '~',
  '\u202f': '\\,',
};
const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻';
const PLAIN = '0123456789-';

/** Text in which nothing is a command. */
function text(words: string): string {
  return oneLine(words)
    .replace(/[&%$#_{}]|[\\~^<>|×−–\u00a0\u202f]/g, (character) => CHARACTERS[character] ?? `\\${character}`)
    .replace(
      /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+/g,
      (raised) => `$^{${Array.from(raised, (digit) => PLAIN.charAt(DIGITS.indexOf(digit))).join('')}}$`,
    );
}

function oneLine(words: string): string {
  return words.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ');
}
