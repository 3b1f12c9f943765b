import fs from 'node:fs';
import path from 'node:path';
import { progress, Report } from './harness/report';
import { certified } from './tables/certified';
import { checkpoints } from './tables/checkpoints';
import { editor } from './tables/editor';
import { flow } from './tables/flow';
import { linalg } from './tables/linalg';
import { panel } from './tables/panel';
import { spectra } from './tables/spectra';
import { start } from './tables/start';
import { step } from './tables/step';
import { sweep } from './tables/sweep';
import { tensorflow } from './tables/tensorflow';

/** Fills a report. `quick` only shows that everything runs. */
type Table = (report: Report, quick: boolean) => Promise<void>;

const TABLES: Record<string, { title: string; fill: Table }> = {
  step: { title: 'One step of gradient descent', fill: step },
  sweep: { title: 'A whole sweep: matrix completion', fill: sweep },
  linalg: { title: 'Dense linear algebra', fill: linalg },
  flow: { title: 'Gradient flow', fill: flow },
  certified: { title: 'Certified ranks', fill: certified },
  start: { title: 'Start, scaling and memory of the engine', fill: start },
  checkpoints: { title: 'What checkpoints cost', fill: checkpoints },
  editor: { title: 'The editor while a person types', fill: editor },
  panel: { title: 'The panel of a run', fill: panel },
  spectra: { title: 'Spectra of large Hessians', fill: spectra },
  tensorflow: { title: 'TensorFlow in float32', fill: tensorflow },
};

async function main(name: string, quick: boolean): Promise<void> {
  const { title, fill } = TABLES[name];
  progress(title);
  const report = new Report(title, quick);
  try {
    await fill(report, quick);
  } finally {
    report.close();
  }
  const markdown = report.markdown();
  const folder = path.join(process.env.BENCH_ROOT ?? '.', ...(quick ? ['.build', 'results'] : ['results']));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${name}.md`), markdown);
  process.stdout.write(markdown);
}

main(process.argv[2], process.argv.includes('--quick')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
