// node test/long/run.mjs [HOURS]: streams a long run, time compressed, and lists very many runs; prints time and memory.
import { bundleAndRun } from '../bundleAndRun.mjs';

await bundleAndRun(['test/long/main.ts'], { nodeOptions: ['--expose-gc'] });
