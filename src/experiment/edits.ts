import { applyEdits, modify, type Edit } from 'jsonc-parser';
import type { JsonPath } from './problem';

/** Longest value that is written on one line. */
const LINE_WIDTH = 100;

/** Stands for the value while the place for it is made; no experiment holds this text. */
const PLACE = '\u0001place\u0001';

/** Edits that set a property; comments and everything else stay as they are. Undefined takes it away. */
export function propertyEdits(text: string, path: JsonPath, value: unknown, indent = '  '): Edit[] {
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length };
  if (value === undefined) return modify(text, [...path], undefined, { formattingOptions });
  return modify(text, [...path], PLACE, { formattingOptions }).map(({ content, ...place }) => {
    const [line = ''] = content
      .slice(0, content.indexOf(JSON.stringify(PLACE)))
      .split('\n')
      .slice(-1);
    const written = jsonText(value, /^\s*/.exec(line)?.[0] ?? '', indent);
    return { ...place, content: content.replace(JSON.stringify(PLACE), () => written) };
  });
}

export function withProperty(text: string, path: JsonPath, value: unknown): string {
  return applyEdits(text, propertyEdits(text, path, value));
}

/** JSON as a person writes it: on one line what fits on one. */
export function jsonText(value: unknown, outer = '', indent = '  '): string {
  const line = lineOf(value);
  if (typeof value !== 'object' || value === null || outer.length + line.length <= LINE_WIDTH) return line;
  const inner = outer + indent;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.map((item) => jsonText(item, inner, indent))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${jsonText(item, inner, indent)}`);
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${outer}${close}`;
}

function lineOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(lineOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${lineOf(item)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
