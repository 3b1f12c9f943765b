// node test/ssh/run.mjs: a window in front of a tunnel, a VS Code server with the extension behind it. Closes with the counts.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import Mocha from 'mocha';
import { missingPrograms } from '../debian.mjs';
import { installHost } from '../host/installHost.mjs';
import { packExtension } from '../host/packExtension.mjs';

const missing = missingPrograms(['sshd', 'ssh', 'ssh-keygen'], ['openssh-server', 'openssh-client']);
if (missing) {
  console.log(`Nothing was tried: ${missing}`);
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  installHost();
  execFileSync(process.execPath, ['esbuild.mjs'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Not the extension from this folder: VS Code does not go back to an extension host for development that it has lost.
  process.env.EXTENSION = packExtension();
  const mocha = new Mocha({ ui: 'tdd', timeout: 180_000, slow: 60_000, color: false, reporter: 'spec' });
  mocha.addFile(path.join(import.meta.dirname, 'tunnel.test.mjs'));
  await mocha.loadFilesAsync();
  const runner = mocha.run((failures) => {
    console.log(`${runner.stats.passes} passed, ${failures} failed, ${runner.stats.pending} skipped`);
    process.exit(failures > 0 ? 1 : 0);
  });
}
