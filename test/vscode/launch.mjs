// Runs the compiled suite with @vscode/test-electron: in the served VS Code, or in a downloaded desktop VS Code.
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { copyWorkspace } from '../host/host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const desktop = process.argv[2] === 'desktop';
const workspace = copyWorkspace(path.join(import.meta.dirname, 'workspace'));
try {
  process.exitCode = await runTests({
    vscodeExecutablePath: desktop ? undefined : path.join(root, 'test/host/codeShim.mjs'),
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out/test/index.js'),
    launchArgs: [workspace.folder, ...(desktop ? ['--disable-extensions', '--disable-workspace-trust', '--skip-welcome'] : [])],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  workspace.remove();
}
