import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { backendFor } from '../../../src/engine/kernels/createTraining';
import { createModel } from '../../../src/engine/models/registry';
import type { BoundModel } from '../../../src/engine/models/model';
import { findTensorFlow, installFolder, PACKAGE, PACKAGE_VERSION } from '../../../src/engine/tensorflow/location';

let folder: string;
let before: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-tensorflow-'));
  before = { ...process.env };
});

afterEach(() => {
  process.env = before;
  fs.rmSync(folder, { recursive: true, force: true });
});

/** An installation as far as it can be told without loading it. */
function pretend(root: string): string {
  const home = path.join(root, 'node_modules', PACKAGE);
  fs.mkdirSync(path.join(home, 'lib', 'napi-v8'), { recursive: true });
  fs.writeFileSync(path.join(home, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
  return home;
}

const bound = (model: ResolvedModel, count: number): BoundModel => {
  const { inputDimension, bind } = createModel(model);
  return bind({ count, dimension: inputDimension, values: new Float64Array(count * inputDimension) });
};
const SMALL: ResolvedModel = { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 5, hiddenBias: true, outputBias: false };
const DEEP: ResolvedModel = { kind: 'deepNetwork', activation: 'tanh', inputs: 5, widths: [500, 500], outputs: 1, bias: true };

describe('where TensorFlow is looked for', () => {
  it('is the version that package.json has as an optional peer', () => {
    expect(manifest.peerDependencies).toEqual({ [PACKAGE]: PACKAGE_VERSION });
    expect(manifest.peerDependenciesMeta).toEqual({ [PACKAGE]: { optional: true } });
  });

  it('in the named folder, else in the cache of the user', () => {
    const cache = path.join(folder, 'cache');
    const named = path.join(folder, 'named');
    const env = { XDG_CACHE_HOME: cache, RECOVERY_TENSORFLOW: named };
    expect(installFolder(env)).toBe(named);
    expect(installFolder({ XDG_CACHE_HOME: cache })).toBe(path.join(cache, 'recovery-lab', 'tensorflow'));
    expect(findTensorFlow(env)).toEqual({ folder: undefined, reason: 'it has not been installed' });
    const inCache = pretend(installFolder({ XDG_CACHE_HOME: cache }));
    expect(findTensorFlow(env)).toEqual({ folder: inCache });
    const inNamed = pretend(named);
    expect(findTensorFlow(env)).toEqual({ folder: inNamed });
    expect(findTensorFlow({ ...env, RECOVERY_TENSORFLOW: 'off' })).toMatchObject({ folder: undefined });
  });

  it('is not a package whose compiled part could not be downloaded', () => {
    const env = { XDG_CACHE_HOME: folder, RECOVERY_TENSORFLOW: folder };
    fs.rmSync(path.join(pretend(folder), 'lib'), { recursive: true });
    expect(findTensorFlow(env)).toEqual({ folder: undefined, reason: 'it has not been installed' });
  });

  it.skipIf(process.platform === 'win32')('is not a folder that others can write to', () => {
    pretend(folder);
    fs.chmodSync(folder, 0o777);
    expect(findTensorFlow({ XDG_CACHE_HOME: folder, RECOVERY_TENSORFLOW: folder })).toEqual({
      folder: undefined,
      reason: `${folder} can be written by others than you`,
    });
  });
});

describe('the choice of a backend', () => {
  it('takes TensorFlow only where float32 will do, it is there and the step is large', () => {
    process.env['XDG_CACHE_HOME'] = folder;
    process.env['RECOVERY_TENSORFLOW'] = folder;
    const name = (model: ResolvedModel, count: number, precision?: 'float32') =>
      backendFor(bound(model, count), precision ? { precision } : {}).name;
    expect(name(DEEP, 200, 'float32')).toBe('WebAssembly');
    pretend(folder);
    expect(name(DEEP, 200, 'float32')).toBe('TensorFlow (float32)');
    expect(name(DEEP, 20, 'float32')).toBe('WebAssembly');
    expect(name(DEEP, 200)).toBe('WebAssembly');
    expect(name(SMALL, 200, 'float32')).toBe('WebAssembly');
  });

  it('asked for by name takes it for any network, of several outputs too, or says why not', () => {
    process.env['XDG_CACHE_HOME'] = folder;
    process.env['RECOVERY_TENSORFLOW'] = folder;
    const choose = (model: ResolvedModel) => backendFor(bound(model, 3), { backend: 'tensorflow' });
    expect(() => choose(SMALL)).toThrow('There is no TensorFlow: it has not been installed.');
    pretend(folder);
    expect(choose(SMALL)).toMatchObject({ name: 'TensorFlow (float32)', exact: false });
    expect(choose({ ...DEEP, outputs: 3 })).toMatchObject({ exact: false });
    expect(() => choose({ kind: 'matrixFactorization', rows: 2, columns: 2, inner: 1 })).toThrow('networks only');
  });
});
