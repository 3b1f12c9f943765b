import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataElement, escapeHtml, findData, insideScript, insideStyle, unescapeHtml } from '../../../src/protocol/markup';

/** Texts that a page could take for its own. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('</script', '</SCRIPT>', '<!--', '<script>', '</style>', '\u2028', '&lt;', '&', '"', "'"),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

describe('markup', () => {
  test('text comes back from HTML, and is none', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = escapeHtml(text);
        expect(html).not.toMatch(/[<>"']/);
        expect(unescapeHtml(html)).toBe(text);
      }),
    );
  });

  test('data is found again in a page, and ends no element', () => {
    fc.assert(
      fc.property(hostile, fc.dictionary(hostile, hostile), (before, value) => {
        const element = dataElement('record', JSON.stringify(value));
        const page = `<p>${escapeHtml(before)}</p>${dataElement('l10n', '{}')}${element}<p></p>`;
        const found = findData(page, 'record')!;
        expect(page.slice(found.from, found.to)).toBe(element);
        expect(JSON.parse(found.json)).toEqual(value);
        expect(element.match(/<[/!]/g)).toHaveLength(1);
      }),
    );
    expect(findData('<p></p>', 'record')).toBeUndefined();
  });

  test('scripts and styles end no element, and mean what they meant', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const script = insideScript(`value = ${JSON.stringify(text)}`);
        expect(script).not.toMatch(/<\/script/i);
        expect(JSON.parse(script.slice('value = '.length))).toBe(text);
        expect(insideStyle(text)).not.toMatch(/<\/style/i);
      }),
    );
  });
});
