import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { PackageManager, listFiles } from '@vscode/vsce';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

test('the package holds what runs, the examples and what people read, and nothing else', async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const examples = readdirSync(path.join(root, 'examples'))
    .filter((name) => name.endsWith('.recovery.json'))
    .map((name) => `examples/${name}`);
  expect(examples.length).toBeGreaterThan(0);
  const wanted = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/THIRD-PARTY.md',
    'dist/engine.js',
    'dist/extension.js',
    'dist/extension.web.js',
    'dist/recovery.js',
    'dist/theory.js',
    'dist/webview/run.css',
    'dist/webview/run.js',
    'dist/worker.js',
    ...examples,
    'examples/data/condensed-weights.json',
    'examples/data/digits.csv',
    'l10n/bundle.l10n.de.json',
    'l10n/bundle.l10n.json',
    'media/icon.png',
    'media/panel.svg',
    'media/recovery.schema.de.json',
    'media/recovery.schema.json',
    'media/walkthrough/create.svg',
    'media/walkthrough/predict.svg',
    'media/walkthrough/run.svg',
    'media/walkthrough/verdict.svg',
    'media/walkthrough/watch.svg',
    'media/runs.svg',
    'package.json',
    'package.nls.de.json',
    'package.nls.json',
  ];
  expect(files.map((file) => file.replaceAll('\\', '/')).sort()).toEqual(wanted.sort());
});

test('the package stays below 5 MB, without TensorFlow', async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  // As its archive holds them; names and directory of the archive add little.
  const bytes = files.reduce((sum, file) => sum + deflateRawSync(readFileSync(path.join(root, file))).length, 0);
  expect(bytes).toBeGreaterThan(1e5);
  expect(bytes).toBeLessThan(5e6);
});
