import { nearest } from './nearest';

/**
 * Expressions of formula models and targets: a fixed, closed grammar that is parsed here, differentiated and run on a
 * tape by the engine, and never handed to an evaluator of any kind.
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed }
 *     signed  = { "+" | "-" } power
 *     power   = atom [ "^" signed ]                 so -x^2 = -(x^2) and a^b^c = a^(b^c)
 *     atom    = number | name | function "(" sum ")" | "(" sum ")"
 */
export type ExpressionTree = NumberNode | NameNode | UnaryNode | BinaryNode | CallNode;

/** Where the node stands in the text of the expression: offsets from 0, `end` exclusive, without parentheses around it. */
interface Span {
  readonly start: number;
  readonly end: number;
}
/** A literal, or one of the constants pi and e by value. Always finite. */
export interface NumberNode extends Span {
  readonly kind: 'number';
  readonly value: number;
}
/** A parameter or an input. */
export interface NameNode extends Span {
  readonly kind: 'name';
  readonly name: string;
}
/** A unary plus leaves no node. */
export interface UnaryNode extends Span {
  readonly kind: 'unary';
  readonly operator: '-';
  readonly operand: ExpressionTree;
}
export interface BinaryNode extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: ExpressionTree;
  readonly right: ExpressionTree;
}
export interface CallNode extends Span {
  readonly kind: 'call';
  readonly function: FunctionName;
  readonly argument: ExpressionTree;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^';

/** The functions an expression may call, each of one argument. `square(z)` is z², `relu(z)` is max(0, z). */
export const FUNCTION_NAMES = [
  'tanh',
  'sigmoid',
  'exp',
  'log',
  'softplus',
  'relu',
  'sin',
  'cos',
  'sqrt',
  'abs',
  'square',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The constants an expression may name. */
export const CONSTANTS: Readonly<Record<string, number>> = Object.freeze({ pi: Math.PI, e: Math.E });

/** Names that no parameter and no input may have. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set<string>([...FUNCTION_NAMES, ...Object.keys(CONSTANTS)]);

/** Deepest nesting of parentheses, calls, signs and powers. */
export const EXPRESSION_NESTING = 100;

/** Longest path from the root of a tree to a leaf; a sum of n terms is a path of n. Trees can be walked recursively. */
export const EXPRESSION_DEPTH = 2000;

/** What is wrong with an expression, with the offsets of the part that is wrong (`end` exclusive, at least one character where there is one). */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  constructor(
    readonly code: 'expression-syntax' | 'unknown-name' | 'unknown-function',
    message: string,
    readonly start: number,
    readonly end: number,
    /** The nearest valid name, for a misspelt one. */
    readonly suggestion?: string,
  ) {
    super(message);
  }
}

/**
 * Parses an expression in the given names (parameters and inputs).
 *
 * @throws ExpressionError at the first thing that is wrong; never anything else, whatever the text.
 */
export function parseExpression(text: string, names: Iterable<string>): ExpressionTree {
  return new ExpressionParser(text, new Set(names)).parse();
}

/** The names of a tree that are in use, in the order of their first appearance. */
export function namesIn(tree: ExpressionTree): string[] {
  const found = new Set<string>();
  const pending: ExpressionTree[] = [tree];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind === 'name') found.add(node.name);
    else if (node.kind === 'unary') pending.push(node.operand);
    else if (node.kind === 'call') pending.push(node.argument);
    else if (node.kind === 'binary') pending.push(node.right, node.left);
  }
  return [...found];
}

/** Why a character has no place in an expression; what to write instead, where there is something. */
const REFUSED: Readonly<Record<string, string>> = {
  '=': 'An expression is a formula, not an assignment or a comparison; "=" has no place in it.',
  '"': 'Text has no place in an expression.',
  "'": 'Text and transposes have no place in an expression.',
  '`': 'Text has no place in an expression.',
  '[': 'Lists, matrices and indexing have no place in an expression. Every parameter and input has a name of its own.',
  ']': 'Lists, matrices and indexing have no place in an expression. Every parameter and input has a name of its own.',
  '{': 'Braces have no place in an expression. Use parentheses.',
  '}': 'Braces have no place in an expression. Use parentheses.',
  '.': 'Property access has no place in an expression.',
  ';': 'An expression is one formula; ";" has no place in it.',
  ',': 'Functions in an expression take one argument; "," has no place in it. The decimal mark is a point.',
  '!': 'The factorial and the logical "!" have no place in an expression.',
  '%': '"%" has no place in an expression. Divide by 100 instead.',
  '<': 'Comparisons have no place in an expression.',
  '>': 'Comparisons have no place in an expression.',
  '?': 'Conditions have no place in an expression.',
  ':': 'Conditions and ranges have no place in an expression.',
  '&': 'Logic has no place in an expression.',
  '|': 'Logic has no place in an expression. For the absolute value write abs(…).',
  '#': 'Comments have no place in an expression.',
  '−': 'This is a typographic minus sign. Write "-".',
  '–': 'This is a dash. Write "-".',
  '·': 'Write "*" for a product.',
  '×': 'Write "*" for a product.',
  '⋅': 'Write "*" for a product.',
  '÷': 'Write "/" for a quotient.',
  '²': 'Write "^2" for a square.',
  '³': 'Write "^3" for a cube.',
  '√': 'Write sqrt(…) for a square root.',
  π: 'Write "pi".',
};

