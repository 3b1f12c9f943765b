// `npm start [FILE]`: installs, builds and runs an experiment in the terminal.
import { spawnSync } from 'node:child_process';
import { buildProject, installPackages, root } from './install.mjs';

installPackages();
buildProject();
const file = process.argv[2] ?? 'examples/matrix-completion.recovery.json';
const { status } = spawnSync(process.execPath, ['dist/recovery.js', 'run', file, ...process.argv.slice(3)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
