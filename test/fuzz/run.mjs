// node test/fuzz/run.mjs [--runs N] [--seed S] [--target WORD] [--place P]: tries N inputs, or one again, and prints a table.
import fs from 'node:fs';
import path from 'node:path';
import { bundleAndRun } from '../bundleAndRun.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** `NAME:wasm` in an import is the bytes of dist/NAME.wasm. */
const wasm = {
  name: 'wasm',
  setup(api) {
    api.onResolve({ filter: /^[a-z]+:wasm$/ }, ({ path: name }) => ({
      path: path.join(root, 'dist', `${name.split(':')[0]}.wasm`),
      namespace: 'wasm',
    }));
    api.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path: file }) => ({ contents: fs.readFileSync(file), loader: 'binary' }));
  },
};

await bundleAndRun(['test/fuzz/main.ts', 'test/fuzz/child.ts'], {
  bundling: {
    mainFields: ['module', 'main'],
    loader: { '.c': 'text', '.h': 'text' },
    define: { __ENGINE_VERSION__: JSON.stringify('0.0.0-fuzz') },
    plugins: [wasm],
  },
});
