import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json';
import lock from '../../package-lock.json';
import { panelPage } from '../../src/extension/panels/panelPage';
import { bundledPackages } from '../../scripts/licences.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const sources = fs
  .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ts$/.test(file) && !file.includes('assembly'))
  .map((file) => ({ file: file.split(path.sep).join('/'), tree: parse(path.join(root, 'src', file)) }));

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
}

function nodesOf(tree: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [tree];
  for (let i = 0; i < nodes.length; i++) ts.forEachChild(nodes[i], (child) => void nodes.push(child));
  return nodes;
}

/** `file: text` of every node of the sources that is such a one. */
function found(test: (node: ts.Node) => boolean): string[] {
  return sources.flatMap(({ file, tree }) =>
    nodesOf(tree)
      .filter(test)
      .map((node) => `${file}: ${node.getText().split('\n')[0].slice(0, 80)}`),
  );
}

const calls = (node: ts.Node, ...names: string[]) =>
  (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
  ((ts.isIdentifier(node.expression) && names.includes(node.expression.text)) ||
    (ts.isPropertyAccessExpression(node.expression) &&
      ['globalThis', 'window', 'self', 'global'].includes(node.expression.expression.getText()) &&
      names.includes(node.expression.name.text)));

/** Modules that the sources import, by whatever form of import. */
const imports = sources.flatMap(({ file, tree }) =>
  nodesOf(tree).flatMap((node) => {
    const isImport =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) &&
            (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
          ? node.arguments[0]
          : undefined;
    return isImport && ts.isStringLiteralLike(isImport) ? [{ file, module: isImport.text }] : [];
  }),
);
const importing = (pattern: RegExp) =>
  [...new Set(imports.filter(({ module }) => pattern.test(module)).map(({ file }) => file))].sort();

describe('the sources', () => {
  test('turn no text into code', () => {
    expect(found((node) => calls(node, 'eval', 'Function', 'importScripts'))).toEqual([]);
    expect(found((node) => calls(node, 'setTimeout', 'setInterval') && isText((node as ts.CallExpression).arguments[0]))).toEqual(
      [],
    );
    // The launcher, of the engine's own file: with what V8 made of it the last time.
    expect(importing(/^(node:)?(vm|repl|inspector)$/)).toEqual(['engine/launch.ts']);
  });

  test('start no shell, and other programs in four places alone', () => {
    // The engine; the C compiler; npm, which installs TensorFlow when a person asks for it; Slurm, when a person chooses it.
    expect(importing(/^(node:)?child_process$/)).toEqual([
      'engine/native/build.ts',
      'engine/slurm/command.ts',
      'engine/tensorflow/install.ts',
      'extension/runs/engineProcess.ts',
    ]);
    expect(found((node) => calls(node, 'exec', 'execSync') && !ts.isNewExpression(node))).toEqual([]);
    // npm is a batch file on Windows, which only a shell starts; its arguments are constants.
    expect(found((node) => ts.isPropertyAssignment(node) && node.name.getText() === 'shell')).toEqual([
      'engine/tensorflow/install.ts: shell: windows',
    ]);
    const constant = fs.readFileSync(path.join(root, 'src/engine/tensorflow/install.ts'), 'utf8');
    expect(constant).toMatch(/const NPM_ARGUMENTS = \[[^\]]*\];?/);
  });

  test('use no network', () => {
    expect(importing(/^(node:)?(http|https|http2|net|tls|dgram|dns|dns\/promises)$/)).toEqual([]);
    const names = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'RTCPeerConnection', 'sendBeacon'];
    expect(
      found((node) => calls(node, ...names) || (ts.isPropertyAccessExpression(node) && names.includes(node.name.text))),
    ).toEqual([]);
  });

  test('write no text into a page as markup', () => {
    const sinks = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'];
    expect(
      found(
        (node) => ts.isPropertyAccessExpression(node) && (sinks.includes(node.name.text) || node.getText() === 'document.write'),
      ),
    ).toEqual([]);
  });
});

function isText(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node));
}

describe('the extension', () => {
  test('lets no workspace name a program, a path or lines of a shell in a setting', () => {
    const settings = Object.entries(
      manifest.contributes.configuration.properties as Record<string, { type: unknown; scope: string }>,
    );
    const risky = settings.filter(
      ([name, { type }]) => /path|executable|command|program|shell|setup|env/i.test(name) && type !== 'boolean',
    );
    expect(risky.filter(([, { scope }]) => scope !== 'machine').map(([name]) => name)).toEqual([]);
  });

  test('gives its page no right but to what stands in it', () => {
    const html = panelPage({ script: '', style: '' }, {}, 'en');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1];
    const nonce = /<script nonce="([^"]*)"/.exec(html)![1];
    expect(policy).toBe(`default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`);
  });

  test('runs nothing in an untrusted workspace', () => {
    const starting = found((node) => calls(node, 'isTrusted') || node.getText() === 'vscode.workspace.isTrusted').map(
      (text) => text.split(':')[0],
    );
    expect(new Set(starting)).toContain('extension/commands/runExperiment.ts');
  });
});

describe('dependencies', () => {
  test('are pinned: each with a hash, none with an address', () => {
    const packages = Object.entries(lock.packages as Record<string, { integrity?: string; resolved?: string; link?: boolean }>);
    const installed = packages.filter(([name, { link }]) => name !== '' && link !== true);
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([]);
    const asked: Record<string, string> = { ...manifest.devDependencies };
    expect(Object.entries(asked).filter(([, version]) => !/^\d/.test(version))).toEqual([]);
  });

  test('inside the bundles are listed with their licences, all of them permissive', () => {
    const notices = fs.readFileSync(path.join(root, 'dist/THIRD-PARTY.md'), 'utf8');
    for (const name of ['@sinclair/typebox', '@noble/hashes', 'chart.js', 'fflate', 'jsonc-parser'])
      expect(notices).toMatch(new RegExp(`\\| ${name} \\| [\\d.]+ \\| MIT \\|`));
  });

  test('of another licence stop the build', () => {
    const metafile = { outputs: { 'a.js': { inputs: { 'node_modules/typescript/lib/typescript.js': { bytesInOutput: 1 } } } } };
    expect(bundledPackages(root, [metafile]).map(({ license }) => license)).toEqual(['Apache-2.0']);
    const mpl = Object.entries(lock.packages as Record<string, { license?: string }>).find(
      ([name, { license }]) => license?.startsWith('MPL') && fs.existsSync(path.join(root, name)),
    );
    if (!mpl) return;
    const inputs = { [`${mpl[0]}/index.js`]: { bytesInOutput: 1 } };
    expect(() => bundledPackages(root, [{ outputs: { 'a.js': { inputs } } }])).toThrow('has licence MPL');
  });
});
