// The extension in a real VS Code: the suite inside the extension host, then a browser that works as a person does, with the
// extension from this folder and from the packaged .vsix. `desktop` runs the suite in a downloaded desktop VS Code instead.
// Closes with the counts of all of them.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installHost } from '../host/installHost.mjs';
import { packExtension } from '../host/packExtension.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const COUNTS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;

/** Runs a script, keeps its last line with counts back, and resolves to them. */
function counted(name, args, env = {}) {
  const begin = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let counts;
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const match = COUNTS.exec(line.trim());
        if (match) counts = match.slice(1).map(Number);
        else console.log(line);
      }
    });
    child.on('close', (code) => {
      if (!counts) console.log(`${name} ended with exit code ${code} and without its counts.`);
      const [passed, failed, skipped] = counts ?? [0, 1, 0];
      const total = [passed, failed + (code !== 0 && failed === 0 && counts ? 1 : 0), skipped];
      console.log(
        `${name}: ${total[0]} ok, ${total[1]} not ok, ${total[2]} left out, ${((Date.now() - begin) / 1000).toFixed(1)} s\n`,
      );
      resolve(total);
    });
  });
}

const stages = [];
if (process.argv[2] === 'desktop') {
  stages.push(() => counted('suite in desktop VS Code', ['test/vscode/launch.mjs', 'desktop']));
} else {
  try {
    installHost();
  } catch (error) {
    console.error(error.message);
    console.log('0 passed, 1 failed, 0 skipped');
    process.exit(1);
  }
  stages.push(() => counted('suite in the extension host', ['test/vscode/launch.mjs']));
  stages.push(() => counted('workbench, extension from this folder', ['test/vscode/e2e.mjs'], { EXTENSION: 'folder' }));
  stages.push(() => {
    const vsix = packExtension();
    if (vsix) return counted('workbench, packaged extension', ['test/vscode/e2e.mjs'], { EXTENSION: vsix });
    console.log('The extension could not be packaged.');
    return [0, 1, 0];
  });
}

const only = process.argv.find((argument) => /^\d$/.test(argument));
const sum = [0, 0, 0];
for (const [index, stage] of stages.entries()) {
  if (only && Number(only) !== index + 1) continue;
  (await stage()).forEach((count, i) => (sum[i] += count));
}
console.log(`${sum[0]} passed, ${sum[1]} failed, ${sum[2]} skipped`);
process.exit(sum[1] > 0 ? 1 : 0);
