import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const images = path.join(root, 'docs/images');
const pages = [
  'README.md',
  ...readdirSync(path.join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** Pictures of a page, as paths from the root. */
function picturesOf(page: string): string[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  return Array.from(text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g), ([, link = '']) => path.posix.join(path.posix.dirname(page), link));
}

const shown = pages.flatMap(picturesOf);

test('every picture of a page is there, and every picture is on a page', () => {
  expect(shown.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  const there = readdirSync(images).flatMap((name) => (name.includes('.') ? [`docs/images/${name}`] : []));
  expect(there.sort()).toEqual([...new Set(shown)].sort());
});

test('the recording is an animation of less than 1.5 MB', () => {
  const file = readFileSync(path.join(images, 'recording.webp'));
  expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWEBPVP8X');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.includes('ANIM')).toBe(true);
  expect(file.length).toBeLessThan(1_500_000);
});

test('pictures together stay small', () => {
  const bytes = shown.reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
  expect(bytes).toBeLessThan(6_000_000);
});