type Token = Span &
  ({ type: 'number'; value: number } | { type: 'name'; text: string } | { type: 'symbol'; text: string } | { type: 'end' });

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

class ExpressionParser {
  private token: Token;
  private endOfLast = 0;
  private nesting = 0;
  /** Path lengths below each node made so far. */
  private readonly depths = new WeakMap<ExpressionTree, number>();

  constructor(
    private readonly text: string,
    private readonly names: ReadonlySet<string>,
  ) {
    this.token = this.scan(0);
  }

  parse(): ExpressionTree {
    if (this.atEnd()) throw this.error('The expression is empty.', { start: 0, end: this.text.length });
    const tree = this.sum();
    if (this.isSymbol(')')) throw this.error('This ")" closes nothing: there is no "(" for it.', this.token);
    if (!this.atEnd()) {
      throw this.error(`An operator is missing before ${this.describe(this.token)}. Products are written with "*".`, this.token);
    }
    return tree;
  }

  private sum(): ExpressionTree {
    return this.chain(['+', '-'], () => this.product());
  }

  private product(): ExpressionTree {
    return this.chain(['*', '/'], () => this.signed());
  }

  private chain(operators: readonly BinaryOperator[], operand: () => ExpressionTree): ExpressionTree {
    let left = operand();
    for (;;) {
      const operator = operators.find((each) => this.isSymbol(each));
      if (!operator) return left;
      this.advance();
      const right = operand();
      left = this.grown({ kind: 'binary', operator, left, right, start: left.start, end: right.end }, left, right);
    }
  }

  private signed(): ExpressionTree {
    const { start } = this.token;
    if (this.isSymbol('-')) {
      this.advance();
      const operand = this.nested(start, () => this.signed());
      return this.grown({ kind: 'unary', operator: '-', operand, start, end: operand.end }, operand);
    }
    if (this.isSymbol('+')) {
      this.advance();
      return this.nested(start, () => this.signed());
    }
    return this.power();
  }

  private power(): ExpressionTree {
    const left = this.atom();
    if (!this.isSymbol('^')) return left;
    const { start } = this.token;
    this.advance();
    const right = this.nested(start, () => this.signed());
    return this.grown({ kind: 'binary', operator: '^', left, right, start: left.start, end: right.end }, left, right);
  }

  private atom(): ExpressionTree {
    const token = this.token;
    if (token.type === 'number') {
      this.advance();
      return { kind: 'number', value: token.value, start: token.start, end: token.end };
    }
    if (token.type === 'name') return this.named(token.text, token);
    if (this.isSymbol('(')) return this.parenthesized(token);
    if (token.type === 'end')
      throw this.error('The expression ends where a number, a name or "(" should follow.', this.last(token));
    throw this.error(`A number, a name or "(" should stand here, not ${this.describe(token)}.`, token);
  }

  /** The sum between "(" and ")", with the parentheses counted into nothing. */
  private parenthesized(open: Span): ExpressionTree {
    this.advance();
    if (this.isSymbol(')'))
      throw this.error('There is nothing between these parentheses.', { start: open.start, end: this.token.end });
    const inner = this.nested(open.start, () => this.sum());
    if (this.isSymbol(')')) {
      this.advance();
      return inner;
    }
    if (this.atEnd()) throw this.error('This "(" is never closed: a ")" is missing.', open);
    throw this.error(
      `An operator or ")" is missing before ${this.describe(this.token)}. Products are written with "*".`,
      this.token,
    );
  }

  private named(name: string, span: Span): ExpressionTree {
    this.advance();
    const called = this.isSymbol('(');
    const isFunction = (FUNCTION_NAMES as readonly string[]).includes(name);
    if (isFunction) {
      if (!called) throw this.error(`${name} is a function and needs its argument: ${name}(…).`, span);
      const open = this.token;
      const argument = this.parenthesized(open);
      return this.grown(
        { kind: 'call', function: name as FunctionName, argument, start: span.start, end: this.endOfLast },
        argument,
      );
    }
    const known = Object.hasOwn(CONSTANTS, name) || this.names.has(name);
    if (known && called) throw this.error(`${name} is not a function. For a product write ${name}*(…).`, span);
    if (Object.hasOwn(CONSTANTS, name)) return { kind: 'number', value: CONSTANTS[name], ...range(span) };
    if (known) return { kind: 'name', name, ...range(span) };
    throw called ? this.unknownFunction(name, span) : this.unknownName(name, span);
  }

