import fc from 'fast-check';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import type { TwoLayerProblem } from '../../../src/engine/kernels/problem';
import type { NativeAddon } from '../../../src/engine/native/addon';
import { buildNative, findCompiler } from '../../../src/engine/native/build';
import { load } from '../../../src/engine/native/load';
import { unsupportedMachine } from '../../../src/engine/native/location';
import { NativeTraining } from '../../../src/engine/native/nativeTraining';
import { Training } from '../../../src/engine/training/train';
import { cases, networks, prepare } from '../kernels/cases';

const why = unsupportedMachine() ?? (findCompiler(process.env) === undefined ? 'there is no C compiler' : undefined);
if (why !== undefined) process.stderr.write(`native kernels are not tested: ${why}\n`);

describe.skipIf(why !== undefined)('native kernels', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recovery-native-test-'));
  const file = path.join(folder, 'cache', 'kernels.node');
  let addon: NativeAddon;

  beforeAll(() => {
    buildNative(file, process.env);
    const native = load(file, undefined);
    if (!native.addon) throw new Error(native.reason);
    addon = native.addon;
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('give the bits of WebAssembly and TypeScript, for any network and whatever vectors the processor has', () => {
    fc.assert(
      fc.property(cases(networks), (example) => {
        const { bound, targets, start, rules } = prepare(example);
        const problem = bound.kernelProblem!() as TwoLayerProblem;
        const twin = new Training(bound, targets, start(), rules);
        twin.advance(Infinity);
        const kernel = new KernelTraining(problem, targets, start(), rules);
        kernel.advance(Infinity);
        const curve = twin.curve.take();
        for (let variant = 0; variant < addon.variants.length; variant++) {
          const native = new NativeTraining(addon, problem, targets, start(), rules, variant);
          for (const slice of example.slices) native.advance(slice);
          native.advance(1e6);
          expect(native.stopReason).toBe(twin.stopReason);
          expect(native.step).toBe(twin.step);
          // Object.is on every number: also NaN, infinities and the sign of zero.
          expect([...native.parameters]).toEqual([...twin.parameters]);
          expect([...native.parameters]).toEqual([...kernel.parameters]);
          expect(native.curve.take()).toEqual(curve);
          if (twin.stopReason !== 'diverged') {
            expect(native.loss).toBe(twin.loss);
            expect(native.gradientNorm()).toBe(twin.gradientNorm());
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('go on from what others saved, and others from what they did', () => {
    fc.assert(
      fc.property(cases(networks), fc.integer({ min: 1, max: 40 }), (example, cut) => {
        const { bound, targets, start, rules } = prepare(example);
        const problem = bound.kernelProblem!() as TwoLayerProblem;
        const twin = new Training(bound, targets, start(), rules);
        twin.advance(Infinity);
        const begin = [
          () => new Training(bound, targets, start(), rules),
          () => new KernelTraining(problem, targets, start(), rules),
          () => new NativeTraining(addon, problem, targets, start(), rules),
        ];
        const native = begin[2];
        for (const [first, second] of [
          [native, begin[0]],
          [native, begin[1]],
          [native, native],
          [begin[0], native],
        ]) {
          const begun = first();
          begun.advance(cut);
          const state = begun.save();
          if (!state) continue;
          begun.advance(3);
          const other = second();
          other.goOn(state);
          other.advance(1e6);
          expect([other.step, other.stopReason]).toEqual([twin.step, twin.stopReason]);
          expect([...other.parameters]).toEqual([...twin.parameters]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('and where arguments leave the range of their functions', () => {
    const big = fc.constantFrom(1, 45, 800, 1e7, 1e300, 5e-324);
    fc.assert(
      fc.property(cases(networks), big, (example, factor) => {
        const { bound, targets, start, rules } = prepare({ ...example, stop: { ...example.stop, steps: 2 } });
        const scaled = () => start().map((value) => value * factor);
        const twin = new Training(bound, targets, scaled(), rules);
        twin.advance(Infinity);
        for (let variant = 0; variant < addon.variants.length; variant++) {
          const problem = bound.kernelProblem!() as TwoLayerProblem;
          const native = new NativeTraining(addon, problem, targets, scaled(), rules, variant);
          native.advance(Infinity);
          expect(native.stopReason).toBe(twin.stopReason);
          expect([...native.parameters]).toEqual([...twin.parameters]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are not loaded when they are turned off, absent, broken or writable by others', () => {
    expect(load(file, 'off')).toEqual({ addon: undefined, reason: 'RECOVERY_NATIVE=off turns them off' });
    expect(load(path.join(folder, 'none.node'), undefined)).toMatchObject({ reason: expect.stringContaining('native build') });
    const broken = path.join(folder, 'broken.node');
    writeFileSync(broken, 'no library', { mode: 0o644 });
    expect(load(broken, undefined)).toMatchObject({ reason: expect.stringContaining('cannot be loaded') });
    chmodSync(broken, 0o666);
    expect(load(broken, undefined)).toMatchObject({ reason: expect.stringContaining('written by others') });
  });

  it('say in words that there is no compiler', () => {
    const build = (env: NodeJS.ProcessEnv) => () => buildNative(path.join(folder, 'never.node'), env);
    expect(build({ PATH: folder })).toThrow(/no C compiler: install GCC or Clang/);
    expect(build({ ...process.env, CC: path.join(folder, 'cc') })).toThrow(/does not answer/);
  });
});
