import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/complaints.md'), 'utf8');
const rows = [...text.matchAll(/^\|.*\| `(test\/[^`]+)`: (.+?) +\|$/gm)].map(([, file = '', title = '']) => ({ file, title }));

test('every complaint names a test', () => {
  // All lines of the table but its head and the rule below it.
  expect(rows.length).toBe(text.split('\n').filter((line) => line.startsWith('|')).length - 2);
  expect(rows.length).toBeGreaterThan(0);
});

test.each(rows)('$file has: $title', ({ file, title }) => {
  const at = path.join(root, file);
  expect(existsSync(at)).toBe(true);
  const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  expect(readFileSync(at, 'utf8')).toMatch(new RegExp(`\\b(test|it)\\(\\s*['"\`]${quoted}['"\`]`));
});
