// node test/faults/run.mjs [TRIES] [WORD]: tries every fault, or those with this word in their names, and prints a table.
import { bundleAndRun } from '../bundleAndRun.mjs';

await bundleAndRun(['test/faults/main.ts']);
