const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const CHARACTERS = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** What `escapeHtml` was given. */
export function unescapeHtml(html: string): string {
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS.get(entity) ?? entity);
}

/** A script that may stand inside a script element: in a string of it the end of a script would be one. */
export function insideScript(script: string): string {
  return script.replace(/<\/(?=script)/gi, '<\\/');
}

/** A style sheet that may stand inside a style element. */
export function insideStyle(style: string): string {
  return style.replace(/<\/(?=style)/gi, '<\\/');
}

/** JSON that may stand inside a script element: no `</script>`, no `<!--`. */
function escapeJson(json: string): string {
  return json
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/** A block of data for the script of a page. */
export function dataElement(id: string, json: string): string {
  return `${startOfData(id)}${escapeJson(json)}${END_OF_DATA}`;
}

/** Where the block of data is that `dataElement` wrote: from its tag to the end of its end tag; and its JSON. Undefined if there is none. */
export function findData(html: string, id: string): { from: number; to: number; json: string } | undefined {
  const start = startOfData(id);
  const from = html.indexOf(start);
  const to = html.indexOf(END_OF_DATA, from);
  if (from < 0 || to < 0) return undefined;
  return { from, to: to + END_OF_DATA.length, json: html.slice(from + start.length, to) };
}

const startOfData = (id: string) => `<script type="application/json" id="${id}">`;
const END_OF_DATA = '</script>';
