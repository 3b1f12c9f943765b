import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TEMPLATES } from '../../../src/experiment';
import { SpokenWords } from '../../../src/extension/spokenWords';
import { exampleText } from '../studies/runFile';

export const root = path.resolve(import.meta.dirname, '../../..');
export const bundle = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.de.json'), 'utf8')) as Record<string, string>;
export const german = new SpokenWords(bundle);

/** Words, without what stays as it is in every language: quoted names, code, sets of properties, titles of papers. */
export const wordsOf = (text: string) =>
  text
    .replace(/"[^"]*"|“[^”]*”|„[^“]*“|`[^`]*`|\{[^{}]*\}|\([^()]*arXiv[^()]*\)/g, ' ')
    .match(/(?<![\p{L}\d_.-])\p{L}{2,}(?![\p{L}\d_(*])/gu) ?? [];

const translations = Object.entries(bundle).filter(([key]) => key.endsWith('/spoken'));
const ofGerman = new Set(translations.flatMap(([, text]) => wordsOf(text)));
/** Words that only English has: who meets one in German meets a text that was not translated. */
export const ofEnglish = new Set(
  translations.flatMap(([key]) => wordsOf(key.slice(0, -7))).filter((word) => !ofGerman.has(word)),
);
const english = (text: string) => wordsOf(german.say(text)).filter((word) => ofEnglish.has(word));

/** Texts that are no names in a file, each with the English words that are left in its translation. */
export const untranslated = (texts: Iterable<string>) =>
  [...new Set(texts)]
    .filter((text) => !/^[a-z]\w*( \d+)?$/.test(text))
    .flatMap((text) => (english(text).length === 0 ? [] : [{ text, german: german.say(text), left: english(text) }]));

/** One small experiment of every kind, and further ones for what only some of a kind say. */
export const STUDIES: [string, string][] = [
  ...Object.entries(TEMPLATES),
  ...[
    'geometry-tanh-companion',
    'independence-causes',
    'independence-sigmoid-pair',
    'learning-coefficient',
    'lifting-exp-saddle',
    'local-recovery-trained',
    'quick-start',
    'rank-stratification-tanh',
    'search-matrix',
  ].map((name): [string, string] => [name, exampleText(name)]),
];
