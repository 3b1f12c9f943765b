// Plugins of esbuild that serve what was built before into the bundles that carry it.
import fs from 'node:fs';
import path from 'node:path';

const dist = path.resolve(import.meta.dirname, '../dist');

/** `NAME:wasm` in an import is the bytes of dist/NAME.wasm, or of the file that `elsewhere` gives for this name. */
export const wasm = (elsewhere = {}) => ({
  name: 'wasm',
  setup(api) {
    api.onResolve({ filter: /^[a-z]+:wasm$/ }, ({ path: id }) => {
      const name = id.split(':')[0];
      return { path: elsewhere[name] ?? path.join(dist, `${name}.wasm`), namespace: 'wasm' };
    });
    api.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path: file }) => ({ contents: fs.readFileSync(file), loader: 'binary' }));
  },
});

/** The built report page as text, so that one engine file can write self-contained reports. */
export const reportAssets = {
  name: 'report-assets',
  setup(api) {
    api.onResolve({ filter: /^report-assets:/ }, ({ path: name }) => ({
      path: path.join(dist, 'webview', name === 'report-assets:script' ? 'report.js' : 'report.css'),
      namespace: 'report-assets',
    }));
    api.onLoad({ filter: /.*/, namespace: 'report-assets' }, ({ path: file }) => ({
      contents: fs.readFileSync(file, 'utf8'),
      loader: 'text',
    }));
  },
};
