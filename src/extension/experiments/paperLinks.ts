/** A text as Markdown: taken literally, but for the arXiv numbers in it, which become links to their papers. */
export function withPaperLinks(text: string): string {
  return text
    .split(/(arXiv \d{4}\.\d{4,5})/)
    .map((part, index) => (index % 2 === 1 ? `[${part}](https://arxiv.org/abs/${part.slice('arXiv '.length)})` : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~-]/g, '\\$&');
}
