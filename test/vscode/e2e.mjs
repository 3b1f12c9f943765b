// Runs the tests that work as a person does, against the extension named by the environment variable EXTENSION: `folder`
// for this folder, else the path of a packaged extension. Closes with the line `N passed, N failed, N skipped`.
import path from 'node:path';
import Mocha from 'mocha';

const mocha = new Mocha({
  ui: 'tdd',
  timeout: 120_000,
  slow: 30_000,
  color: false,
  reporter: 'spec',
  grep: process.env.MOCHA_GREP,
});
for (const name of ['e2e', 'beforeRun.e2e', 'phaseDiagram.e2e', 'wholeSession.e2e', 'web.e2e', 'german.e2e', 'virtual.e2e'])
  mocha.addFile(path.join(import.meta.dirname, `${name}.test.mjs`));
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const { passes, pending } = runner.stats;
  console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  process.exit(failures > 0 ? 1 : 0);
});
