// Builds everything into dist/: webviews first, because the engine carries the report page inside itself.
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportAssets, wasm } from './scripts/builtAssets.mjs';
import { bundledPackages, thirdPartyNotices } from './scripts/licences.mjs';

const root = import.meta.dirname;
const inRoot = (...parts) => path.join(root, ...parts);
const { version } = createRequire(import.meta.url)('./package.json');

// `module` before `main`: jsonc-parser's CommonJS form hides its imports from bundlers.
const common = {
  absWorkingDir: root,
  bundle: true,
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};

const webviews = {
  ...common,
  entryPoints: { run: 'src/webview/run/main.ts', report: 'src/webview/report/main.ts' },
  outdir: 'dist/webview',
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  minify: true,
};

/** Folders with AssemblyScript sources, by the name of the module that they become: `<name>:wasm` in imports, dist/<name>.wasm. */
const wasmModules = {
  kernels: { folder: 'src/engine/kernels/assembly' },
  // Products and sums may be fused: faster, and not reproducible.
  relaxed: { folder: 'src/engine/kernels/assembly', features: ['relaxed-simd'] },
  curvature: { folder: 'src/engine/curvature/assembly' },
  linalg: { folder: 'src/engine/linalg/assembly' },
};

/** Compiles AssemblyScript to WebAssembly with two-lane SIMD, where a source of any module (they share some) is newer than the result. */
async function compileWasm() {
  const sources = Object.values(wasmModules).flatMap(({ folder }) =>
    fs.readdirSync(inRoot(folder)).map((file) => inRoot(folder, file)),
  );
  const changed = Math.max(...sources.map((file) => fs.statSync(file).mtimeMs));
  for (const [name, { folder, features = [] }] of Object.entries(wasmModules)) {
    const output = `dist/${name}.wasm`;
    if (fs.existsSync(inRoot(output)) && fs.statSync(inRoot(output)).mtimeMs > changed) continue;
    const { error, stderr } = await asc.main(
      [
        `${folder}/index.ts`,
        '--outFile',
        output,
        '--baseDir',
        root,
        '-O3',
        '--noAssert',
        '--runtime',
        'stub',
        '--enable',
        'simd',
        ...features.flatMap((feature) => ['--enable', feature]),
        '--disableWarning',
        '112',
      ],
      {},
    );
    if (error) throw new Error(`${folder} does not compile.\n${stderr.toString()}`);
  }
}

/** Loading them takes 2 ms each, and most runs need none of them. */
const LAZY = ['node:child_process', 'node:crypto', 'node:module', 'node:v8', 'node:worker_threads', 'node:zlib', 'fflate'];

/** Loads modules when something of them is first used. */
const lazy = {
  name: 'lazy',
  setup(api) {
    api.onResolve({ filter: new RegExp(`^(${LAZY.join('|')})$`) }, ({ path: name, namespace }) =>
      namespace === 'lazy' ? undefined : { path: name, namespace: 'lazy' },
    );
    api.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: name }) => ({
      contents: `for (const key of ${JSON.stringify(Object.keys(createRequire(import.meta.url)(name)))})
        Object.defineProperty(exports, key, { enumerable: true, get: () => require(${JSON.stringify(name)})[key] });`,
      resolveDir: root,
    }));
  },
};

// Identifiers keep their names in Node bundles: stack traces in logs are read by people.
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The C sources of the native kernels travel inside the engine.
  loader: { '.c': 'text', '.h': 'text' },
  minifySyntax: true,
  minifyWhitespace: true,
  define: { __ENGINE_VERSION__: JSON.stringify(version) },
};

const engine = {
  ...node,
  entryPoints: ['src/engine/cli.ts'],
  outfile: 'dist/engine.js',
  // The launcher reads it as such.
  charset: 'ascii',
  plugins: [reportAssets, wasm(), lazy],
};

const launcher = {
  ...node,
  entryPoints: ['src/engine/launch.ts'],
  outfile: 'dist/recovery.js',
  plugins: [lazy],
  banner: { js: '#!/usr/bin/env node' },
};

const worker = {
  ...node,
  entryPoints: ['src/engine/worker.ts'],
  outfile: 'dist/worker.js',
  plugins: [wasm(), lazy],
};

/**
 * What the sources take from `vscode`, as names of one module. Otherwise each of some sixty files would copy all of it into an object of
 * its own when the extension is loaded.
 */
