import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError, type SyntaxKind } from 'jsonc-parser';
import { ExperimentDocument } from './document';
import { LineIndex } from './positions';
import type { Problem } from './problem';
import { LIMITS } from './schema';
import { syntaxMessage } from './syntaxMessages';

/** Tokens of jsonc-parser, whose enumeration is a constant one and cannot be imported as a value. */
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, endOfFile: 17 } as const satisfies Record<
  string,
  SyntaxKind
>;

/** Deepest nesting of objects and lists that is read. The format needs eight. */
export const NESTING_LIMIT = 64;

/** Most problems of one file that are told. */
export const PROBLEM_LIMIT = 100;

export interface ParsedText {
  document: ExperimentDocument;
  /** The value, when the syntax is right. */
  value: unknown;
  problems: Problem[];
}

/**
 * Reads JSON with comments and trailing commas. Whatever the text, it comes back with a value or with problems: oversized and
 * over-deep texts are refused before they are parsed, and of the errors that follow one another only the first is told.
 */
export function parseText(text: string): ParsedText {
  if (isTooLarge(text)) {
    const megabytes = LIMITS.fileBytes / (1024 * 1024);
    return refused(
      'file-too-large',
      `The file is larger than ${megabytes} MB, the most that is read. An experiment file is a few kilobytes.`,
    );
  }
  // A byte order mark counts as a space, so that every offset stays what it is in the editor.
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const brackets = scanBrackets(source);
  if (brackets.tooDeep !== undefined) {
    const range = new LineIndex(source).range(brackets.tooDeep, 1);
    return refused('too-deep', `Objects and lists are nested more than ${NESTING_LIMIT} deep here.`, source, range);
  }
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true, disallowComments: false });
  const document = new ExperimentDocument(source, root);
  const first = errors[0];
  if (brackets.isEmpty && (!first || printParseErrorCode(first.error) === 'ValueExpected')) {
    return refused(
      'empty-file',
      'The file is empty. An experiment begins with { "experiment": "recovery", … } or { "experiment": "rank", … }.',
      source,
    );
  }
  if (first || !root) {
    return { document, value: undefined, problems: [syntaxProblem(document, first, brackets.unclosed)] };
  }
  const problems = valueProblems(document, root);
  return { document, value: problems.length > 0 ? undefined : valueOf(root), problems };
}

function refused(code: string, message: string, text = '', range = new LineIndex('').range(0, 0)): ParsedText {
  const problem: Problem = { code, severity: 'error', message, path: [], range };
  return { document: new ExperimentDocument(text, undefined), value: undefined, problems: [problem] };
}

/** Whether the text has more UTF-8 bytes than are read. */
function isTooLarge(text: string): boolean {
  if (text.length > LIMITS.fileBytes) return true;
  if (text.length * 3 <= LIMITS.fileBytes) return false;
  return new TextEncoder().encode(text).length > LIMITS.fileBytes;
}

interface Brackets {
  isEmpty: boolean;
  tooDeep: number | undefined;
  /** Offset of the innermost bracket that nothing closes. */
  unclosed: number | undefined;
}

/** One pass over the tokens without recursion: the parser itself recurses and must not meet a text that is too deep. */
function scanBrackets(text: string): Brackets {
  const scanner = createScanner(text, true);
  const open: number[] = [];
  let isEmpty = true;
  for (let token = scanner.scan(); token !== TOKEN.endOfFile; token = scanner.scan()) {
    isEmpty = false;
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) {
      open.push(scanner.getTokenOffset());
      if (open.length > NESTING_LIMIT) return { isEmpty, tooDeep: scanner.getTokenOffset(), unclosed: undefined };
    } else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) {
      open.pop();
    }
  }
  return { isEmpty, tooDeep: undefined, unclosed: open.at(-1) };
}

function syntaxProblem(document: ExperimentDocument, error: ParseError | undefined, unclosed: number | undefined): Problem {
  const { text } = document;
  if (!error)
    return { code: 'syntax', severity: 'error', message: 'This is not JSON.', path: [], range: document.range(0, text.length) };
  let { offset } = error;
  // An unfinished comment or text may be measured to one character beyond the end.
  let length = Math.max(1, Math.min(error.length, text.length - offset));
  if (offset >= text.trimEnd().length) {
    // At the end of the text there is nothing to underline: take the last visible character.
    offset = Math.max(0, text.trimEnd().length - 1);
    length = Math.min(1, text.length);
  }
  const word =
    /^[-+.\w$]+/.exec(text.slice(error.offset, error.offset + 100))?.[0] ?? text.slice(error.offset, error.offset + error.length);
  const atEnd = error.offset >= text.trimEnd().length;
  const code = printParseErrorCode(error.error);
  const needsClosing = atEnd && unclosed !== undefined && code !== 'UnexpectedEndOfComment';
  const message = needsClosing
    ? `The "${text[unclosed]}" in line ${document.range(unclosed, 1).line} is never closed: a "${text[unclosed] === '{' ? '}' : ']'}" is missing.`
    : syntaxMessage(code, word, text[error.offset - 1] ?? '');
  return { code: 'syntax', severity: 'error', message, path: [], range: document.range(offset, length) };
}

/** What JSON allows and an experiment does not: a name given twice, a number without a finite value. */
function valueProblems(document: ExperimentDocument, root: Node): Problem[] {
  const problems: Problem[] = [];
  /** The path of the node that is visited: one list for all, copied where it is told. */
  const path: (string | number)[] = [];
  const visitAt = (node: Node, step: string | number): void => {
    path.push(step);
    visit(node);
    path.pop();
  };
  const visit = (node: Node): void => {
    if (problems.length >= PROBLEM_LIMIT) return;
    if (node.type === 'number' && !Number.isFinite(node.value)) {
      const written = document.text.slice(node.offset, node.offset + Math.min(node.length, 40));
      const message = `The number ${written} is too large: it has no finite value.`;
      problems.push({
        code: 'number-not-finite',
        severity: 'error',
        message,
        path: [...path],
        range: document.range(node.offset, node.length),
      });
    } else if (node.type === 'array') {
      node.children?.forEach(visitAt);
    } else if (node.type === 'object') {
      const lines = new Map<string, number>();
      for (const property of node.children ?? []) {
        const [name, value] = property.children ?? [];
        const key = String(name.value);
        const range = document.range(name.offset, name.length);
        const earlier = lines.get(key);
        if (earlier !== undefined) {
          const message = `The property "${key}" is given twice, first in line ${earlier}. Keep one of the two.`;
          problems.push({ code: 'duplicate-property', severity: 'error', message, path: [...path, key], range });
        } else {
          lines.set(key, range.line);
          visitAt(value, key);
        }
      }
    }
  };
  visit(root);
  return problems;
}

/** The plain value of a tree. Unlike an assignment, it makes `__proto__` a property like any other. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  const value = {};
  for (const { children } of node.children ?? []) {
    if (!children) continue;
    Object.defineProperty(value, children[0].value, {
      value: valueOf(children[1]),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return value;
}
