import type { EngineEvent, Prediction, Verdict } from '../protocol/events';
import type { RunRecord } from '../protocol/record';

/** How keys of the bundle end whose texts theory and verdicts say; `scripts/l10n.mjs` collects them. */
const MARK = '/spoken';
/** Parts of parts of a sentence. */
const DEEPEST = 4;
/** A longer text, in characters, is none of ours, and comparing it with templates of many places could take for ever. */
const LONGEST = 400;

interface Template {
  pattern: RegExp;
  /** Whether it is said after something else. */
  isEnd: boolean;
  translation: string;
}

/**
 * Says in the language of the editor what theory and engine say in English. Their sentences are data: they stand in run folders, old
 * ones too, and on the wire, so they are recognized by their templates instead of being made in a language. What is not recognized stays
 * as it is.
 */
export class SpokenWords {
  private readonly exact = new Map<string, string>();
  private readonly templates: Template[];

  /** `bundle`: translations by English template, as `vscode.l10n` loads them; undefined for English. */
  constructor(bundle: Readonly<Record<string, string>> | undefined) {
    const spoken = Object.entries(bundle ?? {}).flatMap(([key, translation]) =>
      key.endsWith(MARK) ? [{ text: key.slice(0, -MARK.length), translation }] : [],
    );
    for (const { text, translation } of spoken) this.exact.set(text, translation);
    // The one that says the most by itself is meant, where several fit.
    this.templates = spoken
      .filter(({ text }) => text.includes('{0}'))
      .sort((a, b) => literalLength(b.text) - literalLength(a.text))
      .map(({ text, translation }) => ({ pattern: patternOf(text), isEnd: isEnd(text), translation }));
  }

  say(text: string, depth = 0): string {
    const known = this.exact.get(text);
    if (known !== undefined || depth > DEEPEST || text.length > LONGEST || !/[a-z]{2}/.test(text)) return known ?? text;
    for (const { pattern, isEnd, translation } of this.templates) {
      const [before = '', ...values] = pattern.exec(text)?.slice(isEnd ? 1 : 0) ?? [];
      if (values.length === 0) continue;
      const said = translation.replace(/\{(\d+)\}/g, (_, index) => this.say(values[Number(index)], depth + 1));
      return isEnd ? this.say(before, depth + 1) + said : said;
    }
    const parts = text.split(LIST);
    return parts.length === 1 ? text : parts.map((part) => this.say(part, depth + 1)).join(this.exact.get(LIST) ?? LIST);
  }

  prediction(prediction: Prediction): Prediction {
    const { headline, formula, source } = prediction;
    const said = { ...prediction, formula: this.say(formula), source: this.say(source) };
    return headline === undefined ? said : { ...said, headline: this.say(headline) };
  }

  verdict(verdict: Verdict): Verdict {
    return { ...verdict, reasons: verdict.reasons.map((reason) => this.say(reason)) };
  }

  event(event: EngineEvent): EngineEvent {
    if (event.type === 'accepted') return { ...event, predictions: this.prediction(event.predictions) };
    return event.type === 'verdict' ? { ...event, verdict: this.verdict(event.verdict) } : event;
  }

  record(record: RunRecord): RunRecord {
    const { accepted, verdicts } = record;
    return {
      ...record,
      accepted: accepted && { ...accepted, predictions: this.prediction(accepted.predictions) },
      verdicts: verdicts.map((verdict) => this.verdict(verdict)),
    };
  }
}

/** Between the last two of a list. */
const LIST = ' and ';

const isEnd = (template: string) => /^[ ,;]/.test(template);

/** The places of a template match anything, as little as possible; numbers of places count from 0 in order. */
function patternOf(template: string): RegExp {
  const parts = template.split(/\{\d+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${isEnd(template) ? '([^]*?)' : ''}${parts.join('([^]*?)')}$`);
}

const literalLength = (template: string) => template.replace(/\{\d+\}/g, '').length;

/** What a page needs of a bundle: what theory and engine say comes to it translated. */
export function pageWords(bundle: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(bundle ?? {}).filter(([key]) => !key.endsWith(MARK)));
}
