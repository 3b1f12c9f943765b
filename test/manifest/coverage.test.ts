import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What stands in the second column of a page: a test by file and title, a link, or why nothing shows the claim. */
function shownIn(page: string) {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  /** Every row that is no head and no rule. */
  const rows = [...text.matchAll(/^\| *(.*?) *\| (\S.*?) *\|$/gm)]
    .map(([, claim = '', cell = '']) => ({ claim, cell: cell.replaceAll(/\\(.)/g, '$1') }))
    .filter(({ claim, cell }) => claim !== 'claim' && !/^-+$/.test(cell));
  const tests = rows.flatMap(({ cell }) =>
    [...cell.matchAll(/^`([^`]+)`: (.+)$/g)].map(([, file = '', title = '']) => ({ file, title })),
  );
  const links = rows.flatMap(({ cell }) =>
    [...cell.matchAll(/^\[(.+)\]\((.+)\)$/g)].map(([, name = '', link = '']) => ({ name, link })),
  );
  return { text, rows, tests, links, open: rows.filter(({ cell }) => cell.startsWith('not covered: ')) };
}

const theory = shownIn('theory-coverage.md');
const editor = shownIn('editor-coverage.md');

describe.each([
  { page: 'theory-coverage.md', shown: theory },
  { page: 'editor-coverage.md', shown: editor },
])('$page', ({ shown }) => {
  const { text, rows, tests, links, open } = shown;

  test('every claim is followed by what shows it, or by why nothing does', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('|')).length;
    const tables = text.split('\n').filter((line) => line.startsWith('## ')).length;
    expect(rows).toHaveLength(lines - 2 * tables);
    expect(tests.length + links.length + open.length).toBe(rows.length);
    expect(tests.length).toBeGreaterThan(100);
    for (const { cell } of open) expect(cell).toMatch(/^not covered: .{10,}/);
  });

  test.each(tests)('$file has: $title', ({ file, title }) => {
    const at = path.join(root, file.startsWith('test/') ? file : `test/unit/${file}`);
    expect(existsSync(at)).toBe(true);
    const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    expect(readFileSync(at, 'utf8')).toMatch(new RegExp(`(\\(|title:)\\s*(['"\`])${quoted}\\2`));
  });

  test.each(links)('$link is there', ({ link }) => expect(existsSync(path.join(root, 'docs', link))).toBe(true));
});

test.each(theory.links)('$name is an example that expects something', ({ name, link }) => {
  expect(link).toBe(`../examples/${name}.recovery.json`);
  expect(readFileSync(path.join(root, 'docs', link), 'utf8')).toContain('"expect": {');
});

test('every example is there', () => {
  const files = readdirSync(path.join(root, 'examples')).filter((file) => file.endsWith('.recovery.json'));
  const named = new Set(theory.links.map(({ name }) => `${name}.recovery.json`));
  // These show a feature of the program and no claim of a paper.
  const others = new Set(['quick-start', 'hessian-during-training', 'gradient-flow'].map((name) => `${name}.recovery.json`));
  expect(files.filter((file) => !named.has(file) && !others.has(file))).toEqual([]);
});
