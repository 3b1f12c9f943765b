import { dataElement, escapeHtml, findData, unescapeHtml } from '../../protocol/markup';
import type { RunRecord } from '../../protocol/record';
import { pageWords, type SpokenWords } from '../spokenWords';

/**
 * The report of a run, which is stored in English, in another language: its page gets the words of the bundle, and what the engine said is
 * said anew. Undefined for a page that is none of ours, or of a form that is not known here.
 */
export function spokenReport(
  html: string,
  words: SpokenWords,
  bundle: Readonly<Record<string, string>>,
  language: string,
): string | undefined {
  const found = findData(html, 'record');
  if (!found) return undefined;
  let record: RunRecord;
  try {
    record = words.record(JSON.parse(found.json) as RunRecord);
  } catch {
    return undefined;
  }
  const data = `${dataElement('l10n', JSON.stringify(pageWords(bundle)))}\n${dataElement('record', JSON.stringify(record))}`;
  const head = html
    .slice(0, found.from)
    .replace('<html lang="en">', `<html lang="${escapeHtml(language)}">`)
    .replace(
      /(<noscript>\s*<h1>[^<]*<\/h1>)([^]*?)(?=<\/noscript>)/,
      (_, title: string, plain: string) => title + saidIn(plain, words),
    );
  return head + data + html.slice(found.to);
}

/** Every line between tags, said anew. */
const saidIn = (html: string, words: SpokenWords) =>
  html.replace(/[^<>\n]+(?=[^<>]*<)/g, (text) => escapeHtml(words.say(unescapeHtml(text))));
