// Builds the TensorFlow backend where its own install script can download nothing: @tensorflow/tfjs-node from npm without its scripts,
// libtensorflow and its headers from a TensorFlow wheel of PyPI, and the binding compiled from the source in the npm package.
//
//   node tools/build-tfjs-node.mjs [FOLDER]
//
// FOLDER: RECOVERY_TENSORFLOW or, by default, tensorflow/ in this user's cache, where `recovery tensorflow` looks. Linux on x86-64;
// needs npm, python3 with pip, and a C++ compiler ($CXX, else c++). About 250 MB are downloaded, 1 GB is kept. Nothing is left of a
// build that fails.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import manifest from '../package.json' with { type: 'json' };

const PACKAGE = '@tensorflow/tfjs-node';
/** Its C interface is that of libtensorflow 2.9, for which the package was written, and more. */
const WHEEL = { name: 'tensorflow-cpu', version: '2.18.0', python: '3.11', platform: 'manylinux_2_17_x86_64' };
/** The newest version of Node-API that the package knows; every Node from 20 on has it. */
const NODE_API = 8;

if (process.platform !== 'linux' || process.arch !== 'x64') {
  fail(`the wheel ${WHEEL.name} is for Linux on x86-64, this is ${process.platform} on ${process.arch}`);
}
const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
const folder = path.resolve(process.argv[2] ?? process.env.RECOVERY_TENSORFLOW ?? path.join(cache, 'recovery-lab', 'tensorflow'));
const staging = `${folder}.${process.pid}`;
// What is run later must not be writable by others.
process.umask(0o022);
fs.mkdirSync(staging, { recursive: true, mode: 0o700 });
process.on('exit', () => fs.rmSync(staging, { recursive: true, force: true }));

say(`${PACKAGE} from npm …`);
const version = manifest.peerDependencies[PACKAGE];
fs.writeFileSync(path.join(staging, 'package.json'), JSON.stringify({ private: true, dependencies: { [PACKAGE]: version } }));
run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], staging);
const home = path.join(staging, 'node_modules', PACKAGE);

say(`libtensorflow from ${WHEEL.name} ${WHEEL.version} …`);
const wheels = path.join(staging, 'wheels');
run('python3', [
  ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', wheels],
  ...['--python-version', WHEEL.python, '--platform', WHEEL.platform, `${WHEEL.name}==${WHEEL.version}`],
]);
const [wheel] = fs.readdirSync(wheels);
const unpack = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
wanted = ('tensorflow/libtensorflow_', 'tensorflow/include/tensorflow/', 'tensorflow/include/tsl/', 'tensorflow/include/xla/')
archive.extractall(sys.argv[2], [name for name in archive.namelist() if name.startswith(wanted)])
`;
run('python3', ['-c', unpack, path.join(wheels, wheel), wheels]);
const deps = path.join(home, 'deps');
fs.mkdirSync(path.join(deps, 'lib'), { recursive: true });
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
for (const name of libraries) fs.renameSync(path.join(wheels, 'tensorflow', name), path.join(deps, 'lib', name));

say('The binding …');
const binding = path.join(home, 'lib', `napi-v${NODE_API}`);
fs.mkdirSync(binding, { recursive: true });
run(process.env.CXX || 'c++', [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`],
  ...[nodeHeaders(), path.join(wheels, 'tensorflow', 'include'), home].map((include) => `-I${include}`),
  ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => path.join(home, 'binding', source)),
  `-L${path.join(deps, 'lib')}`,
  ...libraries.map((name) => `-l:${name}`),
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ...['-o', path.join(binding, 'tfjs_binding.node')],
]);
fs.rmSync(wheels, { recursive: true });

say('A product of matrices …');
const product = 'const tf = require(process.argv[1]); console.log([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()].join())';
const { stdout, stderr } = spawnSync(process.execPath, ['-e', product, home], {
  encoding: 'utf8',
  env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
});
if (stdout.trim() !== '11') fail(`(1 2)·(3 4)ᵀ should be 11, not ${stdout}\n${stderr}`);

fs.rmSync(folder, { recursive: true, force: true });
fs.renameSync(staging, folder);
say(`TensorFlow is in ${folder}`);

/** The folder with node_api.h: beside this Node, or where Debian's package libnode-dev has it. */
function nodeHeaders() {
  const candidates = [path.join(path.dirname(fs.realpathSync(process.execPath)), '..', 'include', 'node'), '/usr/include/node'];
  const found = candidates.find((each) => fs.existsSync(path.join(each, 'node_api.h')));
  return found ?? fail(`there are no headers of Node in ${candidates.join(' or ')}`);
}

function run(command, args, cwd = staging) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail(`${command}: ${error?.message ?? `exit code ${status}`}`);
}

function say(text) {
  console.log(text);
}

function fail(reason) {
  console.error(`TensorFlow was not built: ${reason}`);
  process.exit(1);
}
