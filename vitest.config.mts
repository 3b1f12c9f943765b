import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      // `<name>:wasm` is dist/<name>.wasm (see esbuild.mjs).
      name: 'wasm',
      enforce: 'pre',
      resolveId: (id) => (/^\w+:wasm$/.test(id) ? `\0${id}` : undefined),
      load: (id) =>
        id.startsWith('\0') && id.endsWith(':wasm')
          ? `export default Uint8Array.from(atob(${JSON.stringify(readFileSync(`dist/${id.slice(1, -5)}.wasm`, 'base64'))}), (c) => c.charCodeAt(0))`
          : undefined,
    },
    {
      // C sources of the native kernels are text.
      name: 'c-sources',
      enforce: 'pre',
      load: (id) => (/\.[ch]$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined),
    },
    {
      // The engine bundle carries the report page as text (see esbuild.mjs); tests of the sources read the same files.
      name: 'report-assets',
      enforce: 'pre',
      resolveId: (id) => (id.startsWith('report-assets:') ? `\0${id}` : undefined),
      load: (id) =>
        id.startsWith('\0report-assets:')
          ? `export default ${JSON.stringify(readFileSync(`dist/webview/report.${id.endsWith('script') ? 'js' : 'css'}`, 'utf8'))}`
          : undefined,
    },
  ],
  test: {
    include: ['test/{unit,oracle,engine,manifest,webview}/**/*.test.ts'],
    // Whether somebody has built native kernels on this machine must make no difference.
    env: { RECOVERY_NATIVE: 'off' },
    setupFiles: ['test/propertyLimits.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
