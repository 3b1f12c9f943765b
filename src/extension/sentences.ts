/** How keys of the bundle end whose texts file format and engine say; `scripts/l10n.mjs` collects them. */
export const MARK = '/spoken';
/** Parts of parts of a sentence. */
const DEEPEST = 8;
/** Letters of a template that are too few to tell much. */
const FEW_LETTERS = 6;
/** Translations that are kept: a figure that grows says the same words again and again. */
const MOST_KEPT = 5000;

interface Template {
  /** What stands before, between and behind the places, of which there is at least one. */
  literals: string[];
  /** Whether it is said after something else. */
  isEnd: boolean;
  translation: string;
}

/** The same templates: those of ends come first where nothing stands before one, else they are what is left. */
interface Templates {
  endsFirst: Template[];
  endsLast: Template[];
  /** Whether they say so little that they fit by chance. */
  areVague: boolean;
}

/**
 * Says in the language of the editor what file format, theory and engine say in English. Their sentences are data: they stand in run
 * folders, old ones too, and on the wire, so they are recognized by their templates instead of being made in a language. What is not
 * recognized stays as it is.
 */
export class Sentences {
  private readonly exact = new Map<string, string>();
  private readonly kept = new Map<string, string>();
  private templates: { clear: Templates; vague: Templates } | undefined;

  /** `bundle`: translations by English template, as `vscode.l10n` loads them; undefined for English. */
  constructor(private readonly bundle: Readonly<Record<string, string>> | undefined) {}

  say(text: string): string {
    if (this.bundle === undefined) return text;
    let said = this.kept.get(text);
    if (said === undefined) {
      said = this.translate(text, 0);
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      this.kept.set(text, said);
    }
    return said;
  }

  private translate(text: string, depth: number): string {
    this.templates ??= this.read();
    const known = this.exactly(text);
    if (known !== undefined || depth > DEEPEST || !/[a-z]{2}/.test(text)) return known ?? text;
    const { clear, vague } = this.templates;
    return (
      this.fitted(text, clear, depth) ??
      this.inParts(text, depth, true) ??
      this.fitted(text, vague, depth) ??
      this.inParts(text, depth, false) ??
      text
    );
  }

  /** By the first template that fits. */
  private fitted(text: string, { endsFirst, endsLast, areVague }: Templates, depth: number): string | undefined {
    for (const { literals, isEnd, translation } of END.test(text) ? endsFirst : endsLast) {
      const values = matched(text, literals, isEnd);
      if (!values) continue;
      const said = values.map((value) => this.translate(value, depth + 1));
      // Nothing that is known stands around a word or two: chance.
      if (areVague && values.every((value, i) => value === said[i]) && values.some((value) => /[a-z]{2}/.test(hidden(value))))
        continue;
      const before = isEnd ? said.shift()! : '';
      const places = isEnd ? values.slice(1) : values;
      const rest = translation.replace(PLACE, (place, quote: string | undefined, index) =>
        quote === undefined ? (said[Number(index)] ?? place) : `${quote}${places[Number(index)] ?? place}`,
      );
      return before + rest;
    }
    return undefined;
  }

  /** A whole text, also where only its first letter is another: titles begin with a capital, and the axes of some pictures do not. */
  private exactly(text: string): string | undefined {
    const known = this.exact.get(text);
    if (known !== undefined || text === '') return known;
    const first = text[0] === text[0].toUpperCase() ? text[0].toLowerCase() : text[0].toUpperCase();
    const other = this.exact.get(first + text.slice(1));
    return other === undefined || first === first.toUpperCase() ? other : other[0].toUpperCase() + other.slice(1);
  }

  /** What no template says: sentences, items of a list, a name and what belongs to it. Strictly: one of two parts is known as a whole. */
  private inParts(text: string, depth: number, strictly: boolean): string | undefined {
    const [, sentence, others] = /^([^]*?\.) (\p{Lu}[^]*)$/u.exec(text) ?? [];
    if (sentence !== undefined) return `${this.translate(sentence, depth + 1)} ${this.translate(others, depth)}`;
    for (const separator of SEPARATORS) {
      const [head, rest] = splitAt(text, separator);
      if (rest === undefined) continue;
      const known = this.exact.get(separator + rest);
      if (strictly && known === undefined && this.exactly(head) === undefined && this.exactly(rest) === undefined) continue;
      const end = known ?? (this.exact.get(separator) ?? separator) + this.translate(rest, depth);
      return this.translate(head, depth + 1) + end;
    }
    if (text.startsWith(' ')) return ` ${this.translate(text.slice(1), depth)}`;
    for (const { index } of text.matchAll(/ (?=\S+ \S+ )/g)) {
      const end = this.exact.get(text.slice(index + 1));
      if (end !== undefined) return `${this.translate(text.slice(0, index), depth + 1)} ${end}`;
    }
    const [, name, number] = (!strictly && /^(.*[a-z]) ([\d.e+-]+)$/.exec(text)) || [];
    return name === undefined ? undefined : `${this.translate(name, depth + 1)} ${number}`;
  }

