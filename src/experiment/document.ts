import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Finding } from './finding';
import { LineIndex } from './positions';
import type { JsonPath, Problem, TextRange } from './problem';

/** The syntax tree of a file with its text: answers where things stand. */
export class ExperimentDocument {
  private lines: LineIndex | undefined;

  constructor(
    readonly text: string,
    readonly root: Node | undefined,
  ) {}

  range(offset: number, length: number): TextRange {
    this.lines ??= new LineIndex(this.text);
    return this.lines.range(offset, length);
  }

  /** Whether a value is written at a path. */
  has(path: JsonPath): boolean {
    return this.root !== undefined && findNodeAtLocation(this.root, [...path]) !== undefined;
  }

  /** Range of the value at a path, or of its nearest ancestor that exists. */
  rangeOf(path: JsonPath): TextRange {
    const node = this.nearestNode(path);
    return node ? this.range(node.offset, node.length) : this.range(0, 0);
  }

  /** Range of the property at a path: its name and its value as far as the line on which the value begins. */
  keyRangeOf(path: JsonPath): TextRange {
    const node = this.nearestNode(path);
    if (!node) return this.range(0, 0);
    const start = nameOf(node)?.offset ?? node.offset;
    this.lines ??= new LineIndex(this.text);
    const end = Math.min(node.offset + node.length, this.lines.endOfLine(node.offset));
    return this.range(start, Math.max(0, end - start));
  }

  locate(finding: Finding): Problem {
    const { code, message, path, suggestion } = finding;
    const range = this.rangeOfFinding(finding);
    return {
      code,
      severity: finding.severity ?? 'error',
      message,
      path,
      range,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }

  private rangeOfFinding({ at, path, span }: Finding): TextRange {
    if (at === 'holder') return this.holderRange(path.slice(0, -1));
    const node = this.nearestNode(path);
    if (!node) return this.range(0, 0);
    if (at === 'key') {
      const name = nameOf(node);
      if (name) return this.range(name.offset, name.length);
    }
    if (span && node.type === 'string') return this.partOfString(node, span.start, span.end);
    return this.range(node.offset, node.length);
  }

  private holderRange(path: JsonPath): TextRange {
    const node = this.nearestNode(path);
    if (!node) return this.range(0, 0);
    const name = nameOf(node);
    return name ? this.range(name.offset, name.length) : this.range(node.offset, Math.min(1, node.length));
  }

  /** Offsets in the decoded text of a string, taken back to the text of the file, where an escape may stand for a character. */
  private partOfString(node: Node, start: number, end: number): TextRange {
    const offsets = [node.offset + 1];
    const close = node.offset + node.length - 1;
    for (let at = node.offset + 1; at < close;) {
      at += this.text[at] === '\\' ? (this.text[at + 1] === 'u' ? 6 : 2) : 1;
      offsets.push(Math.min(at, close));
    }
    const from = offsets[Math.min(start, offsets.length - 1)];
    const to = offsets[Math.min(Math.max(start, end), offsets.length - 1)];
    return to > from ? this.range(from, to - from) : this.range(node.offset, node.length);
  }

  private nearestNode(path: JsonPath): Node | undefined {
    let node = this.root;
    for (const step of path) {
      const next = node && childAt(node, step);
      if (!next) break;
      node = next;
    }
    return node;
  }
}

function childAt(node: Node, step: string | number): Node | undefined {
  if (typeof step === 'number') return node.type === 'array' ? node.children?.[step] : undefined;
  if (node.type !== 'object') return undefined;
  return node.children?.find((property) => property.children?.[0].value === step)?.children?.[1];
}

/** The name of the property whose value this node is. */
function nameOf(node: Node): Node | undefined {
  return node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
}
