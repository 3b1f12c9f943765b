import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const VSIX = 'out/recovery-lab.vsix';

/** Packages what is built as `npm run package` does, for tests; the file, relative to the project, or undefined where it failed. */
export function packExtension() {
  const options = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const { status } = spawnSync(process.execPath, ['node_modules/@vscode/vsce/vsce', 'package', ...options, '--out', VSIX], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0 ? VSIX : undefined;
}
