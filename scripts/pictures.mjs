// `npm run pictures [-- NAME…]`: makes the pictures of docs/panels.md and the recording at the top of the README, by working in a
// served VS Code as a person does. Without names all of them and the page; `recording` is the name of the recording.
import fs from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { buildProject, installPackages, root } from './install.mjs';

installPackages();
buildProject();
const { installHost } = await import('../test/host/installHost.mjs');
installHost();
const { openBrowser } = await import('../test/host/host.mjs');
const { openWorkbench } = await import('../test/vscode/session.mjs');
const { openEncoder } = await import('./pictures/webp.mjs');
const { record } = await import('./pictures/recording.mjs');
const { STILLS, experimentsFor, runExamples, takeStills } = await import('./pictures/stills.mjs');

const IMAGES = path.join(root, 'docs/images');
const PAGE = path.join(root, 'docs/panels.md');
const RECORDING = 'recording';
/** What was on the screen when something went wrong. */
const TROUBLE = path.join(root, 'test-results/pictures-failed.png');
const names = process.argv.slice(2);
const unknown = names.filter((name) => name !== RECORDING && !STILLS.some((still) => still.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no picture ${unknown.join(', ')}. There are ${[RECORDING, ...STILLS.map(({ name }) => name)].join(', ')}.`,
  );
  process.exit(2);
}
const isWanted = (name) => names.length === 0 || names.includes(name);

const browser = await openBrowser();
try {
  const encoder = await openEncoder(browser.page);
  if (isWanted(RECORDING)) {
    console.log('The recording:');
    const { frames, bytes } = await record(path.join(IMAGES, `${RECORDING}.webp`), encoder, TROUBLE);
    console.log(`  ${frames} frames, ${Math.round(bytes / 1000)} kB`);
  }
  const stills = STILLS.filter(({ name }) => isWanted(name));
  if (stills.length > 0) await takeAll(stills, encoder);
} finally {
  await browser.close();
}
await writePage();

async function takeAll(stills, encoder) {
  console.log('The pictures:');
  const read = (name) => fs.readFileSync(path.join(root, 'examples', `${name}.recovery.json`), 'utf8');
  const session = await openWorkbench(experimentsFor(read), {
    size: { width: 1440, height: 900 },
    settings: { 'recoveryLab.workers': 2, 'editor.minimap.enabled': false },
  });
  fs.cpSync(path.join(root, 'examples/data'), path.join(session.folder, 'data'), { recursive: true });
  try {
    await runExamples(session, stills);
    const take = async (name) => {
      fs.writeFileSync(path.join(IMAGES, `${name}.webp`), await encoder.still(await session.page.screenshot()));
    };
    await takeStills(session, stills, take, async (name, error) => {
      console.error(`${name}: ${error.message}`);
      await session.page.screenshot({ path: TROUBLE });
      process.exitCode = 1;
    });
  } finally {
    await session.close();
  }
}

/** Every picture that there is, with its sentence. */
async function writePage() {
  const head = `# A picture of every panel\n\nMade by \`npm run pictures\` from real runs in a served VS Code, in dark, light and high contrast themes. The experiments are those of [the gallery](../examples/README.md).`;
  const there = STILLS.filter(({ name }) => fs.existsSync(path.join(IMAGES, `${name}.webp`)));
  const parts = there.map(({ name, title, sentence }) => `## ${title}\n\n${sentence}\n\n![${title}](images/${name}.webp)`);
  const text = await format([head, ...parts].join('\n\n'), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
  fs.writeFileSync(PAGE, text);
}
