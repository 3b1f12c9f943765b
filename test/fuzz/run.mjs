// node test/fuzz/run.mjs [--runs N] [--seed S] [--target WORD] [--place P]: tries N inputs, or one again, and prints a table.
import { wasm } from '../../scripts/builtAssets.mjs';
import { bundleAndRun } from '../bundleAndRun.mjs';

await bundleAndRun(['test/fuzz/main.ts', 'test/fuzz/child.ts'], {
  bundling: {
    mainFields: ['module', 'main'],
    loader: { '.c': 'text', '.h': 'text' },
    define: { __ENGINE_VERSION__: JSON.stringify('0.0.0-fuzz') },
    plugins: [wasm()],
  },
});