  private unknownFunction(name: string, span: Span): ExpressionError {
    const suggestion = nearest(name, FUNCTION_NAMES);
    const hint = suggestion ? ` Did you mean ${suggestion}?` : '';
    return new ExpressionError(
      'unknown-function',
      `There is no function ${shortened(name)}.${hint} Allowed: ${FUNCTION_NAMES.join(', ')}.`,
      span.start,
      span.end,
      suggestion,
    );
  }

  private unknownName(name: string, span: Span): ExpressionError {
    const suggestion = nearest(name, [...this.names, ...Object.keys(CONSTANTS)]);
    const hint = suggestion ? ` Did you mean ${suggestion}?` : '';
    const listed = [...this.names].slice(0, 12).join(', ');
    const more = this.names.size > 12 ? `, … (${this.names.size} names)` : '';
    const allowed =
      this.names.size > 0
        ? ` Known here: ${listed}${more}, and the constants pi and e.`
        : ' Only the constants pi and e are known here.';
    return new ExpressionError(
      'unknown-name',
      `The name ${shortened(name)} is not known.${hint}${allowed}`,
      span.start,
      span.end,
      suggestion,
    );
  }

  /** Bounds the recursion of this parser. */
  private nested(start: number, parse: () => ExpressionTree): ExpressionTree {
    this.nesting += 1;
    if (this.nesting > EXPRESSION_NESTING) {
      throw this.error(`The expression is nested more than ${EXPRESSION_NESTING} deep.`, { start, end: start + 1 });
    }
    const tree = parse();
    this.nesting -= 1;
    return tree;
  }

  /** Bounds the recursion of everyone who walks the tree. */
  private grown<T extends ExpressionTree>(tree: T, ...children: ExpressionTree[]): T {
    const depth = 1 + Math.max(...children.map((child) => this.depths.get(child) ?? 0));
    if (depth > EXPRESSION_DEPTH) {
      throw this.error(`The expression has more than ${EXPRESSION_DEPTH} terms in one chain. Group them with parentheses.`, tree);
    }
    this.depths.set(tree, depth);
    return tree;
  }

  private advance(): void {
    this.endOfLast = this.token.end;
    this.token = this.scan(this.token.end);
  }

  private scan(from: number): Token {
    SPACE.lastIndex = from;
    SPACE.exec(this.text);
    const start = SPACE.lastIndex;
    if (start >= this.text.length) return { type: 'end', start: this.text.length, end: this.text.length };
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(this.text);
    if (number) {
      const end = start + number[0].length;
      const value = Number(number[0]);
      if (!Number.isFinite(value))
        throw this.error(`The number ${shortened(number[0])} is too large: it has no finite value.`, { start, end });
      return { type: 'number', value, start, end };
    }
    NAME.lastIndex = start;
    const name = NAME.exec(this.text);
    if (name) return { type: 'name', text: name[0], start, end: start + name[0].length };
    const character = String.fromCodePoint(this.text.codePointAt(start) ?? 0);
    const end = start + character.length;
    if (this.text.startsWith('**', start)) throw this.error('Write "^" for a power, not "**".', { start, end: start + 2 });
    if ('+-*/^()'.includes(character)) return { type: 'symbol', text: character, start, end };
    throw this.error(this.refusal(character), { start, end });
  }

  private refusal(character: string): string {
    if (Object.hasOwn(REFUSED, character)) return REFUSED[character];
    if (/\p{Letter}/u.test(character)) {
      return `The letter ${character} has no place here: names in an expression are made of the letters A to Z, digits and underscores.`;
    }
    if (/[\p{Control}\p{Format}\p{Separator}\p{Surrogate}]/u.test(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return `The invisible character U+${code} has no place in an expression.`;
    }
    return `The character ${character} has no place in an expression.`;
  }

  private atEnd(): boolean {
    return this.token.type === 'end';
  }

  private isSymbol(text: string): boolean {
    return this.token.type === 'symbol' && this.token.text === text;
  }

  private describe(token: Token): string {
    return token.type === 'end' ? 'the end' : `"${shortened(this.text.slice(token.start, token.end))}"`;
  }

  /** The last character before the end, so that an error there has something to stand under. */
  private last(end: Span): Span {
    return { start: Math.max(0, this.endOfLast - 1), end: Math.max(this.endOfLast, Math.min(1, end.end)) };
  }

  private error(message: string, span: Span): ExpressionError {
    return new ExpressionError('expression-syntax', message, span.start, span.end);
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function range(span: Span): Span {
  return { start: span.start, end: span.end };
}
