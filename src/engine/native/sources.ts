import { createHash } from 'node:crypto';
import addon from './source/addon.c';
import batch from './source/batch.h';
import factors from './source/factors.h';
import functions from './source/functions.h';
import kernel from './source/kernel.h';
import nodeApi from './source/nodeApi.h';
import training from './source/training.h';

/** The C sources by file name. */
export const NATIVE_SOURCES: Readonly<Record<string, string>> = {
  'addon.c': addon,
  'batch.h': batch,
  'factors.h': factors,
  'functions.h': functions,
  'kernel.h': kernel,
  'nodeApi.h': nodeApi,
  'training.h': training,
};

/**
 * What a compiler is told besides the files. No contraction of a·b + c into one rounding: it would change the bits. The other two
 * only allow what C otherwise keeps for error flags, which nobody reads.
 */
export const COMPILER_FLAGS: readonly string[] = [
  '-std=gnu11',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-Wno-psabi',
];

/** Changes with the sources and flags: part of the name of the compiled file. */
export function sourceHash(): string {
  const all = JSON.stringify([NATIVE_SOURCES, COMPILER_FLAGS]);
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}
