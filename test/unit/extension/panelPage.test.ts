import { expect, test } from 'vitest';
import { panelPage } from '../../../src/extension/panels/panelPage';
import { findData } from '../../../src/protocol/markup';

test('the page of a panel runs its own script alone, whatever a translation says', () => {
  const words = { Verdicts: '</script><script>alert(1)</script>', 'Loss <!-- <script': '"' };
  const html = panelPage({ script: 'end = "</script>"', style: 'a::after { content: "</style>" }' }, words, 'de"><b>');
  expect(JSON.parse(findData(html, 'l10n')!.json)).toEqual(words);
  expect(html.match(/<\/script/g)).toHaveLength(2);
  expect(html.match(/<\/style/g)).toHaveLength(1);
  expect(html).not.toContain('<b>');
  const nonces = html.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g);
  expect(nonces).toHaveLength(5);
  expect(new Set(nonces).size).toBe(1);
  expect(html).toContain("default-src 'none'");
});