  /** Fills the table of whole texts, and gives back the templates. */
  private read(): { clear: Templates; vague: Templates } {
    const spoken = Object.entries(this.bundle ?? {}).flatMap(([key, translation]) =>
      key.endsWith(MARK) ? [{ text: key.slice(0, -MARK.length), translation }] : [],
    );
    for (const { text, translation } of spoken) this.exact.set(text, translation);
    const all = spoken
      .filter(({ text }) => text.includes('{0}'))
      .map(({ text, translation }) => ({ literals: text.split(/\{\d+\}/), isEnd: END.test(text), translation }))
      .sort((a, b) => length(b) - length(a));
    const isVague = ({ literals: [first, ...others] }: Template) =>
      (first === '' || others.length < 2) && [first, ...others].join('').replace(/[^A-Za-z]/g, '').length < FEW_LETTERS;
    return {
      clear: ordered(
        all.filter((template) => !isVague(template)),
        false,
      ),
      vague: ordered(all.filter(isVague), true),
    };
  }
}

const length = ({ literals }: Template) => literals.reduce((sum, literal) => sum + literal.length, 0);

/** Those that say much by themselves and begin with words come first; what is said behind something is what is left. */
function ordered(all: Template[], areVague: boolean): Templates {
  const ends = all.filter(({ isEnd }) => isEnd);
  const whole = all.filter(({ isEnd }) => !isEnd);
  const begun = areVague ? [] : whole.filter(({ literals }) => literals[0] !== '');
  const open = whole.filter((template) => !begun.includes(template));
  return { endsFirst: [...ends, ...begun, ...open], endsLast: [...begun, ...open, ...ends], areVague };
}

/** What is said after something else begins like this. */
const END = /^[ ,;]/;

/** Between parts of a list, and behind the name of something. */
const SEPARATORS = ['; ', ': ', ', ', ' and ', ' or '];

/** A place in a translation. What stands in quotes or braces are names of code, which stay as they are. */
const PLACE = /(["„`]|\{ )?\{(\d+)\}/g;

/** What stands at the places of a template, as little as possible at each, and before it where it is an end; undefined where it does not fit. */
function matched(text: string, literals: readonly string[], isEnd: boolean): string[] | undefined {
  const last = literals.length - 1;
  const end = text.length - literals[last].length;
  if (!text.endsWith(literals[last]) || !(isEnd || text.startsWith(literals[0]))) return undefined;
  const values: string[] = [];
  let from = isEnd ? 0 : literals[0].length;
  for (let i = isEnd ? 0 : 1; i < last; i++) {
    const at = text.indexOf(literals[i], from);
    if (at < 0 || at + literals[i].length > end) return undefined;
    values.push(text.slice(from, at));
    from = at + literals[i].length;
  }
  if (from > end) return undefined;
  values.push(text.slice(from, end));
  if (isCount(literals) && !/^\S+( × \S+)*$/.test(values[0])) return undefined;
  const places = isEnd ? values.slice(1) : values;
  return places.every((value, i) => !value.includes(closing(literals[i]) ?? '\0')) ? values : undefined;
}

/** Whether a template counts something, as in `{0} hidden layers`. */
const isCount = ([first, noun, ...more]: readonly string[]) =>
  first === '' && /^ (?!of |in |is )[a-z]+( [a-z]+)?$/.test(noun) && more.length === 0;

/** What ends a value that begins behind this; undefined where anything may be in it. */
const closing = (literal: string) => (literal.endsWith('{ ') ? '}' : literal.endsWith('"') ? '"' : undefined);

/** Before and behind a separator outside of quotes and braces; the whole text where there is none. */
function splitAt(text: string, separator: string): [string, string?] {
  const at = hidden(text).indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A text whose quotes and braces are blank: names of code. */
const hidden = (text: string) => text.replace(/"[^"]*"|\{[^{}]*\}/g, (inner) => '\0'.repeat(inner.length));
