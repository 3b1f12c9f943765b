#!/usr/bin/env node
// Stands in for the desktop `code` binary: takes the arguments that @vscode/test-electron passes, and runs the same test
// module in the served VS Code.
import path from 'node:path';
import { runExtensionTests } from './host.mjs';

const TIMEOUT_MS = 300_000;

const options = { timeoutMs: TIMEOUT_MS };
for (const argument of process.argv.slice(2)) {
  const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
  if (!name) options.workspace ??= argument;
  else if (name === 'extensionDevelopmentPath') options.extensionDevelopmentPath = value;
  else if (name === 'extensionTestsPath') options.extensionTestsPath = path.extname(value) ? value : path.join(value, 'index.js');
}
if (!options.extensionTestsPath) {
  console.error('codeShim.mjs only runs test modules: --extensionTestsPath=…');
  process.exit(2);
}
process.exit(await runExtensionTests(options));
