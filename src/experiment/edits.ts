import { applyEdits, findNodeAtLocation, modify, parseTree, type Edit } from 'jsonc-parser';
import type { JsonPath } from './problem';

/** Longest value that is written on one line. */
const LINE_WIDTH = 100;

/** Stands for the value while the place for it is made; no experiment holds this text. */
const PLACE = '\u0001place\u0001';

/** Edits that set a property; comments and everything else stay as they are. Undefined takes it away. */
export function propertyEdits(text: string, path: JsonPath, value: unknown, indent = '  '): Edit[] {
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length };
  if (value === undefined) return modify(text, [...path], undefined, { formattingOptions });
  const inLine = lineEdit(text, path, value);
  if (inLine) return [inLine];
  return modify(text, [...path], PLACE, { formattingOptions }).map(({ content, ...place }) => {
    const [line = ''] = content
      .slice(0, content.indexOf(JSON.stringify(PLACE)))
      .split('\n')
      .slice(-1);
    const written = jsonText(value, /^\s*/.exec(line)?.[0] ?? '', indent);
    return { ...place, content: content.replace(JSON.stringify(PLACE), () => written) };
  });
}

/** A further property of an object that stands on one line stays on this line, where it fits there. */
function lineEdit(text: string, path: JsonPath, value: unknown): Edit | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const holder = root && findNodeAtLocation(root, path.slice(0, -1));
  const last = holder?.type === 'object' ? holder.children?.at(-1) : undefined;
  if (!holder || !last || findNodeAtLocation(holder, path.slice(-1))) return undefined;
  if (text.slice(holder.offset, holder.offset + holder.length).includes('\n')) return undefined;
  const content = `, ${JSON.stringify(path.at(-1))}: ${lineOf(value)}`;
  const lineStart = text.lastIndexOf('\n', holder.offset) + 1;
  const width = holder.offset + holder.length + content.length - lineStart;
  return width > LINE_WIDTH ? undefined : { offset: last.offset + last.length, length: 0, content };
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
