import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/theory-coverage.md'), 'utf8');
/** Second column of every row that is no head and no rule. */
const shown = [...text.matchAll(/^\| *(.*?) *\| (\S.*?) *\|$/gm)]
  .map(([, claim = '', cell = '']) => ({ claim, cell: cell.replaceAll(/\\(.)/g, '$1') }))
  .filter(({ claim, cell }) => claim !== 'claim' && !/^-+$/.test(cell));
const tests = shown.flatMap(({ cell }) =>
  [...cell.matchAll(/^`([^`]+)`: (.+)$/g)].map(([, file = '', title = '']) => ({ file, title })),
);
const examples = shown.flatMap(({ cell }) =>
  [...cell.matchAll(/^\[(.+)\]\((.+)\)$/g)].map(([, name = '', link = '']) => ({ name, link })),
);
const open = shown.filter(({ cell }) => cell.startsWith('not covered: '));

test('every claim is followed by what shows it, or by why nothing does', () => {
  const lines = text.split('\n').filter((line) => line.startsWith('|')).length;
  const tables = text.split('\n').filter((line) => line.startsWith('## ')).length;
  expect(shown).toHaveLength(lines - 2 * tables);
  expect(tests.length + examples.length + open.length).toBe(shown.length);
  expect(tests.length).toBeGreaterThan(100);
  for (const { cell } of open) expect(cell).toMatch(/^not covered: .{10,}/);
});

test.each(tests)('$file has: $title', ({ file, title }) => {
  const at = path.join(root, file.startsWith('test/') ? file : `test/unit/${file}`);
  expect(existsSync(at)).toBe(true);
  const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  expect(readFileSync(at, 'utf8')).toMatch(new RegExp(`\\(\\s*(['"\`])${quoted}\\1`));
});

test.each(examples)('$name is an example that expects something', ({ name, link }) => {
  expect(link).toBe(`../examples/${name}.recovery.json`);
  expect(readFileSync(path.join(root, 'docs', link), 'utf8')).toContain('"expect": {');
});

test('every example is there', () => {
  const files = readdirSync(path.join(root, 'examples')).filter((file) => file.endsWith('.recovery.json'));
  const named = new Set(examples.map(({ name }) => `${name}.recovery.json`));
  // These show a feature of the program and no claim of a paper.
  const others = new Set(['quick-start', 'hessian-during-training', 'gradient-flow'].map((name) => `${name}.recovery.json`));
  expect(files.filter((file) => !named.has(file) && !others.has(file))).toEqual([]);
});
