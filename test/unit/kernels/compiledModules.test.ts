import { describe, expect, it } from 'vitest';
import { adoptModules, compiledModule } from '../../../src/engine/kernels/compiledModules';
import { kernelModule } from '../../../src/engine/kernels/kernelModule';
import { sharedModules } from '../../../src/engine/schedule/sharedModules';

/** The smallest module: a magic number and a version. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

describe('compiled modules', () => {
  it('are compiled once', () => {
    let times = 0;
    const compile = () => {
      times++;
      return new WebAssembly.Module(EMPTY);
    };
    const module = compiledModule('once', compile);
    expect(compiledModule('once', compile)).toBe(module);
    expect(times).toBe(1);
  });

  it('are not compiled where another thread has handed them over', () => {
    const module = new WebAssembly.Module(EMPTY);
    adoptModules({ adopted: module });
    expect(compiledModule('adopted', () => expect.unreachable('compiled again'))).toBe(module);
  });

  it('of the engine can be handed to another thread', () => {
    const modules = sharedModules();
    expect(modules['kernels']).toBe(kernelModule());
    for (const module of Object.values(structuredClone(modules))) expect(module).toBeInstanceOf(WebAssembly.Module);
  });
});
