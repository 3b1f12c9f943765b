/** Id of the element in which a page carries its translations, as JSON. English pages have none. */
const ELEMENT = 'l10n';

/** Tests read texts where there is no page. */
const { document } = globalThis as { document?: { getElementById(id: string): { textContent: string | null } | null } };

/** Translations by the English text, as in the bundles of `vscode.l10n`. */
const translations = read();

/** A text in the language of the page, with `{0}`, `{1}`, … replaced by the values. A comment tells texts apart that only English shares. */
export function t(
  text: string | { message: string; comment: readonly string[] },
  ...values: readonly (string | number | boolean)[]
): string {
  const { message, key } =
    typeof text === 'string' ? { message: text, key: text } : { ...text, key: `${text.message}/${text.comment.join('')}` };
  const translated = translations[key] ?? message;
  return translated.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
}

function read(): Readonly<Record<string, string | undefined>> {
  const text = document?.getElementById(ELEMENT)?.textContent;
  return text ? (JSON.parse(text) as Record<string, string>) : {};
}
