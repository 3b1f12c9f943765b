import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
// @ts-expect-error A script of the build, without types.
import { translatedStrings } from '../../scripts/l10n.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;

/** Places for values, and the targets of links, which translations must keep. */
const places = (text: string) => (text.match(/\{\w+\}|\]\([^)]*\)|`[^`]*`/g) ?? []).sort();

/** Texts that read as words and are not translated: capitalised, or two words; not the product's name. */
function wordsOutside(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || (ts.isCallExpression(node) && node.expression.getText() === 't')) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) {
      if (/^[A-Z][a-z]{2}|[a-z]{3} [a-z]{2}/.test(node.text.replace('Recovery Lab', ''))) found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('strings.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

const TABLES = [
  ['package.nls.json', readdirSync(root).filter((file) => /^package\.nls\..+\.json$/.test(file))],
  [
    'l10n/bundle.l10n.json',
    readdirSync(path.join(root, 'l10n'))
      .filter((file) => /^bundle\.l10n\..+\.json$/.test(file))
      .map((file) => `l10n/${file}`),
  ],
] as const;

describe('the bundle of extension host and panels', () => {
  test('has every string of the sources and no other, as itself; `node scripts/l10n.mjs` writes it', () => {
    const strings = (translatedStrings as () => Record<string, string>)();
    expect(strings).toMatchObject({ 'Remove from queue': 'Remove from queue', 'Hessian eigenvalues': 'Hessian eigenvalues' });
    expect(read('l10n/bundle.l10n.json')).toEqual(strings);
  });

  test('no words of a panel pass it by', () => {
    expect(wordsOutside('const a = { b: t("Sample size"), c: `Sample ${n}`, d: "the loss", e: "lowRank" };')).toEqual([
      'Sample ',
      'the loss',
    ]);
    expect(wordsOutside(readFileSync(path.join(root, 'src/webview/strings.ts'), 'utf8'))).toEqual([]);
  });
});

for (const [original, translations] of TABLES) {
  describe(original, () => {
    test('is translated into the same languages as the other', () => {
      const languages = TABLES.map(([, files]) => files.map((file) => /\.([\w-]+)\.json$/.exec(file)?.[1]));
      expect(languages[0]).toEqual(languages[1]);
      expect(languages[0]).toContain('de');
    });

    for (const translation of translations) {
      test(`${translation} has the same keys`, () => {
        expect(Object.keys(read(translation)).sort()).toEqual(Object.keys(read(original)).sort());
      });

      test(`${translation} keeps places for values, code and links, and leaves nothing empty`, () => {
        const table = read(original);
        for (const [key, text] of Object.entries(read(translation))) {
          expect([key, places(text)]).toEqual([key, places(table[key])]);
          expect(text.trim(), key).not.toBe('');
        }
      });

      test(`${translation} is a translation`, () => {
        const table = read(original);
        // Titles of papers stay as they are.
        const sentences = Object.keys(table).filter(
          (key) => (table[key].match(/[a-z]{4,}/g) ?? []).length > 1 && !table[key].includes('arXiv '),
        );
        const same = sentences.filter((key) => read(translation)[key] === table[key]);
        expect(same).toEqual([]);
      });
    }
  });
}
