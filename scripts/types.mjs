// Type checks every part with the libraries it may use: no DOM in the engine, no Node in a webview.
import { spawnSync } from 'node:child_process';
import { root } from './install.mjs';

let failed = false;
for (const project of ['tsconfig.json', 'src/webview/tsconfig.json', 'test/vscode/tsconfig.json']) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    cwd: root,
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