const vscodeOnce = {
  name: 'vscode-once',
  setup(api) {
    api.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode-once' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode-once' },
    );
    api.onLoad({ filter: /.*/, namespace: 'vscode-once' }, () => {
      const sources = fs.readdirSync(inRoot('src/extension'), { recursive: true, encoding: 'utf8' });
      const code = sources.filter((file) => file.endsWith('.ts')).map((file) => fs.readFileSync(inRoot('src/extension', file)));
      const names = new Set([...code.join('\n').matchAll(/\bvscode\.(\w+)/g)].map(([, name]) => name));
      const lines = [...names].sort().map((name) => `export const ${name} = api.${name};`);
      return { contents: ["const api = require('vscode');", ...lines].join('\n') };
    });
  },
};

const extension = {
  ...node,
  entryPoints: ['src/extension/extension.ts'],
  outfile: 'dist/extension.js',
  plugins: [vscodeOnce, wasm()],
};

/** The web extension has twins of modules that need Node: `<name>.web.ts` beside `<name>.ts`. */
const webTwins = {
  name: 'web-twins',
  setup(api) {
    api.onResolve({ filter: /^\.{1,2}\// }, ({ path: name, resolveDir }) => {
      const twin = path.resolve(resolveDir, `${name}.web.ts`);
      return fs.existsSync(twin) ? { path: twin } : undefined;
    });
  },
};

// A worker of the browser loads it as a CommonJS module.
const webExtension = {
  ...extension,
  entryPoints: ['src/extension/web.ts'],
  outfile: 'dist/extension.web.js',
  platform: 'browser',
  target: 'chrome120',
  plugins: [vscodeOnce, webTwins, wasm()],
};

const theory = {
  ...node,
  entryPoints: ['src/extension/theory/theoryWorker.ts'],
  outfile: 'dist/theory.js',
  plugins: [wasm()],
};

const vscodeTests = {
  ...common,
  entryPoints: ['test/vscode/index.ts'],
  outfile: 'out/test/index.js',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'mocha'],
};

/** Writes the schema that VS Code uses for completion and hover, from the same source as the validator, in every language that the extension speaks. */
async function writeEditorSchemas() {
  const file = inRoot('dist/build/schema.mjs');
  await build({
    ...common,
    stdin: {
      contents: `export { editorJsonSchema } from './src/experiment'; export { Sentences } from './src/extension/sentences';`,
      resolveDir: root,
    },
    outfile: file,
    platform: 'node',
    format: 'esm',
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const { editorJsonSchema, Sentences } = await import(pathToFileURL(file).href);
  const write = (name, schema) => fs.writeFileSync(inRoot('media', name), `${JSON.stringify(schema, null, 2)}\n`);
  write('recovery.schema.json', editorJsonSchema());
  for (const bundle of fs.readdirSync(inRoot('l10n'))) {
    const [, language] = /^bundle\.l10n\.(.+)\.json$/.exec(bundle) ?? [];
    if (language === undefined) continue;
    const words = new Sentences(JSON.parse(fs.readFileSync(inRoot('l10n', bundle), 'utf8')));
    write(
      `recovery.schema.${language}.json`,
      editorJsonSchema((text) => words.say(text)),
    );
  }
  fs.rmSync(path.dirname(file), { recursive: true });
}

const hashOf = (file) =>
  createHash('sha256')
    .update(fs.readFileSync(inRoot(file)))
    .digest('hex')
    .slice(0, 16);

fs.mkdirSync(inRoot('dist'), { recursive: true });
await compileWasm();
const results = { webviews: await build(webviews) };
results.engine = await build(engine);
results.launcher = await build({
  ...launcher,
  define: { ...node.define, __ENGINE_HASH__: JSON.stringify(hashOf('dist/engine.js')) },
});
fs.chmodSync(inRoot('dist/recovery.js'), 0o755);
results.worker = await build(worker);
results.extension = await build(extension);
results.webExtension = await build(webExtension);
results.theory = await build(theory);
await writeEditorSchemas();
const packages = bundledPackages(
  root,
  Object.values(results).map(({ metafile }) => metafile),
);
fs.writeFileSync(inRoot('dist/THIRD-PARTY.md'), thirdPartyNotices(packages));
if (process.argv.includes('--tests')) results.tests = await build(vscodeTests);

if (process.argv.includes('--sizes')) {
  for (const { metafile } of Object.values(results)) {
    for (const [file, { bytes }] of Object.entries(metafile.outputs))
      console.log(`${(bytes / 1024).toFixed(0).padStart(6)} KiB  ${file}`);
  }
}
