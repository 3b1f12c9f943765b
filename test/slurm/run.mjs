// node test/slurm/run.mjs [WORD]: tries everything that is to work with a real Slurm, or what has this word in its name.
import { bundleAndRun } from '../bundleAndRun.mjs';

await bundleAndRun(['test/slurm/main.ts']);
