import fs from 'node:fs';
import { temporary } from './engineRun';
import { EDITOR_FAULTS, FAULTS, makeReference } from './faults';

/** Tries every fault so many times and prints what became of it: `main.ts [TRIES] [WORD OF A FAULT'S NAME]`. */
async function main([tries = '20', word = '']: string[]): Promise<number> {
  const reference = await makeReference();
  let failed = 0;
  const rows: string[][] = [];
  for (const { name, unavailable, attempt, close } of [...FAULTS, ...EDITOR_FAULTS].filter((fault) =>
    fault.name.includes(word),
  )) {
    const why = await unavailable?.();
    if (why !== undefined) {
      rows.push([name, `left out: ${why}`, '', '']);
      continue;
    }
    const total = { lost: 0, wrong: 0 };
    try {
      for (let i = 0; i < Number(tries); i++) {
        const folder = temporary();
        const { lost, wrong } = await attempt({ ...reference, folder });
        total.lost += lost;
        total.wrong += wrong.length;
        for (const words of wrong) console.error(`${name}: ${words}`);
        if (lost === 0 && wrong.length === 0) fs.rmSync(folder, { recursive: true, force: true });
        else console.error(`${name}: ${lost} lost; the folder is kept: ${folder}`);
      }
    } finally {
      await close?.();
    }
    failed += total.lost + total.wrong;
    rows.push([name, tries, String(total.lost), String(total.wrong)]);
    console.error(rows[rows.length - 1].join(' | '));
  }
  reference.remove();
  console.log('| fault | times tried | lost results | wrong states |\n| --- | ---: | ---: | ---: |');
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  return failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
