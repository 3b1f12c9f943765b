import type { Problem } from '../../experiment/problem';
import { printable, type Colors } from './colors';

const WIDTH = 120;
const SHOWN = 20;

/** Problems of an experiment as `file:line:column: message`, each with its line and a mark under the place. */
export function formatProblems(fileName: string, text: string, problems: readonly Problem[], colors: Colors): string {
  const lines = text.split(/\r\n|\r|\n/);
  const parts = problems.slice(0, SHOWN).map((problem) => {
    const { line, column, endLine, endColumn } = problem.range;
    const word = problem.severity === 'error' ? colors.red('error') : colors.yellow('warning');
    const head = `${colors.bold(`${fileName}:${line}:${column}`)}: ${word}: ${printable(problem.message)}`;
    const end = endLine === line ? endColumn : Infinity;
    return [head, ...excerpt(lines[line - 1] ?? '', line, column, end, colors)].join('\n');
  });
  if (problems.length > SHOWN) parts.push(`… and ${problems.length - SHOWN} more.`);
  return `${parts.join('\n\n')}\n`;
}

/** The line with a caret under the range; of a long line only the part around it. */
function excerpt(source: string, line: number, column: number, endColumn: number, colors: Colors): string[] {
  const from = column - 1 > WIDTH - 40 ? column - 1 - 40 : 0;
  const shown = printable(source.slice(from, from + WIDTH).replace(/\t/g, ' '));
  if (shown.trim() === '') return [];
  const gutter = `${String(line).padStart(5)} | `;
  const length = Math.max(1, Math.min(endColumn, source.length + 1, from + WIDTH + 1) - column);
  return [`${colors.dim(gutter)}${shown}`, `${' '.repeat(gutter.length + column - 1 - from)}${colors.red('^'.repeat(length))}`];
}
