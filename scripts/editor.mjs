// `npm run editor`: the examples folder in VS Code with the extension loaded. Desktop VS Code when it is there, else a
// served one on 127.0.0.1 whose address is printed.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildProject, installPackages, root } from './install.mjs';

installPackages();
buildProject();

const examples = path.join(root, 'examples');
const desktop =
  !process.argv.includes('--served') &&
  spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
if (desktop) {
  spawn('code', ['--new-window', `--extensionDevelopmentPath=${root}`, examples], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
} else {
  const { installHost } = await import('../test/host/installHost.mjs');
  const { startServer, workbenchUrl } = await import('../test/host/host.mjs');
  await installHost();
  const server = await startServer();
  console.log('\nNo desktop VS Code was found; a served one is ready. Open this address in a browser:\n');
  console.log(`  ${workbenchUrl(server, { workspace: examples, extensionDevelopmentPath: root })}\n`);
  console.log('Ctrl+C ends it.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop().then(() => process.exit(0)));
}
