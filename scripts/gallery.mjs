// `npm run gallery [-- NAME…] [--write]`: runs the examples one after the other and prints, for each, what was expected against what was
// measured. `--write` also makes examples/README.md with a picture of each report. Exits with 1 when an expectation is not met.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildProject, installPackages } from './install.mjs';

installPackages();
buildProject();
const { readExamples } = await import('./gallery/examples.mjs');
const { markdownTable, reasonsOf, resultRows, runExample } = await import('./gallery/results.mjs');

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean', default: false } }, allowPositionals: true });
const camera = values.write ? await (await import('./gallery/pictures.mjs')).openCamera() : null;
const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-gallery-'));
const results = new Map();
const count = { met: 0, failed: 0, inconclusive: 0 };
const troubles = [];
const startedAt = performance.now();
try {
  for (const example of readExamples(positionals)) {
    console.log(`\n### ${example.title} (${example.file})\n`);
    const out = path.join(runs, example.name);
    try {
      const found = await runExample(example, out);
      const { verdicts } = found;
      for (const { result } of verdicts) count[result]++;
      console.log(consoleTable(example, found));
      for (const reason of reasonsOf(verdicts)) console.log(`- ${reason}`);
      if (verdicts.some(({ result }) => result !== 'met')) troubles.push(example.name);
      const words = (await camera?.take(path.join(out, 'report.html'), example.name)) ?? null;
      results.set(example.name, { ...found, words });
    } catch (error) {
      console.log(error.message);
      troubles.push(example.name);
    }
    fs.rmSync(out, { recursive: true, force: true });
  }
  if (camera) {
    const { writePage } = await import('./gallery/page.mjs');
    const missing = await writePage(results);
    if (missing.length > 0) console.log(`\nNot in the gallery yet: ${missing.join(', ')}.`);
  }
} finally {
  await camera?.close();
  fs.rmSync(runs, { recursive: true, force: true });
}
const minutes = ((performance.now() - startedAt) / 60000).toFixed(1);
console.log(
  `\n${results.size} examples in ${minutes} minutes: ${count.met} expectations met, ${count.failed} failed, ${count.inconclusive} inconclusive`,
);
if (troubles.length > 0) console.log(`Not as expected: ${troubles.join(', ')}`);
process.exit(troubles.length > 0 ? 1 : 0);

/** The time stands beside the first expectation: it is that of the whole run. */
function consoleTable(example, found) {
  const seconds = found.seconds.toFixed(1);
  const rows = resultRows(example, found).map((row, index) => [...row, index === 0 ? seconds : '']);
  if (rows.length === 0) rows.push(['(none)', '–', '–', '–', seconds]);
  return markdownTable(['expectation', 'published or expected', 'measured', 'result', 'seconds'], rows);
}
