// `npm run package`: recovery-lab.vsix, from the allow list in .vscodeignore.
import { buildProject, installPackages, run } from './install.mjs';

installPackages();
buildProject();
run(process.execPath, [
  'node_modules/@vscode/vsce/vsce',
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  'recovery-lab.vsix',
]);
