import { buildSync } from 'esbuild';
import path from 'node:path';

/** Code that sees the sources of src/engine/schedule, bundled for a worker thread. */
export function bundled(contents: string): string {
  return buildSync({
    stdin: { contents, resolveDir: path.resolve('src/engine/schedule'), loader: 'ts' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  }).outputFiles[0].text;
}
