// `npm test`: installs what is missing, runs every check and closes with one line over all of them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildProject, installPackages, root } from './install.mjs';
import { installSystemPackages } from './systemPackages.mjs';

const COUNTS = /^(?:.*: )?(\d+) passed, (\d+) failed, (\d+) skipped$/;

/** Runs one check; resolves to its counts. A check without counts of its own is one test. */
function check(name, args, { counts: how = 'exit code', env = {} } = {}) {
  const startedAt = Date.now();
  console.log(`\n── ${name}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let counts;
    let rest = '';
    child.stdout.on('data', (chunk) => {
      rest += chunk;
      const lines = rest.split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const match = COUNTS.exec(line.trim());
        // Kept back, so that the only such line of the whole run is its last.
        if (match) counts = match.slice(1).map(Number);
        else console.log(line);
      }
    });
    child.on('close', (code) => {
      if (rest) console.log(rest);
      const [passed, failed, skipped] = how === 'exit code' ? [code === 0 ? 1 : 0, code === 0 ? 0 : 1, 0] : (counts ?? [0, 1, 0]);
      if (how === 'counted' && !counts) console.log(`${name} ended with exit code ${code} and without its counts.`);
      // A runner that fails outside any test (a crash, an unhandled rejection) still counts as a failure.
      const crashed = code !== 0 && failed === 0 ? 1 : 0;
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      console.log(`── ${name}: ${passed} ok, ${failed + crashed} not ok, ${skipped} left out, ${seconds} s`);
      resolve([passed, failed + crashed, skipped]);
    });
  });
}

const bin = (file) => path.join('node_modules', file);
const CHECKS = {
  types: ['types', ['scripts/types.mjs']],
  lint: ['lint', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', 'src', 'test']],
  format: ['formatting', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  vitest: ['unit, oracle, engine, manifest, webview', ['scripts/vitest.mjs'], { counts: 'counted' }],
  vscode: ['extension in a real VS Code', ['test/vscode/run.mjs'], { counts: 'counted' }],
};

installPackages();
installSystemPackages();
buildProject('--tests');
fs.rmSync(path.join(root, 'test-results'), { recursive: true, force: true });

const wanted = process.argv.slice(2);
const total = [0, 0, 0];
for (const [key, [name, args, options]] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(key)) continue;
  (await check(name, args, options)).forEach((n, i) => (total[i] += n));
}
const [passed, failed, skipped] = total;
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
